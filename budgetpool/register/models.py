"""The register: what may be funded. Providers, their trainings and the editions of these."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from budgetpool.money import euro_field, only_euros
from budgetpool.register.codes import EducationLevel, Outcome, Sector


class Provider(models.Model):
    """A training provider (opleider)."""

    class VatStatus(models.TextChoices):
        EXEMPT_CRKBO = "exempt_crkbo", _("exempt: in the CRKBO register")
        EXEMPT_LAW = "exempt_law", _("exempt by law")
        STANDARD = "standard", _("21% VAT")

    class Status(models.TextChoices):
        ADMITTED = "admitted", _("admitted")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")

    name = models.CharField(_("name"), max_length=200)
    kvk = models.CharField(
        _("KvK number"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^\d{8}$", _("A KvK number has 8 digits."))],
    )
    vat_status = models.CharField(_("VAT status"), max_length=20, choices=VatStatus)
    rio_id = models.CharField(_("RIO id"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ADMITTED)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kvk__regex=r"^\d{8}$"), name="provider_kvk_8_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Training(models.Model):
    """A training (opleiding) that the register knows, with its price including VAT."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="trainings")
    title = models.CharField(_("title"), max_length=200)
    sector = models.CharField(_("sector"), max_length=1, choices=Sector)
    level = models.CharField(_("level"), max_length=10, choices=EducationLevel, blank=True)
    outcome = models.CharField(_("outcome"), max_length=30, choices=Outcome)
    crebo = models.CharField(
        _("CREBO code"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", _("A CREBO code has 5 digits."))],
    )
    rio_id = models.CharField(_("RIO id"), max_length=60, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours of teaching"), null=True, blank=True)
    price = euro_field(_("price"))
    is_open = models.BooleanField(_("can be asked for"), default=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["title"]
        constraints = [only_euros("price", name="training_price_in_euros")]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One run (uitvoering) of a training: a start, a place, a number of seats."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="editions")
    starts_on = models.DateField(_("start"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    is_evening = models.BooleanField(_("in the evening"), default=False)
    seats = models.PositiveIntegerField(_("seats"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.training} {self.starts_on:%Y-%m-%d} {self.place}".strip()
