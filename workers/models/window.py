"""The window (aanvraagtijdvak) in which requests may be sent."""

from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Window(models.Model):
    """A span of equal days: when inside it somebody asks never counts.

    An allocation round points at its window, one to one. `opens_at` belongs to the window,
    `closes_at` no longer does.
    """

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="windows")
    code = models.CharField(
        _("code"),
        max_length=12,
        validators=[RegexValidator(r"^[0-9]{4}-[0-9]{1,2}$", _("Write a code like 2027-1."))],
    )
    announced_at = models.DateTimeField(_("announced"), default=timezone.now)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["opens_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "code"], name="window_code_unique"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="window_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(announced_at__lte=models.F("opens_at")),
                name="window_announced_before_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether requests may be sent at that moment (now, unless given)."""
        return self.opens_at <= (at or timezone.now()) < self.closes_at
