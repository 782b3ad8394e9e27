"""What partners' programs filed with, and what was answered to them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models.clients import Client
from api.models.partners import Partner, PartnerToken


class Consent(models.Model):
    """The partner's word that a worker agreed: when, how, and to which text (GDPR article 7)."""

    class Way(models.TextChoices):
        ONLINE = "online", _("on a website")
        PAPER = "paper", _("on paper")
        SPOKEN = "spoken", _("in a conversation")

    request = models.OneToOneField(
        "workers.TrainingRequest", models.CASCADE, related_name="partner_consent"
    )
    # By which credential it was told: a token of a sandbox, or the partner's client.
    token = models.ForeignKey(PartnerToken, models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(_("agreed"))
    way = models.CharField(_("how"), max_length=10, choices=Way)
    text_version = models.CharField(_("version of the text"), max_length=60)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("consent told by a partner")
        verbose_name_plural = _("consents told by partners")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token__isnull=False) ^ models.Q(client__isnull=False),
                name="consent_told_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.agreed_at:%Y-%m-%d}"


class StoredAnswer(models.Model):
    """What was answered to a POST with an Idempotency-Key, to be given again to the same POST."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(default=dict, blank=True)
    location = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="answer_key_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.key}"
