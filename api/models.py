"""Partners that file requests by program, their tokens, and what was answered to them."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Partner(models.Model):
    """An organisation whose program files requests for workers who agreed.

    `account` stands in the trail for whatever the program does; nobody can sign in with it. In
    requests the partner is known by its `name`, which therefore never changes.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    kvk = models.CharField(
        _("KvK number"),
        max_length=8,
        validators=[RegexValidator(r"^[0-9]{8}$", _("A KvK number has 8 digits."))],
    )
    contact_email = models.EmailField(_("e-mail address for notices"))
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="partner", editable=False
    )
    regions = models.ManyToManyField("fund.Region", related_name="partners", blank=True)
    is_active = models.BooleanField(_("may use the API"), default=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kvk__regex=r"^[0-9]{8}$"), name="partner_kvk_8_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerToken(models.Model):
    """A secret with which a partner's program proves who it is; only its SHA-256 is kept."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tokens")
    label = models.CharField(_("what it is for"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    used_on = models.DateField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("token of a partner")
        verbose_name_plural = _("tokens of partners")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="token_is_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.label}"


class Consent(models.Model):
    """The partner's word that a worker agreed: when, how, and to which text (GDPR article 7)."""

    class Way(models.TextChoices):
        ONLINE = "online", _("on a website")
        PAPER = "paper", _("on paper")
        SPOKEN = "spoken", _("in a conversation")

    request = models.OneToOneField(
        "workers.TrainingRequest", models.CASCADE, related_name="partner_consent"
    )
    token = models.ForeignKey(PartnerToken, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(_("agreed"))
    way = models.CharField(_("how"), max_length=10, choices=Way)
    text_version = models.CharField(_("version of the text"), max_length=60)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("consent told by a partner")
        verbose_name_plural = _("consents told by partners")

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
