"""One person's yes to a step that more than one person has to take."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """A member's yes to a step of a round; with enough equal ones the step is taken.

    It counts in the state in which it was given, until it is taken back or the step is taken.
    """

    class Step(models.TextChoices):
        RECORD_DRAW = "record_draw", _("fill in the draw")
        CANCEL = "cancel", _("cancel the round")
        SEND_BACK = "send_back", _("send the proposal back")
        FINISH = "finish", _("finish the round")
        ADJUST = "adjust", _("give or withhold a request")
        UNDO_ADJUST = "undo_adjust", _("take back a decision on a request")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="consents")
    step = models.CharField(_("step"), max_length=20, choices=Step)
    request = models.ForeignKey(
        "workers.TrainingRequest", models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(_("state of the round"), max_length=20)
    said = models.CharField(_("what all have to say alike"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    used_at = models.DateTimeField(_("step taken"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "step", "member"],
                condition=Q(withdrawn_at__isnull=True, used_at__isnull=True, request__isnull=True),
                name="consent_once",
            ),
            models.UniqueConstraint(
                fields=["round", "step", "member", "request"],
                condition=Q(withdrawn_at__isnull=True, used_at__isnull=True),
                name="consent_once_per_request",
            ),
            models.CheckConstraint(
                condition=Q(
                    step__in=["record_draw", "cancel", "send_back", "finish"], request__isnull=True
                )
                | Q(step__in=["adjust", "undo_adjust"], request__isnull=False),
                name="consent_step_known",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(used_at__isnull=True),
                name="consent_used_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.step}"
