"""What one person asks and another approves: the fields, and the rules of the database."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AskedAndApproved(models.Model):
    """Asked by one person, approved by another, or withdrawn before."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
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


def two_people(name: str) -> list[models.BaseConstraint]:
    """The rules that every such table has: `{name}_two_persons` and two more.

    Never the same person twice, approved by somebody, and not withdrawn afterwards.
    """
    return [
        models.CheckConstraint(
            condition=models.Q(approved_by__isnull=True)
            | ~models.Q(approved_by=models.F("asked_by")),
            name=f"{name}_two_persons",
        ),
        models.CheckConstraint(
            condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
            | models.Q(approved_by__isnull=False, approved_at__isnull=False),
            name=f"{name}_approved_by_somebody",
        ),
        models.CheckConstraint(
            condition=models.Q(approved_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
            name=f"{name}_stays_once_approved",
        ),
    ]
