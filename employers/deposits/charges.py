"""Bank costs and interest: what the bank itself took or gave, booked to the pool by two people.

Costs of EUR 12.50 on a statement left the bank as unexplained; once approved they go
costs → unexplained and pool → costs: the pool bears them, and the turnover of the account `costs`
tells what the fund cost in a year. Interest came in as a deposit in suspense; once approved it
goes suspense → pool.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank import payments
from budgetpool.bank.importing import lock_funds
from budgetpool.bank.models import BankEntry
from budgetpool.fund import ledger, seats
from budgetpool.fund.models import Account, Fund, Seat
from budgetpool.users.models import User
from employers import access, accounts
from employers.deposits import desk
from employers.errors import AlreadyMatched, NotTreasurer, WrongState
from employers.models import Charge, Deposit

APPROVERS = {Seat.Role.TREASURER.value, Seat.Role.BOARD.value}


@transaction.atomic
def ask(*, entry: BankEntry, reason: str, by: User) -> Charge:
    """Say that a line of a statement is the bank's own: costs where it is a debit, else interest.

    No money moves until somebody else approves it.

    Args:
        entry: a payment of which nothing is explained, or a deposit in suspense.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        WrongState: it is explained, being paid back, or asked before.
        AlreadyMatched: somebody said whose the deposit is.
        ValidationError: no reason, or a long one.
    """
    fund = Fund.objects.select_related("region").get(pk=entry.fund_id)
    access.require_treasurer(actor=by, fund=fund)
    lock_funds([fund.pk])
    _drop_undone(entry)
    if Charge.objects.filter(entry=entry, withdrawn_at__isnull=True).exists():
        raise WrongState
    _require_open(entry)
    charge = Charge(
        fund=fund,
        kind=Charge.Kind.INTEREST if entry.is_credit else Charge.Kind.COSTS,
        entry=entry,
        amount_cents=abs(entry.amount_cents),
        reason=reason,
        asked_by=by,
    )
    charge.full_clean()
    charge.save()
    _record(by, "charge.asked", charge)
    return charge


@transaction.atomic
def approve(*, charge: Charge, by: User) -> Charge:
    """Approve what somebody else asked, and book it.

    Raises:
        NotTreasurer: neither a treasurer nor in the board of the region.
        SamePerson, WrongState.
        AlreadyMatched, MoreThanPaid: the line was explained otherwise meanwhile.
        NotEnoughMoney: the pool holds less than the costs.
    """
    locked = _lock(charge)
    if not seats.holds(by, region=locked.fund.region, roles=APPROVERS):
        raise NotTreasurer(region=locked.fund.region.name)
    locked.approve_as(by)
    pool = accounts.general_pool(locked.fund)
    if locked.kind == Charge.Kind.INTEREST:
        deposit = desk.lock(Deposit.objects.get(entry=locked.entry))
        desk.place(deposit=deposit, account=pool, memo="interest", by=by)
    else:
        _bear(locked, pool, by)
    _record(by, "charge.approved", locked)
    return locked


@transaction.atomic
def withdraw(*, charge: Charge, by: User) -> Charge:
    """Drop what was asked and not approved: the line waits for another explanation.

    Raises:
        NotTreasurer, WrongState.
    """
    locked = _lock(charge)
    access.require_treasurer(actor=by, fund=locked.fund)
    if locked.approved_at or locked.withdrawn_at:
        raise WrongState
    locked.withdrawn_at = timezone.now()
    locked.save()
    _record(by, "charge.withdrawn", locked)
    return locked


def to_approve(fund: Fund) -> QuerySet[Charge]:
    """What waits for a second person, the oldest first."""
    waiting = Charge.objects.filter(fund=fund, approved_at=None, withdrawn_at=None)
    return waiting.select_related("entry", "asked_by").order_by("pk")


def booked(fund: Fund) -> QuerySet[Charge]:
    """What was approved, the newest line first."""
    rows = Charge.objects.filter(fund=fund, approved_at__isnull=False, withdrawn_at=None)
    return rows.select_related("entry", "asked_by", "approved_by").order_by("-entry__date", "-pk")


def candidates(fund: Fund, deposits: QuerySet[Deposit]) -> Sequence[BankEntry]:
    """The lines of statements that may be the bank's own, the newest first.

    Args:
        deposits: those in suspense; the desk's queue knows them.
    """
    asked = Charge.objects.filter(fund=fund, withdrawn_at=None).values("entry")
    left = payments.unexplained(fund).filter(payment_parts=None).exclude(pk__in=asked)
    came = [row.entry for row in deposits.exclude(entry__in=asked).select_related("entry")]
    return sorted([*left, *came], key=lambda entry: (entry.date, entry.pk), reverse=True)


def _bear(charge: Charge, pool: Account, by: User) -> None:
    costs = ledger.open_account(fund=charge.fund, kind=Account.Kind.COSTS, code="costs")
    part = payments.Part(
        debit=costs,
        amount_cents=charge.amount_cents,
        reference=f"charge:{charge.pk}:explained",
        memo="costs",
    )
    payments.explain(entry=charge.entry, parts=[part], by=by)
    ledger.post(
        debit=pool,
        credit=costs,
        amount=charge.amount_cents,
        reference=f"charge:{charge.pk}:borne",
        memo="costs",
        value_date=charge.entry.date,
        posted_by=by,
    )


def _require_open(entry: BankEntry) -> None:
    if not entry.is_credit:
        if entry.payment_parts.exists():
            raise WrongState
        return
    deposit = Deposit.objects.get(entry=entry)
    match = desk.current_match(deposit)
    if match is not None:
        raise AlreadyMatched(employer=match.employer or match.account)
    if desk.free_cents(deposit) != deposit.amount_cents:
        raise WrongState


def _drop_undone(entry: BankEntry) -> None:
    """Interest that was undone at the desk is free to be explained again."""
    charge = Charge.objects.filter(
        entry=entry, kind=Charge.Kind.INTEREST, approved_at__isnull=False, withdrawn_at=None
    ).first()
    if charge is not None and desk.current_match(Deposit.objects.get(entry=entry)) is None:
        charge.withdrawn_at = timezone.now()
        charge.save()


def _lock(charge: Charge) -> Charge:
    lock_funds([charge.fund_id])
    return Charge.objects.select_related("fund__region", "entry").get(pk=charge.pk)


def _record(by: User, action: str, charge: Charge) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=charge,
        region_code=charge.fund.region.code,
        amount_cents=charge.amount_cents,
    )
