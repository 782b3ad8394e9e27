"""What a part of a line may be for: the open things of the fund, by kind, few enough to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from allocation.models import PaymentBatch, Payout
from allocation.payouts import confirming, repaying
from allocation.payouts.lines import finding, saying
from budgetpool.bank.models import BankEntry
from budgetpool.keys import key_of
from employers.deposits import pairing, refunds
from employers.models import Contribution, Deposit, Employer
from employers.pledges import requests
from employers.references import clean_reference, spell_reference

# A list that is longer is searched, not read.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a part may be for.

    Args:
        part: as `saying.say` takes it, such as `request-12`.
        words: whose, or which; empty where the kind says all.
        cents: how much of a line it can take; None where any amount fits.
    """

    part: str
    words: str = ""
    cents: int | None = None

    @property
    def kind(self) -> str:
        return self.part.partition("-")[0]


def of(entry: BankEntry, words: str = "") -> list[Choice]:
    """The choices for a line.

    Args:
        words: only what has these in its name or number; without, what fits the amount first.
    """
    deposit = Deposit.objects.get(entry=entry) if entry.is_credit else None
    found = list(_for_credit(entry, words) if deposit else _for_debit(entry, words))
    found += _pairs(entry, words)
    kinds = (*saying.CHARGES, "back") if deposit else saying.CHARGES
    return found + [Choice(kind) for kind in kinds]


def _for_credit(entry: BankEntry, words: str) -> Iterator[Choice]:
    fund, left = entry.fund, saying.left_cents(entry)
    asked: Any = requests.with_paid(Contribution.objects.filter(fund=fund, withdrawn_at=None))
    asked = asked.filter(paid_cents__lt=F("amount_cents")).select_related("employer")
    if words:
        reference = clean_reference(words) or words
        asked = asked.filter(Q(employer__name__icontains=words) | Q(reference__icontains=reference))
    for row in asked.order_by("due_on", "pk")[:MOST]:
        text = f"{row.employer}, {spell_reference(row.reference)}"
        yield Choice(f"request-{row.pk}", text, row.amount_cents - row.paid_cents)
    employers = Employer.objects.filter(contributions__fund=fund).distinct()
    if words:
        employers = employers.filter(name__icontains=words)
    for employer in employers.order_by("name", "pk")[:MOST]:
        yield Choice(f"gift-{employer.pk}", str(employer))
    most = left + confirming.MOST_KEPT_CENTS
    paid = Payout.objects.filter(payee__fund=fund, status=Payout.Status.PAID)
    for payout in _payouts(paid.filter(amount_cents__lte=most), left, words):
        yield Choice(f"returned-{payout.pk}", f"{payout}, {payout.payee}", payout.amount_cents)
    owed = repaying.still_open(fund).select_related("from_provider", "award__request")
    if words:
        owed = owed.filter(from_provider__name__icontains=words)
    for debt in owed.order_by("owed_cents", "due_on", "pk")[:MOST]:
        who = f"{debt.award.request.reference}, {debt.from_provider or '–'}"
        yield Choice(f"recovery-{debt.pk}", who, debt.owed_cents)
    yield from _several_debts(entry, left)


def _several_debts(entry: BankEntry, left: int) -> Iterator[Choice]:
    debtors = (
        repaying.still_open(entry.fund)
        .filter(from_provider__isnull=False)
        .values("from_provider", "from_provider__name")
        .annotate(debts=Count("pk"), cents=Sum("owed_cents"))
        .filter(debts__gt=1, cents__gte=left)
        .order_by("from_provider__name")
    )
    for debtor in debtors[:MOST]:
        words = f"{debtor['from_provider__name']} ({debtor['debts']})"
        yield Choice(f"provider-{debtor['from_provider']}", words, debtor["cents"])


def _for_debit(entry: BankEntry, words: str) -> Iterator[Choice]:
    fund, left = entry.fund, saying.left_cents(entry)
    at_bank = Payout.objects.filter(
        payee__fund=fund,
        status=Payout.Status.BATCHED,
        batch__status=PaymentBatch.Status.APPROVED,
        amount_cents__lte=left,
    )
    batches = (
        PaymentBatch.objects.filter(pk__in=at_bank.values("batch"))
        .annotate(
            still_cents=Sum(
                "payouts__amount_cents", filter=Q(payouts__status=Payout.Status.BATCHED)
            )
        )
        .filter(still_cents__lte=left)
    )
    for batch in batches.order_by("-pk")[:MOST]:
        yield Choice(f"batch-{batch.pk}", batch.message_id, batch.still_cents)
    yield from _all_but_one(entry, left)
    for payout in _payouts(at_bank, left, words):
        yield Choice(f"payout-{payout.pk}", f"{payout}, {payout.payee}", payout.amount_cents)
    to_pay = refunds.awaiting_payment(fund).filter(amount_cents__lte=left)
    if words:
        to_pay = to_pay.filter(name__icontains=words)
    for refund in to_pay[:MOST]:
        yield Choice(f"refund-{refund.pk}", refund.name, refund.amount_cents)


def _all_but_one(entry: BankEntry, left: int) -> Iterator[Choice]:
    """Files of which the bank booked all but one payment as one line: it refused that one."""
    at_bank = Payout.objects.filter(
        payee__fund=entry.fund,
        status=Payout.Status.BATCHED,
        batch__status=PaymentBatch.Status.APPROVED,
    )
    own = at_bank.filter(batch=OuterRef("batch")).order_by().values("batch")
    missing = at_bank.annotate(
        still_cents=Subquery(own.annotate(cents=Sum("amount_cents")).values("cents"))
    ).filter(still_cents__gt=left, amount_cents=F("still_cents") - left)
    for payout in missing.select_related("batch", "payee").order_by("-batch", "pk")[:MOST]:
        words = _("%(file)s without %(payment)s") % {
            "file": payout.batch.message_id if payout.batch else "",
            "payment": f"{payout}, {payout.payee}",
        }
        yield Choice(f"allbut-{payout.pk}", words, left)


def _payouts(rows: Any, left: int, words: str) -> Iterator[Payout]:
    """Payments that fit, those of exactly this amount first."""
    if words:
        number = words.upper().removeprefix(confirming.PREFIX)
        rows = rows.filter(Q(pk=key_of(number)) | Q(payee__holder_name__icontains=words))
    exact = rows.filter(amount_cents=left).order_by("pk")[:MOST]
    rest = rows.exclude(amount_cents=left).order_by("-amount_cents", "pk")[:MOST]
    for found in (exact, rest):
        yield from found.select_related("payee")


def _pairs(entry: BankEntry, words: str) -> Iterator[Choice]:
    """Lines on the other side: of exactly this amount, or those that are looked for."""
    rows = finding.of(entry.fund)
    rows = rows.filter(amount_cents__lt=0) if entry.is_credit else rows.filter(amount_cents__gt=0)
    left = saying.left_cents(entry)
    rows = (
        finding.with_words(rows, words)
        if words
        else rows.filter(amount_cents=-left if entry.is_credit else left)
    )
    for other in rows[:MOST]:
        for kind, name in saying.PAIRS.items():
            open_cents = other.left_cents
            if name == pairing.CHARGEBACK and not entry.is_credit:
                open_cents = abs(other.amount_cents)
            if name in pairing.kinds_for(entry, other) and open_cents > 0:
                text = f"{other.date:%d-%m-%Y}, {finding.words_of(other)}"
                yield Choice(f"{kind}-{other.pk}", text, open_cents)
