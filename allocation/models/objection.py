"""An objection (bezwaar) against a decision, and its answer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Objection(models.Model):
    """A worker's objection within six weeks (Awb 6:7), handled by somebody who did not decide.

    `corrections` holds the facts that the handler finds to be wrong in the frozen file, as
    columns of the snapshot. The round is divided again with them; who would have been awarded
    is awarded, from the objection reserve (Awb 4:25, third paragraph).
    """

    class Status(models.TextChoices):
        FILED = "filed", _("filed")
        ASSIGNED = "assigned", _("being handled")
        HEARING = "hearing", _("hearing planned")
        UPHELD = "upheld", _("well-founded")
        DISMISSED = "dismissed", _("unfounded")
        INADMISSIBLE = "inadmissible", _("inadmissible")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Channel(models.TextChoices):
        WEB = "web", _("website")
        COUNTER = "counter", _("counter")
        PAPER = "paper", _("letter")
        PHONE = "phone", _("phone")

    class Cause(models.TextChoices):
        FACTS = "facts", _("a fact is wrong")
        RULE = "rule", _("the rule was applied wrongly")
        CIRCUMSTANCES = "circumstances", _("special circumstances")
        PROCEDURE = "procedure", _("the procedure")
        OTHER = "other", _("something else")

    decision = models.OneToOneField("allocation.Decision", models.PROTECT, related_name="objection")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("filed"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    cause = models.CharField(_("about"), max_length=20, choices=Cause)
    grounds = models.TextField(_("grounds"), max_length=5000)
    is_late = models.BooleanField(_("after the term"), default=False)
    late_reason = models.TextField(_("why it is late"), blank=True, max_length=2000)
    late_excused = models.BooleanField(_("the delay is excused"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.FILED)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    hearing_at = models.DateTimeField(_("hearing"), null=True, blank=True)
    hearing_place = models.CharField(_("place of the hearing"), max_length=200, blank=True)
    hearing_report = models.TextField(_("report of the hearing"), blank=True)
    corrections = models.JSONField(_("corrected facts"), default=dict, blank=True)
    replay = models.JSONField(_("outcome of the replay"), default=dict, blank=True)
    answer = models.TextField(_("decision and its reasons"), blank=True)
    decide_by = models.DateField(_("decide before the end of"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    award = models.OneToOneField(
        "allocation.Award", models.PROTECT, null=True, blank=True, related_name="objection"
    )

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-filed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["upheld", "dismissed", "inadmissible"])
                | Q(~Q(answer=""), decided_at__isnull=False, handler__isnull=False),
                name="objection_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | ~Q(late_reason=""), name="objection_late_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(award__isnull=True) | Q(status="upheld"),
                name="objection_award_only_if_upheld",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | ~Q(handler=F("filed_by")),
                name="objection_handler_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.status}"
