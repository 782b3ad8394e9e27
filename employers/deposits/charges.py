"""What the bank or the tax office takes or gives, booked to the pool by two people.

Costs of EUR 12.50 on a statement left the bank as unexplained; once approved they go
costs → unexplained and pool → costs: the pool bears them, and the turnover of the account `costs`
tells what the fund cost in a year. Interest came in as a deposit in suspense; once approved it
goes suspense → pool. A line may be costs for a part only.
"""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from budgetpool import written
from budgetpool.audit import trail
from budgetpool.bank import payments
from budgetpool.bank.importing import lock_funds
from budgetpool.bank.models import BankEntry
from budgetpool.fund import ledger, second_person, third_person
from budgetpool.fund.models import Account, Fund, Transfer
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from employers import access, accounts
from employers.deposits import desk, room
from employers.models import Charge, Deposit


@transaction.atomic
def ask(
    *,
    entry: BankEntry,
    reason: str,
    by: User,
    kind: str | None = None,
    amount_cents: int | None = None,
) -> Charge:
    """Say that a line of a statement, or a part of it, is the bank's or the tax office's.

    No money moves until somebody else approves it.

    Args:
        entry: a payment or a deposit that is not wholly explained.
        kind: costs where it is a debit and interest where it is a credit, if absent.
        amount_cents: all that is left of the line, if absent.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        WrongState: this kind of part waits for approval or stands.
        AlreadyMatched: somebody said whose the deposit is.
        MoreThanLeft: more than is left of the line, or nothing.
        ValidationError: no reason, or a long one.
    """
    fund = Fund.objects.select_related("region").get(pk=entry.fund_id)
    second_person.require_first("charge", by=by, fund=fund)
    lock_funds([fund.pk])
    usual = Charge.Kind.INTEREST if entry.is_credit else Charge.Kind.COSTS
    chosen = Charge.Kind(kind) if kind else usual
    _drop_undone(entry)
    if Charge.objects.filter(entry=entry, kind=chosen, withdrawn_at__isnull=True).exists():
        raise WrongStep("wrong_state")
    charge = Charge(
        fund=fund,
        kind=chosen,
        entry=entry,
        amount_cents=_open_part(entry, amount_cents),
        reason=reason,
        asked_by=by,
    )
    charge.full_clean()
    charge.save()
    _record(by, "charge.asked", charge)
    return charge


@transaction.atomic
def approve(*, charge: Charge, by: User) -> Charge:
    """Approve what somebody else asked, and book it; of what left, everybody else hears.

    Raises:
        NotSecond: neither a treasurer nor in the board of the region.
        SamePerson, WrongState.
        AlreadyMatched, MoreThanLeft, MoreThanPaid: the line was explained otherwise meanwhile.
        NotEnoughMoney: the pool holds less than the costs.
        NobodyToTell.
    """
    locked = _lock(charge)
    second_person.require_second("charge", by=by, fund=locked.fund, first=locked.asked_by_id)
    locked.approve_as(by)
    pool = accounts.general_pool(locked.fund)
    if locked.entry.is_credit:
        deposit = desk.lock(Deposit.objects.get(entry=locked.entry))
        desk.place(
            deposit=deposit,
            account=pool,
            memo=locked.kind,
            by=by,
            amount_cents=locked.amount_cents,
        )
    else:
        _bear(locked, pool, by)
        third_person.tell(
            fund=locked.fund,
            what="charge",
            key=f"charge:{locked.pk}:approved",
            by=[locked.asked_by_id, by.pk],
            amount_cents=locked.amount_cents,
            path=f"/treasurer/{locked.fund.region.slug}/charges",
        )
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
        raise WrongStep("wrong_state")
    locked.withdrawn_at = timezone.now()
    locked.save()
    _record(by, "charge.withdrawn", locked)
    return locked


