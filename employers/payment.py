"""How to pay a contribution: the details, and a QR code for bank apps.

The QR code follows the European Payments Council's guideline for credit transfers (EPC069-12,
version 002), which Dutch bank apps read.
"""

from dataclasses import dataclass
from decimal import Decimal

from segno import QRCode, helpers

from budgetpool.fund.models import FundIban
from employers.models import Contribution


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """What a payer types, or scans."""

    holder_name: str
    iban: str
    bic: str
    amount_cents: int
    reference: str


def details(contribution: Contribution, *, open_cents: int) -> PaymentDetails | None:
    """Where to pay what is still open of a contribution; None where the fund has no account."""
    account = FundIban.objects.filter(fund=contribution.fund_id).order_by("-is_main", "pk").first()
    if account is None:
        return None
    return PaymentDetails(
        account.holder_name, account.iban, account.bic, open_cents, contribution.reference
    )


def qr_code(payment: PaymentDetails) -> QRCode:
    """The QR code of a payment, with its structured reference."""
    return helpers.make_epc_qr(
        name=payment.holder_name,
        iban=payment.iban,
        bic=payment.bic or None,
        amount=Decimal(payment.amount_cents) / 100,
        reference=payment.reference,
        encoding="utf-8",
    )
