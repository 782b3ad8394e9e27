"""Work that takes longer than a page may take, and what became of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work, asked for once however often somebody presses the button.

    The queue behind `django.tasks` decides who runs it and tries again after a crash; this row
    says what was asked, how far it is and what came out, so that a page can show it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    key = models.CharField(_("key"), max_length=120)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    task = models.CharField(max_length=200, blank=True, editable=False)
    lock = models.CharField(max_length=120, blank=True, editable=False)
    priority = models.SmallIntegerField(default=0, editable=False)
    starts = models.PositiveSmallIntegerField(default=0, editable=False)
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    queued_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(_("asked to stop"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=["queued", "running"]),
                name="job_asked_once",
                violation_error_message=_("This work is being done already."),
            ),
            models.UniqueConstraint(fields=["key", "attempt"], name="job_attempt_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.get_state_display()})"

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.QUEUED, self.State.RUNNING}


class Turn(models.Model):
    """When something that comes back was last done, such as a nightly command or the watch."""

    name = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
