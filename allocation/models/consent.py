"""One person's yes to a step that more than one person has to take."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """A member's yes to a step of a round; with enough equal ones the step is taken.

    It counts in the state in which it was given, and until it is taken back.
    """

    class Step(models.TextChoices):
        RECORD_DRAW = "record_draw", _("fill in the draw")
        CANCEL = "cancel", _("cancel the round")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="consents")
    step = models.CharField(_("step"), max_length=20, choices=Step)
    status = models.CharField(_("state of the round"), max_length=20)
    said = models.CharField(_("what all have to say alike"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "step", "member"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once",
            ),
            models.CheckConstraint(
                condition=Q(step__in=["record_draw", "cancel"]), name="consent_step_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.step}"
