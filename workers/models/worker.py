"""A flex worker: the facts that a request needs, and no others."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.register.codes import SBI_VERSION, Contract, EducationLevel, Sector
from workers.likeness import identity_hash


class Worker(models.Model):
    """Somebody who may ask the fund for training.

    There is no BSN, no sex and no nationality. A worker whom an adviser or a partner helps may
    have no account. `identity_hash` finds the same person filed twice without showing who.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="worker"
    )
    region = models.ForeignKey("fund.Region", models.PROTECT, related_name="workers")
    name = models.CharField(_("name"), max_length=200, blank=True, validators=[refuse_bsn])
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    address = models.CharField(
        _("address for letters"), max_length=200, blank=True, validators=[refuse_bsn]
    )
    municipality = models.CharField(_("municipality"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, default="nl")
    contract = models.CharField(_("contract"), max_length=20, choices=Contract, blank=True)
    sector = models.CharField(_("sector of the work"), max_length=1, choices=Sector, blank=True)
    sector_version = models.CharField(
        _("version of the sector list"), max_length=4, default=SBI_VERSION
    )
    education = models.CharField(
        _("highest diploma"), max_length=10, choices=EducationLevel, blank=True
    )
    training_hours_two_years = models.PositiveSmallIntegerField(
        _("hours of training in the last two years"), null=True, blank=True
    )
    has_study_finance = models.BooleanField(_("has study finance"), null=True, blank=True)
    introduced_by = models.CharField(_("partner that filed first"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(name="", email="", phone="", address="", birth_date__isnull=True),
                name="worker_erased_has_no_personal_data",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"W-{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.identity_hash = identity_hash(self.name, self.birth_date)
        super().save(*args, **kwargs)
