"""The two kinds of lists in the back office: what can only be read, and what is configuration.

A superuser sees everything. An administrator of a region sees the rows of that region, by
`region_path`; a list without one is not theirs to see.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.models import Region, Seat
from budgetpool.users.models import User


class OfRegion(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows of the person's own region only."""

    region_path: str | None = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if _superuser(request):
            return rows
        if self.region_path is None:
            return rows.none()
        return rows.filter(**{f"{self.region_path}__in": _regions(request)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _superuser(request) or self.region_path is not None

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if _superuser(request) or obj is None:
            return self.has_module_permission(request)
        return self.get_queryset(request).filter(pk=obj.pk).exists()


class ReadOnlyAdmin(OfRegion):
    """Nobody changes these rows here, a superuser included."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest, *args: Any, **options: Any) -> dict[str, Any]:
        return {}


class ConfigurationAdmin(OfRegion):
    """Settings that an operator may change; every change is in the trail. Nothing is deleted."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.full_clean(exclude=["password"] if isinstance(obj, User) else None)
        super().save_model(request, obj, form, change)
        trail.record(
            actor=_user(request),
            action=f"{obj._meta.model_name}.{'changed' if change else 'made'}",
            subject=obj,
            by="back_office",
            fields=_changed(form),
        )


def _changed(form: Form) -> list[str]:
    return sorted(form.changed_data)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _superuser(request: HttpRequest) -> bool:
    return _user(request).is_superuser


def _regions(request: HttpRequest) -> list[Region]:
    held = seats.held_by(_user(request))
    return [seat.region for seat in held if seat.role == Seat.Role.ADMINISTRATOR]
