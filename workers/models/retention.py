"""What comes long after: the follow-ups, and the proof that old data was destroyed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.register.codes import Contract


class FollowUp(models.Model):
    """Three, six and twelve months after the training: how is it going with work?"""

    request = models.ForeignKey(
        "workers.TrainingRequest", models.CASCADE, related_name="follow_ups"
    )
    months = models.PositiveSmallIntegerField(_("months after the training"))
    due_on = models.DateField(_("asked on"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    has_work = models.BooleanField(_("has work"), null=True, blank=True)
    contract = models.CharField(_("contract"), max_length=20, choices=Contract, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=models.Q(months__in=[3, 6, 12]), name="follow_up_at_3_6_12_months"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} +{self.months}"


class Destruction(models.Model):
    """Rows of one category were destroyed: how many and a hash of their keys, never the data."""

    category = models.CharField(_("category"), max_length=40)
    destroyed_at = models.DateTimeField(_("destroyed"), default=timezone.now)
    rule = models.CharField(_("rule"), max_length=200)
    count = models.PositiveIntegerField(_("number of rows"))
    keys_sha256 = models.CharField(_("hash of the keys"), max_length=64)

    class Meta:
        verbose_name = _("destruction")
        verbose_name_plural = _("destructions")
        ordering = ["-destroyed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.destroyed_at:%Y-%m-%d} {self.category} {self.count}"
