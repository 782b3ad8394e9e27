"""The treasurer's hand: say whose a deposit is, wholly or part by part, or undo what was wrong."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.bank import payments
from budgetpool.bank.importing import lock_funds
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Transfer
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from employers import access, accounts
from employers.deposits import room
from employers.models import Contribution, Deposit, DepositMatch, Employer

# Undoing this changes the payment too, so the desk above does it.
RETURNED = "payment_returned"


@transaction.atomic
def match_by_hand(
    *,
    deposit: Deposit,
    by: User,
    contribution: Contribution | None = None,
    employer: Employer | None = None,
    amount_cents: int | None = None,
) -> DepositMatch:
    """Say whose a deposit in suspense is: for one request, or a gift of an employer.

    Its money goes suspense → employer → pool. What is being paid back stays in suspense.

    Args:
        amount_cents: a part of the deposit; all that is left of it if absent. EUR 800 pays a
            request of EUR 300 and one of EUR 500 by two calls.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        AlreadyMatched: somebody said so before.
        OtherFund: the request is another fund's.
        DepositReturned: all of it is being paid back.
        MoreThanLeft: the part is more than what is left, or nothing.
    """
    payer = contribution.employer if contribution else employer
    if payer is None:
        raise ValueError("Give a contribution or an employer.")
    if contribution is not None and contribution.fund_id != deposit.fund_id:
        raise NotReady("other_fund")
    locked = lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    pool = accounts.pool_for(contribution) if contribution else accounts.general_pool(locked.fund)
    match = _new_match(locked, pool, by, amount_cents, employer=payer, contribution=contribution)
    own = accounts.of_employer(fund=locked.fund, employer=payer)
    _post(
        (accounts.suspense(locked.fund), own, f"{_name(match)}:matched:{match.number}", "matched"),
        (own, pool, f"{_name(match)}:joined:{match.number}", "joined_pool"),
        match=match,
    )
    _record(by, "deposit.matched", match)
    return match


@transaction.atomic
def assign(
    *, deposit: Deposit, account: Account, memo: str, by: User, amount_cents: int | None = None
) -> DepositMatch:
    """Say that a deposit in suspense is no contribution: a payment that came back, for instance.

    Args:
        account: where the money belongs, such as the award whose payout was rejected.
        memo: a code of `budgetpool.fund.memos`.
        amount_cents: a part of it; all that is left if absent.

    Raises: as `match_by_hand`.
    """
    locked = lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    return place(deposit=locked, account=account, memo=memo, by=by, amount_cents=amount_cents)


def place(
    *,
    deposit: Deposit,
    account: Account,
    memo: str,
    by: User | None,
    amount_cents: int | None = None,
    kept_cents: int = 0,
) -> DepositMatch:
    """The same for a caller who checked that the actor may, within their transaction.

    Args:
        deposit: as `lock` gave it.
        kept_cents: what the bank kept of a payment that came back. EUR 599.50 came back of
            EUR 600.00: the award has its EUR 600.00 again, and the pool bears EUR 0.50 as costs.

    Raises:
        AlreadyMatched, OtherFund, DepositReturned, MoreThanLeft: as `match_by_hand`.
    """
    if account.fund_id != deposit.fund_id:
        raise NotReady("other_fund")
    match = _new_match(deposit, account, by, amount_cents, memo=memo, kept_cents=kept_cents)
    name, number = _name(match), match.number
    _post(
        (accounts.suspense(deposit.fund), account, f"{name}:matched:{number}", memo),
        match=match,
    )
    if kept_cents:
        costs, pool = accounts.costs(deposit.fund), accounts.general_pool(deposit.fund)
        _post(
            (costs, account, f"{name}:kept:{number}", "costs"),
            (pool, costs, f"{name}:borne:{number}", "costs"),
            match=match,
            amount_cents=kept_cents,
        )
    _record(by, "deposit.assigned", match)
    return match


@transaction.atomic
def undo(*, deposit: Deposit, reason: str, by: User) -> list[DepositMatch]:
    """Take everything that was said about a deposit back: its money is in suspense again.

    Raises: as `undo_match`; `NotMatched` where nothing was said.
    """
    locked = lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    matches = standing(locked)
    if not matches:
        raise NotReady("not_matched")
    return [undo_match(match=match, reason=reason, by=by) for match in matches]


@transaction.atomic
def undo_match(*, match: DepositMatch, reason: str, by: User) -> DepositMatch:
    """Take one wrong part back with correcting transfers: its money is in suspense again.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        NotMatched: it was undone before.
        AlreadySpent: the pool holds less than the part by now.
        UndoAtPayment: it is a payment that came back.
        ValidationError: no reason, or a long one.
    """
    locked = lock(match.deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    if match.memo == RETURNED:
        raise WrongStep("undo_at_payment")
    return take_back(match=match, reason=reason, by=by)


def take_back(*, match: DepositMatch, reason: str, by: User) -> DepositMatch:
    """The same for a caller who checked that the actor may, and holds the fund's lock."""
    row = DepositMatch.objects.filter(pk=match.pk, undone_at=None)
    fresh = row.select_related("deposit__fund__region", "employer", "account").first()
    if fresh is None:
        raise NotReady("not_matched")
    if not reason.strip():
        raise ValidationError(_("Say why this match is wrong."), code="reason")
    fresh.undone_at = timezone.now()
    fresh.undone_by = by
    fresh.undone_reason = reason
    fresh.full_clean(validate_constraints=False)
    try:
        _correct(fresh, reason, by)
    except NotReady as error:
        if error.code != "not_enough_money":
            raise
        raise NotReady("already_spent", account=fresh.account) from error
    fresh.save()
    _record(by, "deposit.unmatched", fresh)
    return fresh


