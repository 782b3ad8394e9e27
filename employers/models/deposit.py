"""Deposits: money that came in, whose it is, and what was paid back."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from employers.models.contribution import Contribution
from employers.models.employer import Employer
from employers.models.four_eyes import FourEyes


class Deposit(models.Model):
    """One credit of a bank statement. Whose it is stands in its matches."""

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="deposits")
    entry = models.OneToOneField("bank.BankEntry", models.PROTECT, related_name="deposit")
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    received_on = models.DateField(_("received"))

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="deposit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount_cents}"


class DepositMatch(models.Model):
    """Whose a part of a deposit is, and how that was found; a wrong one is undone, never removed.

    The parts that stand are together at most the deposit. `memo` says what a part is that is no
    contribution, and `kept_cents` what the bank kept of a payment that came back.
    """

    class How(models.TextChoices):
        REFERENCE = "reference", _("payment reference")
        TEXT = "text", _("payment reference in the description")
        IBAN_AMOUNT = "iban_amount", _("bank account and amount")
        PARTS = "parts", _("several payment references")
        HAND = "hand", _("by hand")

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="matches")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="deposit_matches"
    )
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="deposit_matches"
    )
    account = models.ForeignKey(
        "fund.Account",
        models.PROTECT,
        related_name="deposit_matches",
        verbose_name=_("account it joined"),
    )
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    memo = models.CharField(_("what for"), max_length=40, blank=True)
    kept_cents = models.PositiveBigIntegerField(_("kept by the bank, in cents"), default=0)
    how = models.CharField(_("found by"), max_length=12, choices=How)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    matched_at = models.DateTimeField(_("matched"), default=timezone.now, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_reason = models.CharField(
        _("reason"), max_length=200, blank=True, validators=[refuse_bsn]
    )

    class Meta:
        verbose_name = _("match of a deposit")
        verbose_name_plural = _("matches of deposits")
        ordering = ["deposit", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["deposit", "number"], name="deposit_match_number_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="deposit_match_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit} → {self.employer or self.account}"


class Refund(FourEyes):
    """A deposit that goes back to where it came from: asked by one, approved by another."""

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="refunds")
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    iban = models.CharField(_("to IBAN"), max_length=34)
    name = models.CharField(_("name"), max_length=140)
    times_undone = models.PositiveSmallIntegerField(_("times undone"), default=0)
    payment = models.OneToOneField(
        "bank.PaymentPart", models.PROTECT, null=True, blank=True, related_name="refund"
    )

    class Meta(FourEyes.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["deposit"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="refund_once",
            ),
            models.CheckConstraint(
                condition=models.Q(payment__isnull=True) | models.Q(approved_by__isnull=False),
                name="refund_paid_after_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit} {self.amount_cents}"
