"""What one person asks and another approves or confirms: the fields, and the database's rules."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Asked(models.Model):
    """Asked by one person, at a moment."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class AskedAndApproved(Asked):
    """Asked by one person, approved by another, or withdrawn before."""

    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        abstract = True


class AskedAndConfirmed(Asked):
    """Asked by one person, confirmed by another; before that it lets nothing happen."""

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        abstract = True


def second_person(name: str, verb: str) -> list[models.BaseConstraint]:
    """`{name}_two_persons` and `{name}_{verb}_by_somebody`: another than who asked, and a moment.

    Args:
        verb: "approved" or "confirmed", as the fields are called.
    """
    by, at = f"{verb}_by", f"{verb}_at"
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{by}__isnull": True}) | ~models.Q(**{by: models.F("asked_by")}),
            name=f"{name}_two_persons",
        ),
        both_or_neither(f"{name}_{verb}_by_somebody", by, at),
    ]


def both_or_neither(name: str, by: str, at: str) -> models.CheckConstraint:
    """Somebody and a moment, or neither of them."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{by}__isnull": True, f"{at}__isnull": True})
        | models.Q(**{f"{by}__isnull": False, f"{at}__isnull": False}),
        name=name,
    )


def two_people(name: str) -> list[models.BaseConstraint]:
    """The rules that every `AskedAndApproved` has: `{name}_two_persons` and two more.

    Never the same person twice, approved by somebody, and not withdrawn afterwards.
    """
    return [
        *second_person(name, "approved"),
        models.CheckConstraint(
            condition=models.Q(approved_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
            name=f"{name}_stays_once_approved",
        ),
    ]
