"""Contribution requests: one term of a pledge, with a payment reference of its own."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer
from employers.models.pledge import Earmark, Pledge


class Contribution(models.Model):
    """What an employer is asked to pay, once, under an ISO 11649 reference (`RF…`)."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="contributions")
    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="contributions")
    pledge = models.ForeignKey(
        Pledge, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    earmark = models.ForeignKey(
        Earmark, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    due_on = models.DateField(_("pay before"))
    reference = models.CharField(_("payment reference"), max_length=25, unique=True)
    asked_on = models.DateField(_("asked"), default=timezone.localdate)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=300, blank=True)

    paid_cents: int
    """What was received for it; only on rows that `requests.with_paid` gave."""

    class Meta:
        verbose_name = _("contribution request")
        verbose_name_plural = _("contribution requests")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "fund", "pledge", "period_start"],
                condition=models.Q(withdrawn_at__isnull=True, pledge__isnull=False),
                name="contribution_term_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="contribution_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")),
                name="contribution_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Reminder(models.Model):
    """A reminder that was sent for a contribution; each number once."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="reminders")
    number = models.PositiveSmallIntegerField(_("number"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution} {self.number}"
