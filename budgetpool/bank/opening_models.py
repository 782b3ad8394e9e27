"""What a bank account held before its first booked line, and what that money is meant for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models.asked import AskedAndApproved, two_people


class OpeningBalance(AskedAndApproved):
    """What an account held before its first booked line: booked once, by two people."""

    fund_iban = models.ForeignKey("fund.FundIban", models.PROTECT, related_name="openings")
    amount_cents = models.BigIntegerField(_("amount in cents"))
    starts_on = models.DateField(_("at the start of"))
    reason = models.CharField(_("where it is written"), max_length=500, validators=[refuse_bsn])

    class Meta:
        verbose_name = _("opening balance")
        verbose_name_plural = _("opening balances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund_iban"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="opening_once",
            ),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="opening_positive"),
            *two_people("opening"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_iban} {self.amount_cents}"


class OpeningShare(AskedAndApproved):
    """What a part of an opening balance is meant for: a pool, said by two people."""

    opening = models.ForeignKey(OpeningBalance, models.PROTECT, related_name="shares")
    account = models.ForeignKey(
        "fund.Account", models.PROTECT, related_name="+", verbose_name=_("pool")
    )
    amount_cents = models.BigIntegerField(_("amount in cents"))
    reason = models.CharField(_("where it is written"), max_length=500, validators=[refuse_bsn])
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("share of an opening balance")
        verbose_name_plural = _("shares of opening balances")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="opening_share_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True) | models.Q(approved_at__isnull=False),
                name="opening_share_undone_once_booked",
            ),
            *two_people("opening_share"),
        ]

    def __str__(self) -> str:
        return f"{self.opening} {self.amount_cents}"