def _correct(match: DepositMatch, reason: str, by: User) -> None:
    name, number = _name(match), match.number
    steps = ["borne", "kept"] if match.kept_cents else []
    steps.append("joined" if match.employer else "matched")
    for step in steps:
        transfer = Transfer.objects.get(reference=f"{name}:{step}:{number}")
        ledger.correct(transfer=transfer, note=reason, posted_by=by)
    if match.employer is not None:
        own = accounts.of_employer(fund=match.deposit.fund, employer=match.employer)
        suspense = accounts.suspense(match.deposit.fund)
        _post((own, suspense, f"{name}:unmatched:{number}", "correction"), match=match)
    elif match.account.kind == Account.Kind.UNEXPLAINED:
        payments.undo(part=transfer.payment_part, reason=reason, by=by)


def lock(deposit: Deposit) -> Deposit:
    """The deposit as it is now, with its fund locked against other hands and imports."""
    lock_funds([deposit.fund_id])
    return Deposit.objects.select_related("fund__region", "entry").get(pk=deposit.pk)


def standing(deposit: Deposit) -> Sequence[DepositMatch]:
    """What was said about it and stands, part by part."""
    rows = deposit.matches.filter(undone_at__isnull=True)
    return list(rows.select_related("employer", "contribution", "account").order_by("number"))


def current_match(deposit: Deposit) -> DepositMatch | None:
    """Whose the deposit is now; its first part where it has several."""
    return next(iter(standing(deposit)), None)


def free_cents(deposit: Deposit) -> int:
    """How much of it belongs to nobody yet, also as interest, and is not paid back, in cents."""
    back = deposit.refunds.filter(withdrawn_at__isnull=True).aggregate(sum=Sum("amount_cents"))
    taken = sum(match.amount_cents for match in standing(deposit))
    return deposit.amount_cents - taken - (back["sum"] or 0) - room.waiting_cents(deposit.entry)


def _new_match(
    deposit: Deposit,
    account: Account,
    by: User | None,
    amount_cents: int | None,
    **facts: Any,
) -> DepositMatch:
    free = free_cents(deposit)
    if free <= 0:
        present = current_match(deposit)
        if present is not None:
            raise NotReady("already_matched", employer=present.employer or present.account)
        raise NotReady("deposit_returned")
    amount = free if amount_cents is None else amount_cents
    if not 0 < amount <= free:
        raise NotReady("more_than_left", left_cents=free)
    match = DepositMatch(
        deposit=deposit,
        number=deposit.matches.count() + 1,
        account=account,
        amount_cents=amount,
        how=DepositMatch.How.HAND,
        matched_by=by,
        **facts,
    )
    match.full_clean()
    match.save()
    return match


def _post(
    *steps: tuple[Account, Account, str, str], match: DepositMatch, amount_cents: int = 0
) -> None:
    ledger.post_many(
        ledger.Entry(
            debit=debit,
            credit=credit,
            amount=amount_cents or match.amount_cents,
            reference=reference,
            memo=memo,
            posted_by=match.undone_by or match.matched_by,
        )
        for debit, credit, reference, memo in steps
    )


def _name(match: DepositMatch) -> str:
    return f"deposit:{match.deposit_id}"


def _record(by: User | None, action: str, match: DepositMatch) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=match.deposit,
        region_code=match.deposit.fund.region.code,
        match=match.pk,
        amount_cents=match.amount_cents,
    )
