"""The register: what may be funded. Providers, their trainings and the editions of these."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.money import euro_field, only_euros
from budgetpool.register.codes import (
    SBI_VERSION,
    EducationLevel,
    Outcome,
    Sector,
    TeachingLanguage,
)


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
        validators=[RegexValidator(r"^[0-9]{8}$", _("A KvK number has 8 digits."))],
    )
    vat_status = models.CharField(_("VAT status"), max_length=20, choices=VatStatus)
    rio_id = models.CharField(_("RIO id"), max_length=60, blank=True)
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ADMITTED)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kvk__regex=r"^[0-9]{8}$"), name="provider_kvk_8_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderSeat(models.Model):
    """A person's place at a provider: they see their own provider's trainings and awards."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="provider_seats"
    )
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="seats")
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat at a provider")
        verbose_name_plural = _("seats at providers")
        constraints = [
            models.UniqueConstraint(fields=["user", "provider"], name="provider_seat_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.provider}"


class Training(models.Model):
    """A training (opleiding) that the register knows.

    `price` is the catalogue price: everything the provider charges, VAT included. `exam_price`
    and `books_price` are parts of it. Earlier prices are kept as `TrainingPrice`.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="trainings")
    title = models.CharField(_("title"), max_length=200)
    description = models.CharField(_("what you learn"), max_length=500, blank=True)
    sector = models.CharField(_("sector"), max_length=1, choices=Sector)
    sector_version = models.CharField(
        _("version of the sector list"), max_length=4, default=SBI_VERSION
    )
    level = models.CharField(_("level"), max_length=10, choices=EducationLevel, blank=True)
    outcome = models.CharField(_("outcome"), max_length=30, choices=Outcome)
    crebo = models.CharField(
        _("CREBO code"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{5}$", _("A CREBO code has 5 digits."))],
    )
    rio_id = models.CharField(_("RIO id"), max_length=60, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours of teaching"), null=True, blank=True)
    language = models.CharField(
        _("language of teaching"), max_length=10, choices=TeachingLanguage, default="nl"
    )
    wheelchair = models.BooleanField(_("reachable by wheelchair"), default=False)
    plain_language = models.BooleanField(_("easy to read"), default=False)
    extra_guidance = models.BooleanField(_("with extra guidance"), default=False)
    price = euro_field(_("price"))
    exam_price = euro_field(_("of which exam"), default=0)
    books_price = euro_field(_("of which books"), default=0)
    is_open = models.BooleanField(_("can be asked for"), default=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["title"]
        indexes = [models.Index(fields=["is_open", "sector"], name="training_by_sector")]
        constraints = [
            only_euros("price", name="training_price_in_euros"),
            only_euros("exam_price", name="training_exam_price_in_euros"),
            only_euros("books_price", name="training_books_price_in_euros"),
            models.CheckConstraint(
                condition=models.Q(price__gte=models.F("exam_price") + models.F("books_price")),
                name="training_parts_within_price",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingPrice(models.Model):
    """What a training cost from a day on; the last one is the present price."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="prices")
    price = euro_field(_("price"))
    valid_from = models.DateField(_("from"), default=timezone.localdate)

    class Meta:
        verbose_name = _("price of a training")
        verbose_name_plural = _("prices of trainings")
        ordering = ["valid_from", "pk"]
        constraints = [
            only_euros("price", name="training_past_price_in_euros"),
            models.UniqueConstraint(
                fields=["training", "valid_from"], name="training_one_price_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.valid_from:%Y-%m-%d} {self.price}"


class Edition(models.Model):
    """One run (uitvoering) of a training: a start, a place, a number of seats."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="editions")
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    is_evening = models.BooleanField(_("in the evening"), default=False)
    is_online = models.BooleanField(_("online"), default=False)
    seats = models.PositiveIntegerField(_("seats"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="edition_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.starts_on:%Y-%m-%d} {self.place}".strip()
