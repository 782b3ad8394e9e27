"""Months that are closed and opened again, each by two people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models.asked import AskedAndApproved, two_people
from budgetpool.fund.models.fund import Fund


class PeriodStep(AskedAndApproved):
    """A month's books are closed, or opened again: asked by one person, approved by another.

    Closing closes every day up to and including `until`; what is approved last counts.
    """

    class Kind(models.TextChoices):
        CLOSE = "close", _("closed")
        REOPEN = "reopen", _("opened again")

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="period_steps")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    until = models.DateField(_("up to and including"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, validators=[refuse_bsn])

    class Meta:
        verbose_name = _("closing of a month")
        verbose_name_plural = _("closings of months")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund"],
                condition=models.Q(approved_at__isnull=True, withdrawn_at__isnull=True),
                name="period_one_step_waits",
            ),
            *two_people("period"),
            models.CheckConstraint(
                condition=models.Q(kind="close") | (models.Q(kind="reopen") & ~models.Q(reason="")),
                name="period_reopened_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.until} {self.kind}"