@transaction.atomic
def undo(*, charge: Charge, reason: str, by: User) -> Charge:
    """Take back what was approved of a payment: its money is unexplained, and the pool has it.

    What was approved of a deposit is undone at the deposit.

    Raises:
        NotTreasurer.
        WrongState: not approved, undone before, or of a deposit.
        ValidationError: no reason.
    """
    locked = _lock(charge)
    access.require_treasurer(actor=by, fund=locked.fund)
    if locked.withdrawn_at or locked.payment is None:
        raise WrongStep("wrong_state")
    borne = Transfer.objects.get(reference=f"charge:{locked.pk}:borne")
    ledger.correct(transfer=borne, note=reason, posted_by=by)
    payments.undo(part=locked.payment, reason=reason, by=by)
    locked.withdrawn_at = timezone.now()
    locked.save()
    _record(by, "charge.undone", locked)
    return locked


def not_approved(fund: Fund, until: date) -> Iterator[str]:
    """For the closing of a month: costs and tax on lines until a day that nobody approved yet."""
    waiting = to_approve(fund).filter(entry__amount_cents__lt=0, entry__date__lte=until)
    cents = waiting.order_by().aggregate(sum=Sum("amount_cents"))["sum"]
    if cents:
        words = {"amount": written.euros(cents)}
        yield _("Of it %(amount)s is costs or tax that wait for approval.") % words


def to_approve(fund: Fund) -> QuerySet[Charge]:
    """What waits for a second person, the oldest first."""
    waiting = Charge.objects.filter(fund=fund, approved_at=None, withdrawn_at=None)
    return waiting.select_related("entry", "asked_by").order_by("pk")


def booked(fund: Fund) -> QuerySet[Charge]:
    """What was approved, the newest line first."""
    rows = Charge.objects.filter(fund=fund, approved_at__isnull=False, withdrawn_at=None)
    return rows.select_related("entry", "asked_by", "approved_by").order_by("-entry__date", "-pk")


def _bear(charge: Charge, pool: Account, by: User) -> None:
    costs = accounts.costs(charge.fund)
    part = payments.Part(
        debit=costs,
        amount_cents=charge.amount_cents,
        reference=f"charge:{charge.pk}:explained",
        memo=charge.kind,
    )
    (charge.payment,) = payments.explain(entry=charge.entry, parts=[part], by=by)
    charge.save()
    ledger.post(
        debit=pool,
        credit=costs,
        amount=charge.amount_cents,
        reference=f"charge:{charge.pk}:borne",
        memo=charge.kind,
        value_date=None if charge.payment.is_late else charge.entry.date,
        posted_by=by,
    )


def _open_part(entry: BankEntry, asked_cents: int | None) -> int:
    """How much of a line becomes a charge: what is asked, or all that is left."""
    if entry.is_credit:
        deposit = Deposit.objects.get(entry=entry)
        left = desk.free_cents(deposit)
        match = desk.current_match(deposit)
        if left <= 0 and match is not None:
            raise NotReady("already_matched", employer=match.employer or match.account)
    else:
        left = room.of_payment(entry)
    cents = left if asked_cents is None else asked_cents
    if not 0 < cents <= left:
        raise NotReady("more_than_left", left_cents=max(left, 0))
    return cents


def _drop_undone(entry: BankEntry) -> None:
    """What was approved of a deposit and undone at the desk is free to be explained again."""
    if not entry.is_credit:
        return
    stands = {match.memo for match in desk.standing(Deposit.objects.get(entry=entry))}
    approved = Charge.objects.filter(
        entry=entry, approved_at__isnull=False, withdrawn_at=None
    ).exclude(kind__in=stands)
    for charge in approved:
        charge.withdrawn_at = timezone.now()
        charge.save()


def _lock(charge: Charge) -> Charge:
    lock_funds([charge.fund_id])
    return Charge.objects.select_related("fund__region", "entry", "payment").get(pk=charge.pk)


def _record(by: User, action: str, charge: Charge) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=charge,
        region_code=charge.fund.region.code,
        amount_cents=charge.amount_cents,
    )
