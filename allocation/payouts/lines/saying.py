"""Say what a line of a statement, or a part of it, was; each kind of part has its verb here.

A part is named by its kind and the key of what it is for: `request-12`, `payout-7`, `costs`.
Parts are at most what is left of the line, and a line is explained when they add up to it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from allocation.models import PaymentBatch, Payout
from allocation.payouts import confirming, repaying
from allocation.rules import payer_access
from budgetpool.bank.models import BankEntry
from budgetpool.fund.models import Fund
from budgetpool.keys import key_of
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from employers.deposits import charges, desk, pairing, refunds, room
from employers.models import Charge, Contribution, Deposit, Employer, Refund

CHARGES: Final = tuple(Charge.Kind.values)
# Kinds that nothing is chosen for.
ALONE: Final = (*CHARGES, "back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says about a part of a line."""

    entry: BankEntry
    kind: str
    key: int
    amount_cents: int | None
    reason: str
    actor: User
    iban: str = ""

    @property
    def fund(self) -> Fund:
        return self.entry.fund

    @property
    def deposit(self) -> Deposit:
        return Deposit.objects.get(entry=self.entry)


def say(
    *,
    entry: BankEntry,
    part: str,
    actor: User,
    amount_cents: int | None = None,
    reason: str = "",
    iban: str = "",
) -> None:
    """Say what a part of a line was.

    Args:
        part: a kind, or a kind and a key, such as `request-12`.
        amount_cents: how much of the line; all that fits, if absent.
        reason: for what two people decide, and for what is undone by it.
        iban: where to send money back, if the bank does not show where it came from.

    Raises:
        NotAllowed: no treasurer of the fund.
        NotReady: `no_such_part`, or what the verb of this kind refuses.
    """
    payer_access.require_treasurer(actor, entry.fund)
    kind, _dash, key = part.partition("-")
    verb = (CREDITS if entry.is_credit else DEBITS).get(kind)
    number = key_of(key) or 0
    if verb is None or (not number and kind not in ALONE):
        raise NotReady("no_such_part")
    said = Said(
        entry=entry,
        kind=kind,
        key=number,
        amount_cents=amount_cents,
        reason=reason,
        actor=actor,
        iban=iban,
    )
    verb(said)


def left_cents(entry: BankEntry) -> int:
    """How much of a line is left to explain, in cents; what waits for approval is explained."""
    if entry.is_credit:
        return desk.free_cents(Deposit.objects.get(entry=entry))
    return room.of_payment(entry)


def _found(rows: Any, said: Said) -> Any:
    found = rows.filter(pk=said.key).first()
    if found is None:
        raise NotReady("no_such_part")
    return found


def _request(said: Said) -> None:
    asked = _found(Contribution.objects.filter(fund=said.fund, withdrawn_at=None), said)
    desk.match_by_hand(
        deposit=said.deposit, contribution=asked, amount_cents=said.amount_cents, by=said.actor
    )


def _gift(said: Said) -> None:
    employers = Employer.objects.filter(contributions__fund=said.fund).distinct()
    desk.match_by_hand(
        deposit=said.deposit,
        employer=_found(employers, said),
        amount_cents=said.amount_cents,
        by=said.actor,
    )


def _returned(said: Said) -> None:
    confirming.returned(
        payout=_found(Payout.objects.filter(payee__fund=said.fund), said),
        deposit=said.deposit,
        actor=said.actor,
        amount_cents=said.amount_cents,
    )


def _recovery(said: Said) -> None:
    repaying.receive(
        recovery=_found(repaying.still_open(said.fund), said),
        deposit=said.deposit,
        actor=said.actor,
        amount_cents=said.amount_cents,
    )


def _provider(said: Said) -> None:
    owed = repaying.still_open(said.fund).filter(from_provider=said.key)
    debt = owed.select_related("from_provider").first()
    if debt is None:
        raise NotReady("no_such_part")
    repaying.receive_all(provider=debt.from_provider, deposit=said.deposit, actor=said.actor)


def _back(said: Said) -> None:
    deposit = said.deposit
    refunds.ask(
        deposit=deposit,
        reason=said.reason,
        by=said.actor,
        amount_cents=said.amount_cents or desk.free_cents(deposit),
        iban=said.iban,
    )


def _charge(said: Said) -> None:
    charges.ask(
        entry=said.entry,
        kind=said.kind,
        amount_cents=said.amount_cents,
        reason=said.reason,
        by=said.actor,
    )


def _pair(said: Said) -> None:
    other = _found(
        BankEntry.objects.filter(fund=said.fund).select_related("statement", "fund"), said
    )
    if other.is_credit == said.entry.is_credit:
        raise NotReady("no_such_part")
    debit, credit = (other, said.entry) if said.entry.is_credit else (said.entry, other)
    pairing.pair(
        debit=debit,
        deposit=Deposit.objects.get(entry=credit),
        kind=PAIRS[said.kind],
        by=said.actor,
        amount_cents=said.amount_cents,
        reason=said.reason,
    )


def _payout(said: Said) -> None:
    payout = _found(Payout.objects.filter(payee__fund=said.fund), said)
    if not confirming.confirm_payouts(payouts=[payout], entry=said.entry, actor=said.actor):
        raise NotReady("no_such_part")


def _batch(said: Said) -> None:
    batch = _found(PaymentBatch.objects.filter(fund=said.fund), said)
    at_bank = list(batch.payouts.filter(status=Payout.Status.BATCHED))
    if not at_bank:
        raise NotReady("no_such_part")
    confirming.confirm_payouts(payouts=at_bank, entry=said.entry, actor=said.actor)


def _all_but(said: Said) -> None:
    """A whole file without one payment, which the bank refused before it booked the rest."""
    left_out = _found(Payout.objects.filter(payee__fund=said.fund, batch__isnull=False), said)
    others = Payout.objects.filter(batch=left_out.batch, status=Payout.Status.BATCHED)
    at_bank = list(others.exclude(pk=left_out.pk))
    if not at_bank:
        raise NotReady("no_such_part")
    confirming.confirm_payouts(payouts=at_bank, entry=said.entry, actor=said.actor)


def _refund(said: Said) -> None:
    refund = _found(Refund.objects.filter(deposit__fund=said.fund), said)
    refunds.confirm_paid(refund=refund, entry=said.entry, by=said.actor)


PAIRS: Final = {"own": pairing.OWN, "chargeback": pairing.CHARGEBACK, "mended": pairing.MENDED}
_BOTH: Final[dict[str, Callable[[Said], None]]] = {
    **dict.fromkeys(CHARGES, _charge),
    **dict.fromkeys(PAIRS, _pair),
}
CREDITS: Final = _BOTH | {
    "request": _request,
    "gift": _gift,
    "returned": _returned,
    "recovery": _recovery,
    "provider": _provider,
    "back": _back,
}
DEBITS: Final = _BOTH | {
    "payout": _payout,
    "batch": _batch,
    "allbut": _all_but,
    "refund": _refund,
}
