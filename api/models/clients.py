"""The one OAuth 2 client of a partner, and what it proves itself with."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models.partners import Partner
from api.scopes import ALL


def all_scopes() -> list[str]:
    return sorted(ALL)


class Client(models.Model):
    """A partner's program; its identity is the application, its secrets are `Credential` rows.

    The application's own secret is empty and is never compared with anything.
    """

    application = models.OneToOneField(
        "oauth2_provider.Application", models.PROTECT, related_name="client", editable=False
    )
    partner = models.OneToOneField(Partner, models.PROTECT, related_name="client")
    scopes = models.JSONField(_("what it may do"), default=all_scopes)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("program of a partner")
        verbose_name_plural = _("programs of partners")
        ordering = ["partner__name"]

    def __str__(self) -> str:
        return str(self.partner)

    @property
    def client_id(self) -> str:
        return str(self.application.client_id)


class Credential(models.Model):
    """A secret, of which only the SHA-256 is kept, or the public half of a key."""

    class Kind(models.TextChoices):
        SECRET = "secret", _("secret")
        KEY = "key", _("public key")

    client = models.ForeignKey(Client, models.PROTECT, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label = models.CharField(_("what it is for"), max_length=100)
    # The SHA-256 of a secret, or the thumbprint of a key (RFC 7638).
    digest = models.CharField(max_length=64, editable=False)
    key = models.JSONField(_("public key"), null=True, blank=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("credential of a program")
        verbose_name_plural = _("credentials of programs")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["client", "digest"], name="credential_unique"),
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="credential_is_hashed"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="key", key__isnull=False)
                | models.Q(kind="secret", key__isnull=True),
                name="credential_key_has_its_half",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.label}"

    @property
    def works(self) -> bool:
        """Whether it opens the door now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def ends_soon(self) -> bool:
        """Whether another one should take its place within the month."""
        return self.works and self.expires_at < timezone.now() + timedelta(days=30)


class UsedAssertion(models.Model):
    """A signed assertion that was used; nobody uses it again while it is valid."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    jti = models.CharField(max_length=64)  # the SHA-256 of what the program named it
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("used assertion")
        verbose_name_plural = _("used assertions")
        constraints = [
            models.UniqueConstraint(fields=["client", "jti"], name="assertion_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.jti[:8]}"
