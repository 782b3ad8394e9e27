"""Intake and reflection: seen by the worker and their adviser, never by the division."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class Intake(models.Model):
    """Answers to the statements of knowing, wanting, daring, being able and being allowed.

    Kept under its own consent until `keep_until`. Nothing that divides money reads this table.
    """

    worker = models.OneToOneField("workers.Worker", models.CASCADE, related_name="intake")
    consent_at = models.DateTimeField(_("agreed"))
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)
    keep_until = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")

    def __str__(self) -> str:
        return f"{self.answered_at:%Y-%m-%d}"


class Reflection(models.Model):
    """What somebody learned in one month, in their own words, with the skills it shows."""

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="reflections")
    month = models.CharField(
        _("month"), max_length=7, validators=[RegexValidator(r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    )
    first_time = models.TextField(
        _("did for the first time"), max_length=500, blank=True, validators=[refuse_bsn]
    )
    learned_from = models.TextField(
        _("learned from"), max_length=500, blank=True, validators=[refuse_bsn]
    )
    next_time = models.TextField(
        _("wants to do better"), max_length=500, blank=True, validators=[refuse_bsn]
    )
    skills = models.JSONField(_("skills (addresses)"), default=list, blank=True)
    written_at = models.DateTimeField(_("written"), auto_now=True)

    class Meta:
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "month"], name="reflection_once_a_month"),
        ]

    def __str__(self) -> str:
        return self.month
