"""Which lists the back office has; portals/admin.py loads them."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Fund, Region, Seat
from budgetpool.portals.back_office.kinds import ConfigurationAdmin, ReadOnlyAdmin
from budgetpool.users.models import User


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    """Regions come from the official list with `manage.py load_regions`."""

    list_display = ("code", "name", "valid_from", "valid_until")
    search_fields = ("name", "code")


@admin.register(Fund)
class FundAdmin(ConfigurationAdmin):
    region_path = "region"
    list_display = ("name", "region", "contact_phone", "contact_email")
    readonly_fields = ("region",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Seat)
class SeatAdmin(ReadOnlyAdmin):
    """Seats decide who may sign and pay; they are given with `manage.py give_seat` only."""

    region_path = "region"
    list_display = ("user", "region", "role", "since", "until")
    list_filter = ("role",)
    search_fields = ("user__name", "user__email")


@admin.register(User)
class UserAdmin(ConfigurationAdmin):
    """Accounts. An address is not changed here: who changes it could sign in as its owner."""

    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser", "last_login")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        fixed = ("is_superuser", "last_login")
        return fixed if obj is None else ("email", *fixed)


@admin.register(AuditEvent)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "subject_type", "subject_id", "region_code")
    list_filter = ("action",)
    search_fields = ("=subject_id", "=request_id", "=actor__email")
    date_hierarchy = "at"
    list_select_related = ("actor",)
