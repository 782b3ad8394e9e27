"""Bank statements of the fund's own accounts, as they were received, and what left the bank.

Only lines in euros on an account of the fund are kept. Statements and entries are written once;
what became of an entry stands in rows of their own.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bank.opening_models import OpeningBalance, OpeningShare
from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models.asked import AskedAndConfirmed, second_person

__all__ = [
    "BankEntry",
    "BankStatement",
    "ChainLink",
    "HeldFile",
    "OpeningBalance",
    "OpeningShare",
    "PaymentPart",
    "UndonePart",
    "UnprovenAcceptance",
]


class UnprovenAcceptance(AskedAndConfirmed):
    """Two persons' word for a file that does not add up or does not fit the chain.

    One asks, with a reason; another confirms. Only then is the file booked, or set aside.
    """

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="unproven_acceptances")
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("digest of the file"), max_length=64)
    reason = models.CharField(_("reason"), max_length=500, validators=[refuse_bsn])
    sets_aside = models.BooleanField(_("not to be booked"), default=False)

    class Meta:
        verbose_name = _("acceptance of an unproven statement")
        verbose_name_plural = _("acceptances of unproven statements")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "file_sha256"], name="acceptance_file_unique"),
            *second_person("acceptance", "confirmed"),
        ]

    def __str__(self) -> str:
        return self.file_name


class BankStatement(models.Model):
    """One statement of one of the fund's accounts, booked once."""

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="bank_statements")
    fund_iban = models.ForeignKey(
        "fund.FundIban", models.PROTECT, related_name="statements", verbose_name=_("account")
    )
    statement_id = models.CharField(_("statement"), max_length=140, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    opening_cents = models.BigIntegerField(_("opening balance in cents"), null=True, blank=True)
    closing_cents = models.BigIntegerField(_("closing balance in cents"), null=True, blank=True)
    balance_proven = models.BooleanField(_("balances fit"), null=True, blank=True)
    acceptance = models.ForeignKey(
        UnprovenAcceptance,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("accepted although not proven"),
    )
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("digest of the file"), max_length=64)
    known_count = models.PositiveIntegerField(_("entries known from other files"), default=0)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    imported_at = models.DateTimeField(_("imported"), default=timezone.now, editable=False)
    key = models.CharField(max_length=64, editable=False)
    # Of earlier versions, which knew a statement in another format by its sums alone.
    twin_key = models.CharField(max_length=64, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], name="statement_once"),
            models.UniqueConstraint(fields=["fund", "twin_key"], name="statement_twin_once"),
            models.CheckConstraint(
                condition=~models.Q(balance_proven=False) | models.Q(acceptance__isnull=False),
                name="statement_proven_or_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.statement_id or self.file_name


class BankEntry(models.Model):
    """One line of a statement: money that came in (positive) or went out (negative)."""

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="bank_entries")
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="entries")
    date = models.DateField(_("date"))
    amount_cents = models.BigIntegerField(_("amount in cents"))
    name = models.CharField(_("name"), max_length=140, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    remittance = models.TextField(_("description"), blank=True)
    structured_reference = models.CharField(_("payment reference"), max_length=60, blank=True)
    end_to_end_id = models.CharField(_("end-to-end id"), max_length=60, blank=True)
    message_id = models.CharField(_("message id of our file"), max_length=35, null=True, blank=True)
    payment_information_id = models.CharField(
        _("number of our batch"), max_length=35, null=True, blank=True
    )
    reference = models.CharField(_("entry reference"), max_length=60, blank=True)
    bank_reference = models.CharField(_("reference of the bank"), max_length=60, blank=True)
    return_reason = models.CharField(_("why it came back"), max_length=35, null=True, blank=True)
    is_reversal = models.BooleanField(_("reversal"), default=False)
    is_unsplit = models.BooleanField(_("batch not taken apart"), default=False)
    key = models.CharField(max_length=64, editable=False)
    reference_key = models.CharField(max_length=64, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("bank entry")
        verbose_name_plural = _("bank entries")
        ordering = ["-date", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], name="bank_entry_once"),
            models.UniqueConstraint(
                fields=["fund", "reference_key"], name="bank_entry_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.amount_cents} {self.name}"

    @property
    def is_credit(self) -> bool:
        return self.amount_cents > 0


class PaymentPart(models.Model):
    """What a payment on a bank statement was for; several parts explain one batch."""

    entry = models.ForeignKey(BankEntry, models.PROTECT, related_name="payment_parts")
    amount_cents = models.BigIntegerField(_("amount in cents"))
    transfer = models.OneToOneField("fund.Transfer", models.PROTECT, related_name="payment_part")
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    explained_at = models.DateTimeField(_("explained"), default=timezone.now, editable=False)
    is_late = models.BooleanField(_("counts on the day of booking"), default=False)

    class Meta:
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0), name="payment_part_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.amount_cents}"


class UndonePart(models.Model):
    """A part that was wrong: its money was taken back by a correcting transfer.

    It tells the transfer of the part and its correction, once what the part was for has forgotten
    them.
    """

    part = models.OneToOneField(PaymentPart, models.PROTECT, related_name="undone")
    reference = models.CharField(_("reference"), max_length=100)
    account = models.ForeignKey("fund.Account", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, validators=[refuse_bsn])
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(_("undone"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("undone part of a payment")
        verbose_name_plural = _("undone parts of payments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reference


class ChainLink(models.Model):
    """A stretch of an account's history that one statement proves, from balance to balance.

    The links of an account, in the order of their days, are its chain. A link leaves the chain
    only when two persons say that another file tells what the bank did in its days.
    """

    fund_iban = models.ForeignKey("fund.FundIban", models.PROTECT, related_name="links")
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="links")
    from_cents = models.BigIntegerField(_("balance before"))
    until_cents = models.BigIntegerField(_("balance after"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    ends_on = models.DateField(_("day of the closing balance"))
    dialect = models.CharField(_("format"), max_length=10, blank=True)
    displaced_by = models.ForeignKey(
        BankStatement, models.PROTECT, null=True, blank=True, related_name="displaced_links"
    )

    class Meta:
        verbose_name = _("link of a chain of statements")
        verbose_name_plural = _("links of chains of statements")
        ordering = ["ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_on__lte=models.F("last_on")), name="link_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.from_cents}–{self.until_cents}"


class HeldFile(models.Model):
    """A file that does not fit the chain: kept whole, shown, and not booked until people decide.

    `UnprovenAcceptance` of the same file holds what two persons said about it.
    """

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="held_files")
    fund_iban = models.ForeignKey(
        "fund.FundIban", models.PROTECT, related_name="held_files", verbose_name=_("account")
    )
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("digest of the file"), max_length=64)
    content = models.BinaryField(_("the file"))
    code = models.CharField(_("why it is held"), max_length=40)
    params = models.JSONField(_("what about"), default=dict)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_at = models.DateTimeField(_("held since"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("held bank file")
        verbose_name_plural = _("held bank files")
        ordering = ["held_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "file_sha256"], name="held_file_once"),
        ]

    def __str__(self) -> str:
        return self.file_name
