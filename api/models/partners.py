"""Partners that file requests by program, who administers them, and the tokens of a sandbox."""

from datetime import timedelta

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
    # Made up, to try things on: only such a partner has tokens that work for months.
    is_sandbox = models.BooleanField(_("is a sandbox"), default=False, editable=False)

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

    @property
    def works(self) -> bool:
        """Whether it opens the door now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def ends_soon(self) -> bool:
        """Whether its program should get another one within the month."""
        return self.works and self.expires_at < timezone.now() + timedelta(days=30)


class PartnerAdministrator(models.Model):
    """Somebody of a partner who makes, rotates and withdraws its secrets in the portal."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="administrators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="administers_partners"
    )
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("administrator of a partner")
        verbose_name_plural = _("administrators of partners")
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="partner_administrator_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.user}"
