"""Which requests a deposit that nobody recognised may be for; the treasurer decides."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.db.models import F

from budgetpool.bank.models import BankEntry
from employers.models import Contribution, Deposit, DepositMatch, EmployerIban
from employers.pledges import requests
from employers.references import clean_reference

MOST: Final = 5
SLIPS: Final = 2
NEAR_REFERENCE, SAME_ACCOUNT, SAME_AMOUNT, SAME_NAME = 4, 3, 2, 1
LEAST: Final = SAME_AMOUNT


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A request with what is open of it, in cents; the likelier, the higher its weight."""

    contribution: Contribution
    open_cents: int
    weight: int


def suggest(deposit: Deposit) -> list[Suggestion]:
    """At most five open requests of the fund that the deposit may pay, the likeliest first.

    A reference with up to two wrong signs, the employer's own account (also one that only earlier
    deposits showed), the exact amount and the employer's name in the payer's speak for a request;
    a name alone does not suffice.
    """
    entry = deposit.entry
    text = clean_reference(f"{entry.structured_reference}{entry.remittance}{entry.end_to_end_id}")
    payers = _payers(entry)
    asked: Any = requests.with_paid(
        Contribution.objects.filter(fund=deposit.fund_id, withdrawn_at__isnull=True)
    )
    found = []
    for row in asked.filter(paid_cents__lt=F("amount_cents")).select_related("employer"):
        left = row.amount_cents - row.paid_cents
        weight = (
            NEAR_REFERENCE * _nearly_in(row.reference, text)
            + SAME_ACCOUNT * (row.employer_id in payers)
            + SAME_AMOUNT * (left == deposit.amount_cents)
            + SAME_NAME * (row.employer.name.lower() in entry.name.lower())
        )
        if weight >= LEAST:
            found.append(Suggestion(row, left, weight))
    found.sort(key=lambda one: (-one.weight, one.contribution.due_on, one.contribution.pk))
    return found[:MOST]


def _payers(entry: BankEntry) -> set[int]:
    """Whose account this is: by their own word, or by what was said of its earlier deposits."""
    if not entry.iban:
        return set()
    own = EmployerIban.objects.filter(iban=entry.iban).values_list("employer", flat=True)
    before = DepositMatch.objects.filter(
        deposit__fund=entry.fund_id,
        deposit__entry__iban=entry.iban,
        undone_at=None,
        employer__isnull=False,
    ).values_list("employer", flat=True)
    return {*own, *before}


def _nearly_in(reference: str, text: str) -> bool:
    """Whether the reference stands in the text with at most two other signs."""
    size = len(reference)
    # Of so many pieces and one more at least one has no slip: most references need no more.
    cut = [size * part // (SLIPS + 1) for part in range(SLIPS + 2)]
    if not any(reference[begin:end] in text for begin, end in pairwise(cut)):
        return False
    return any(
        sum(a != b for a, b in zip(reference, text[at : at + size], strict=True)) <= SLIPS
        for at in range(len(text) - size + 1)
    )
