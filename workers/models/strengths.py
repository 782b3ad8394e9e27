"""What somebody is good at, what they arranged around a training, and how it went for them.

The worker decides what is done with each. Nothing that divides money reads these tables.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class Strengths(models.Model):
    """Three sentences and tagged skills; part of a request only if the worker wants it."""

    worker = models.OneToOneField("workers.Worker", models.CASCADE, related_name="strengths")
    good_at = models.TextField(_("is good at"), max_length=300, blank=True, validators=[refuse_bsn])
    proud_of = models.TextField(
        _("is proud of"), max_length=300, blank=True, validators=[refuse_bsn]
    )
    asked_for = models.TextField(
        _("is asked for"), max_length=300, blank=True, validators=[refuse_bsn]
    )
    skills = models.JSONField(_("skills (addresses)"), default=list, blank=True)
    in_request = models.BooleanField(_("goes along with the request"), default=False)
    written_at = models.DateTimeField(_("written"), auto_now=True)

    class Meta:
        verbose_name = _("strengths")
        verbose_name_plural = _("strengths")

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"


class Arrangement(models.Model):
    """The check list of one training: what is arranged so that nobody loses by learning."""

    request = models.OneToOneField(
        "workers.TrainingRequest", models.CASCADE, related_name="arrangement"
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("arrangement")
        verbose_name_plural = _("arrangements")

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}"


class Story(models.Model):
    """How a training went, in somebody's own words, for others to read while they agree."""

    worker = models.OneToOneField("workers.Worker", models.CASCADE, related_name="story")
    shown_name = models.CharField(
        _("name beside it"), max_length=60, blank=True, validators=[refuse_bsn]
    )
    text = models.TextField(_("story"), max_length=1000, validators=[refuse_bsn])
    consent_at = models.DateTimeField(_("agreed"), default=timezone.now)
    read_at = models.DateTimeField(_("read by the counter"), null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-consent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="story_read_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consent_at:%Y-%m-%d}"
