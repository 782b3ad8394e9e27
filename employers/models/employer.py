"""Employers and the people who act for them."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.fund.iban import spell_iban, validate_iban
from budgetpool.register.codes import SBI_VERSION, Sector


class Employer(models.Model):
    """An organisation that pays in. It may pay into the funds of several regions."""

    name = models.CharField(_("name"), max_length=200)
    kvk = models.CharField(
        _("KvK number"),
        max_length=8,
        unique=True,
        validators=[
            RegexValidator(r"^[0-9]{8}$", _("A KvK number has 8 digits. Zeros in front count too."))
        ],
    )
    sector = models.CharField(_("sector"), max_length=1, choices=Sector, blank=True)
    sector_version = models.CharField(_("version of SBI"), max_length=4, default=SBI_VERSION)
    is_agency = models.BooleanField(_("temp agency"), default=False)
    street = models.CharField(_("street and number"), max_length=140, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    contact_email = models.EmailField(_("e-mail address for payments"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kvk__regex=r"^[0-9]{8}$"), name="employer_kvk_8_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_clean()
        super().save(*args, **kwargs)


class EmployerIban(models.Model):
    """A bank account that an employer pays from; a holding may pay for several employers."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="ibans")
    iban = models.CharField(_("IBAN"), max_length=34, validators=[validate_iban])
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("bank account of an employer")
        verbose_name_plural = _("bank accounts of employers")
        ordering = ["iban"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "iban"], name="employer_iban_unique"),
        ]
        indexes = [models.Index(fields=["iban"], name="employer_iban_lookup")]

    def __str__(self) -> str:
        return spell_iban(self.iban)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_clean()
        super().save(*args, **kwargs)


class Role(models.TextChoices):
    """What a person may do for an employer; each role includes the ones before it."""

    VIEWER = "viewer", _("viewer: sees everything")
    PAYER = "payer", _("payer: also handles payments")
    MANAGER = "manager", _("manager: also changes pledges and people")


class EmployerMember(models.Model):
    """A person's place at an employer. Each person has an account of their own."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="employer_places"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("person of an employer")
        verbose_name_plural = _("people of employers")
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="employer_member_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Invitation(models.Model):
    """A letter to a colleague with a secret link; only the link's digest is kept."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "employer",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def is_open(self) -> bool:
        return (
            self.accepted_at is None
            and self.withdrawn_at is None
            and timezone.now() < self.expires_at
        )
