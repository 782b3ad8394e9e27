"""Transfers: one debit, one credit, one positive amount, written once."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from budgetpool.free_text import refuse_control
from budgetpool.fund.models.account import Account
from budgetpool.fund.models.fund import Fund
from budgetpool.money import from_cents

ONLY_THE_LEDGER = "Only budgetpool.fund.ledger writes transfers, and nothing changes them."


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Reads transfers; every verb that would write is refused."""

    def create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def get_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def delete(self) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)


class Transfer(models.Model):
    """Money that went from the debit account to the credit account.

    A mistake gets a correcting transfer (`ledger.correct`); this row stays as it is.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="transfers", db_index=False)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits", db_index=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits", db_index=False)
    amount_cents = models.BigIntegerField(_("amount in cents"))
    reference = models.CharField(_("reference"), max_length=100, unique=True)
    memo = models.CharField(
        _("what for"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("A lower-case code."))],
    )
    note = models.CharField(_("note"), max_length=200, blank=True, validators=[refuse_control])
    booked_at = models.DateTimeField(_("booked"), editable=False)
    value_date = models.DateField(_("value date"))
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("posted by"),
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["debit", "booked_at"], name="transfer_by_debit"),
            models.Index(fields=["credit", "booked_at"], name="transfer_by_credit"),
            models.Index(fields=["fund", "value_date"], name="transfer_by_fund"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="transfer_amount_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="transfer_two_accounts"
            ),
            models.CheckConstraint(
                condition=~models.Q(reference=""), name="transfer_has_reference"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.reference} EUR {self.amount_cents // 100}.{self.amount_cents % 100:02d} "
            f"{self.debit.code} -> {self.credit.code}"
        )

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_THE_LEDGER)

    @property
    def amount(self) -> Money:
        """The amount in euros."""
        return from_cents(self.amount_cents)
