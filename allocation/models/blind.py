"""What a member of the board thought of a case before they knew what the rule proposes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BlindJudgement(models.Model):
    """One member's own word on one case of a round's sample; written once, and never changed."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes, this should be paid")
        NO = "no", _("No, others first")
        UNSURE = "unsure", _("I cannot say")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="blind_judgements")
    request = models.ForeignKey("workers.TrainingRequest", models.PROTECT, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(_("own judgement"), max_length=6, choices=Answer)
    knew = models.BooleanField(
        _("had looked before"),
        help_text=_("Whether the trail shows that the member had seen the outcome before."),
    )
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        verbose_name = _("judgement without the outcome")
        verbose_name_plural = _("judgements without the outcome")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "request", "member"], name="blind_judgement_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.answer}"
