"""The window (aanvraagtijdvak) in which requests may be sent."""

from datetime import date, datetime, timedelta
from typing import Final

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# From closing to the decision, where the board named no day of its own.
DECIDE_DAYS: Final = 14
# How long somebody has to say yes to an award.
ANSWER_DAYS: Final = 21


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
    decided_on = models.DateField(_("decision at the latest"), null=True, blank=True)

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

    @property
    def decision_by(self) -> date:
        """The day on which everybody has heard the decision."""
        return self.decided_on or timezone.localdate(self.closes_at) + timedelta(days=DECIDE_DAYS)

    @property
    def first_start(self) -> date:
        """The first day on which a training may begin: after the last day to say yes.

        A training that begins earlier would be paid for people who never came, or missed by
        people who still had days to think.
        """
        return self.decision_by + timedelta(days=ANSWER_DAYS + 1)

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether requests may be sent at that moment (now, unless given)."""
        return self.opens_at <= (at or timezone.now()) < self.closes_at
