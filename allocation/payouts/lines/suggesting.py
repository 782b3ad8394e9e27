"""What a line most likely is: found in its text, its account and amount, and in what was done.

A suggestion is one or more parts that one press says together. People decide; what they decided
about an account before is suggested when a line names it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F

from allocation.models import Payout
from allocation.payouts import confirming
from allocation.payouts.lines import saying
from allocation.payouts.lines.choices import Choice
from allocation.payouts.lines.choices import of as choices_of
from budgetpool.bank.models import BankEntry
from employers.deposits import pairing, suggesting
from employers.models import Charge, Contribution, Deposit, DepositMatch
from employers.pledges import requests
from employers.references import find_in_text, spell_reference

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Parts that one press says, with their amounts; `reason` is what was written before."""

    choices: tuple[Choice, ...]
    cents: tuple[int, ...]
    reason: str = ""
    is_as_before: bool = False

    @property
    def key(self) -> str:
        """What the button sends: parts and cents."""
        pairs = zip(self.choices, self.cents, strict=True)
        return "+".join(f"{choice.part}:{cents}" for choice, cents in pairs)


def of(entry: BankEntry) -> list[Suggestion]:
    """At most five suggestions, the likeliest first."""
    left = saying.left_cents(entry)
    if left <= 0:
        return []
    found: dict[str, Suggestion] = {}
    for one in _found(entry, left):
        found.setdefault(one.key, one)
    return list(found.values())[:MOST]


def _found(entry: BankEntry, left: int) -> Iterator[Suggestion]:
    choices = {choice.part: choice for choice in choices_of(entry)}
    if entry.is_credit:
        yield from _named_together(entry, left)
        yield from _came_back(entry, left)
        yield from _own(entry, left, choices)
        yield from _as_before(entry, left)
        for one in suggesting.suggest(Deposit.objects.get(entry=entry)):
            row = one.contribution
            words = f"{row.employer}, {spell_reference(row.reference)}"
            choice = Choice(f"request-{row.pk}", words, one.open_cents)
            yield Suggestion((choice,), (min(left, one.open_cents),))
    else:
        yield from _own(entry, left, choices)
        yield from _exact(left, choices, ("batch", "payout", "refund", "mended"))
        yield from _all_but_one(left, choices)
        yield from _as_before(entry, left)
        yield from _exact(left, choices, ("chargeback",))


def _named_together(entry: BankEntry, left: int) -> Iterator[Suggestion]:
    """All open requests that the text names, where they are at most the line."""
    rows: Any = requests.with_paid(Contribution.objects.filter(fund=entry.fund, withdrawn_at=None))
    asked = {
        row.reference: row
        for row in rows.filter(paid_cents__lt=F("amount_cents")).select_related("employer")
    }
    ids = {reference: row.pk for reference, row in asked.items()}
    text = f"{entry.structured_reference} | {entry.remittance} | {entry.end_to_end_id}"
    named = find_in_text(text, ids)
    chosen = [row for row in asked.values() if row.pk in named]
    cents = [row.amount_cents - row.paid_cents for row in chosen]
    if chosen and sum(cents) <= left:
        parts = tuple(
            Choice(f"request-{row.pk}", f"{row.employer}, {spell_reference(row.reference)}")
            for row in chosen
        )
        yield Suggestion(parts, tuple(cents))


def _came_back(entry: BankEntry, left: int) -> Iterator[Suggestion]:
    """A payment of ours of this amount, or a little more, that the line or its account names."""
    rows = Payout.objects.filter(
        payee__fund=entry.fund,
        status=Payout.Status.PAID,
        amount_cents__gte=left,
        amount_cents__lte=left + confirming.MOST_KEPT_CENTS,
    ).select_related("payee")
    text = f"{entry.end_to_end_id} {entry.remittance}".split()
    for payout in rows.order_by("-paid_on", "-pk")[:200]:
        if payout.end_to_end_id in text or (entry.iban and payout.payee.iban == entry.iban):
            choice = Choice(f"returned-{payout.pk}", f"{payout}, {payout.payee}")
            yield Suggestion((choice,), (left,))


def _own(entry: BankEntry, left: int, choices: dict[str, Choice]) -> Iterator[Suggestion]:
    if entry.iban in pairing.own_ibans(entry.fund):
        yield from _exact(left, choices, ("own",))


def _exact(left: int, choices: dict[str, Choice], kinds: tuple[str, ...]) -> Iterator[Suggestion]:
    for choice in choices.values():
        if choice.kind in kinds and choice.cents == left:
            yield Suggestion((choice,), (left,))


def _all_but_one(left: int, choices: dict[str, Choice]) -> Iterator[Suggestion]:
    """A file without one payment, where only one payment can be the missing one."""
    if sum(choice.kind == "allbut" for choice in choices.values()) == 1:
        yield from _exact(left, choices, ("allbut",))


def _as_before(entry: BankEntry, left: int) -> Iterator[Suggestion]:
    """What the last line with this account (or, without one, this name) was said to be."""
    same = BankEntry.objects.filter(fund=entry.fund_id).exclude(pk=entry.pk)
    if entry.iban:
        same = same.filter(iban=entry.iban)
    elif entry.name:
        same = same.filter(iban="", name=entry.name)
    else:
        return
    charge = (
        Charge.objects.filter(entry__in=same, approved_at__isnull=False, withdrawn_at=None)
        .filter(**{"entry__amount_cents__gt" if entry.is_credit else "entry__amount_cents__lt": 0})
        .order_by("-pk")
        .first()
    )
    if charge is not None:
        yield Suggestion((Choice(charge.kind),), (left,), charge.reason, is_as_before=True)
    gift = (
        DepositMatch.objects.filter(
            deposit__entry__in=same,
            undone_at=None,
            how=DepositMatch.How.HAND,
            employer__isnull=False,
            contribution=None,
        )
        .select_related("employer")
        .order_by("-pk")
        .first()
    )
    if entry.is_credit and gift is not None and gift.employer is not None:
        choice = Choice(f"gift-{gift.employer_id}", str(gift.employer))
        yield Suggestion((choice,), (left,), is_as_before=True)
