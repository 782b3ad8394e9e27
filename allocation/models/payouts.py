"""What is paid for an award: on which invoice, and in which batch."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allocation.models.payee import Payee
from budgetpool.bsn import refuse_bsn


class Invoice(models.Model):
    """A provider's invoice for one award; amounts include VAT."""

    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="invoices")
    provider = models.ForeignKey("register.Provider", models.PROTECT, related_name="invoices")
    number = models.CharField(_("invoice number"), max_length=35)
    dated_on = models.DateField(_("date of the invoice"))
    amount_cents = models.PositiveBigIntegerField(_("amount with VAT, in cents"))
    vat_cents = models.PositiveBigIntegerField(_("of which VAT, in cents"), default=0)
    vat_status = models.CharField(_("VAT status"), max_length=20)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(
        _("why it was withdrawn"), max_length=200, blank=True, validators=[refuse_bsn]
    )

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "number", "award"],
                condition=Q(withdrawn_at__isnull=True),
                name="invoice_once",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="invoice_positive"),
            models.CheckConstraint(
                condition=Q(vat_cents=0)
                | Q(vat_status="standard", vat_cents__lt=F("amount_cents")),
                name="invoice_vat_by_status",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentBatch(models.Model):
    """A file of payments for the bank (pain.001): its bytes are written once.

    Who made it never approves it, through whatever door.
    """

    class Status(models.TextChoices):
        PREPARED = "prepared", _("waits for the second person")
        APPROVED = "approved", _("approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="payment_batches")
    paid_from = models.ForeignKey("fund.FundIban", models.PROTECT, related_name="payment_batches")
    message_id = models.CharField(_("message id"), max_length=35, unique=True)
    payment_information_id = models.CharField(
        _("number of the batch in the file"), max_length=35, null=True, blank=True
    )
    execution_on = models.DateField(_("to be paid on"))
    payments_count = models.PositiveIntegerField(_("payments"))
    total_cents = models.PositiveBigIntegerField(_("total in cents"))
    xml = models.BinaryField(_("file"))
    xml_sha256 = models.CharField(_("digest of the file"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PREPARED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(
        _("why it was withdrawn"), max_length=200, blank=True, validators=[refuse_bsn]
    )

    class Meta:
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
                name="batch_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", approved_by__isnull=False, approved_at__isnull=False)
                | Q(status="prepared", approved_by__isnull=True, withdrawn_by__isnull=True)
                | Q(status="withdrawn", approved_by__isnull=True, withdrawn_by__isnull=False),
                name="batch_status_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(payments_count__gt=0, total_cents__gt=0), name="batch_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class PaymentReport(models.Model):
    """The bank's answer to a file of payments (pain.002), kept as it came."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="reports")
    message_id = models.CharField(_("message id"), max_length=35, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("digest of the file"), max_length=64)
    content = models.BinaryField(_("the file"))
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("answer of the bank")
        verbose_name_plural = _("answers of the bank")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "file_sha256"], name="payment_report_once"),
        ]

    def __str__(self) -> str:
        return self.message_id or self.file_name


class Payout(models.Model):
    """One payment for an award. What leaves the award's account is what the bank confirms."""

    class Kind(models.TextChoices):
        ADVANCE = "advance", _("first part")
        REST = "rest", _("the rest")
        OWN_COSTS = "own_costs", _("the worker's own costs")

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        BATCHED = "batched", _("at the bank")
        PAID = "paid", _("paid")
        REJECTED = "rejected", _("rejected or sent back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="payouts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="payouts")
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    description = models.CharField(_("description"), max_length=140)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    batch = models.ForeignKey(
        PaymentBatch, models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    entry = models.ForeignKey(
        "bank.BankEntry", models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    payment = models.OneToOneField(
        "bank.PaymentPart", models.PROTECT, null=True, blank=True, related_name="payout"
    )
    times_undone = models.PositiveSmallIntegerField(_("times undone"), default=0)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    returned_by = models.ForeignKey(
        "bank.BankEntry", models.PROTECT, null=True, blank=True, related_name="returned_payouts"
    )
    rejected_by = models.ForeignKey(
        PaymentReport, models.PROTECT, null=True, blank=True, related_name="rejected_payouts"
    )
    reason = models.CharField(
        _("why it was rejected or withdrawn"), max_length=200, blank=True, validators=[refuse_bsn]
    )
    retries = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="retried_by"
    )

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["pk"]
        indexes = [models.Index(fields=["status"], name="payout_by_status")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payout_positive"),
            models.CheckConstraint(
                condition=Q(kind="own_costs", invoice__isnull=True)
                | Q(kind__in=["advance", "rest"], invoice__isnull=False),
                name="payout_on_invoice_or_own_costs",
            ),
            models.UniqueConstraint(
                fields=["invoice", "kind"],
                condition=Q(status__in=["planned", "batched", "paid"], invoice__isnull=False),
                name="payout_part_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "withdrawn"], batch__isnull=True)
                | Q(status__in=["batched", "paid", "rejected"], batch__isnull=False),
                name="payout_sent_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(status="paid", entry__isnull=False, paid_on__isnull=False)
                | ~Q(status="paid"),
                name="payout_paid_by_statement",
            ),
            models.CheckConstraint(
                condition=Q(returned_by__isnull=True) | Q(status="rejected", entry__isnull=False),
                name="payout_returned_was_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id

    @property
    def end_to_end_id(self) -> str:
        """What the bank carries from our file to its statement."""
        return f"BP-{self.pk}"
