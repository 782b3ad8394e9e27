"""Which lists the back office has; portals/admin.py loads them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Fund, Region, Seat
from budgetpool.portals.back_office.kinds import ConfigurationAdmin, ReadOnlyAdmin
from budgetpool.users.models import User
from employers.models import (
    Charge,
    Contribution,
    ContributionRule,
    Deposit,
    Earmark,
    Employer,
    EmployerMember,
    Pledge,
)


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


@admin.register(Employer)
class EmployerAdmin(ReadOnlyAdmin):
    """Employers are entered at the fund's desk; an administrator sees those of the own region."""

    region_path = "pledges__fund__region"
    list_display = ("name", "kvk", "sector", "is_agency", "municipality", "contact_email")
    list_filter = ("is_agency", "sector")
    search_fields = ("name", "=kvk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).distinct()


@admin.register(EmployerMember)
class EmployerMemberAdmin(ReadOnlyAdmin):
    """Who acts for which employer; managers invite and end places themselves."""

    list_display = ("employer", "user", "role", "since", "ended_at")
    list_filter = ("role",)
    list_select_related = ("employer", "user")
    search_fields = ("employer__name", "user__name", "=user__email")


@admin.register(Pledge)
class PledgeAdmin(ReadOnlyAdmin):
    region_path = "fund__region"
    list_display = ("employer", "number", "version", "kind", "schedule", "starts_on", "ends_on")
    list_filter = ("kind", "schedule")
    list_select_related = ("employer", "fund")
    search_fields = ("employer__name",)


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyAdmin):
    region_path = "fund__region"
    list_display = ("reference", "employer", "amount_cents", "due_on", "withdrawn_at")
    list_select_related = ("employer",)
    search_fields = ("=reference", "employer__name")


@admin.register(Deposit)
class DepositAdmin(ReadOnlyAdmin):
    region_path = "fund__region"
    list_display = ("received_on", "fund", "amount_cents")
    list_select_related = ("fund",)
    date_hierarchy = "received_on"


@admin.register(Earmark)
class EarmarkAdmin(ReadOnlyAdmin):
    """The board sets earmarks and limits on its own page."""

    region_path = "fund__region"
    list_display = ("name", "fund", "limit_cents", "set_by", "set_at")
    list_select_related = ("fund", "set_by")


@admin.register(Charge)
class ChargeAdmin(ReadOnlyAdmin):
    region_path = "fund__region"
    list_display = ("kind", "fund", "amount_cents", "reason", "asked_by", "approved_by")
    list_select_related = ("fund", "asked_by", "approved_by")


@admin.register(ContributionRule)
class ContributionRuleAdmin(ReadOnlyAdmin):
    """Rules of collective agreements come from a file with `manage.py load_contribution_rules`."""

    list_display = ("name", "kind", "basis_points", "amount_cents", "valid_from", "valid_until")
    search_fields = ("name", "code")
