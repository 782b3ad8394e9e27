"""The fund of a region, and its own bank accounts."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgetpool.fund.iban import spell_iban, validate_iban
from budgetpool.fund.models.account import Account
from budgetpool.fund.models.region import Region


class Fund(models.Model):
    """The training fund of one region; every account belongs to exactly one fund."""

    region = models.OneToOneField(Region, models.PROTECT, related_name="fund")
    name = models.CharField(_("name"), max_length=120)
    contact_phone = models.CharField(_("phone number"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    rule_name = models.CharField(_("legal rule"), max_length=200, blank=True)
    rule_url = models.URLField(_("address of the legal rule"), blank=True)
    consultation_days = models.PositiveSmallIntegerField(
        _("days that a new rule is put before the public"),
        default=0,
        help_text=_("0: the region's rules do not ask for it."),
    )

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FundIban(models.Model):
    """One bank account in the fund's name, and the ledger account that mirrors it."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="ibans")
    iban = models.CharField(_("IBAN"), max_length=34, unique=True, validators=[validate_iban])
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    holder_name = models.CharField(_("name of the account holder"), max_length=70)
    account = models.OneToOneField(Account, models.PROTECT, related_name="iban")
    is_main = models.BooleanField(_("payments leave from here"), default=False)

    class Meta:
        verbose_name = _("bank account of the fund")
        verbose_name_plural = _("bank accounts of the fund")
        ordering = ["-is_main", "iban"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund"], condition=models.Q(is_main=True), name="fund_iban_one_main"
            ),
        ]

    def __str__(self) -> str:
        return spell_iban(self.iban)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_clean()
        super().save(*args, **kwargs)
