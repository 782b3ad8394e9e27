"""The treasurer's hand: match a deposit, or undo a wrong match."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.bank.importing import lock_funds
from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Transfer
from budgetpool.users.models import User
from employers import access, accounts
from employers.errors import AlreadyMatched, AlreadySpent, NothingLeft, NotMatched, OtherFund
from employers.models import Contribution, Deposit, DepositMatch, Employer


@transaction.atomic
def match_by_hand(
    *,
    deposit: Deposit,
    by: User,
    contribution: Contribution | None = None,
    employer: Employer | None = None,
) -> DepositMatch:
    """Say whose a deposit in suspense is: for one request, or a gift of an employer.

    Its money goes suspense → employer → pool. What is being paid back stays in suspense.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        AlreadyMatched: somebody said so before.
        OtherFund: the request is another fund's.
        NothingLeft: all of it is being paid back.
    """
    payer = contribution.employer if contribution else employer
    if payer is None:
        raise ValueError("Give a contribution or an employer.")
    if contribution is not None and contribution.fund_id != deposit.fund_id:
        raise OtherFund
    locked = lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    pool = accounts.pool_for(contribution) if contribution else accounts.general_pool(locked.fund)
    match = _new_match(locked, pool, by, employer=payer, contribution=contribution)
    own = accounts.of_employer(fund=locked.fund, employer=payer)
    _post(
        (accounts.suspense(locked.fund), own, f"{_name(match)}:matched:{match.number}", "matched"),
        (own, pool, f"{_name(match)}:joined:{match.number}", "joined_pool"),
        match=match,
    )
    _record(by, "deposit.matched", match)
    return match


@transaction.atomic
def assign(*, deposit: Deposit, account: Account, memo: str, by: User) -> DepositMatch:
    """Say that a deposit in suspense is no contribution: a payment that came back, for instance.

    Args:
        account: where the money belongs, such as the award whose payout was rejected.
        memo: a code of `budgetpool.fund.memos`.

    Raises: as `match_by_hand`.
    """
    locked = lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    return place(deposit=locked, account=account, memo=memo, by=by)


def place(*, deposit: Deposit, account: Account, memo: str, by: User) -> DepositMatch:
    """The same for a caller who checked that the actor may, within their transaction.

    Args:
        deposit: as `lock` gave it.

    Raises:
        AlreadyMatched, OtherFund, NothingLeft: as `match_by_hand`.
    """
    if account.fund_id != deposit.fund_id:
        raise OtherFund
    match = _new_match(deposit, account, by)
    _post(
        (accounts.suspense(deposit.fund), account, f"{_name(match)}:matched:{match.number}", memo),
        match=match,
    )
    _record(by, "deposit.assigned", match)
    return match


@transaction.atomic
def undo(*, deposit: Deposit, reason: str, by: User) -> DepositMatch:
    """Take a wrong match back with correcting transfers: the money is in suspense again.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        NotMatched: there is no match.
        AlreadySpent: the pool holds less than the deposit by now.
        ValidationError: no reason, or a long one.
    """
    locked = lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    match = current_match(locked)
    if match is None:
        raise NotMatched
    if not reason.strip():
        raise ValidationError(_("Say why this match is wrong."), code="reason")
    match.undone_at = timezone.now()
    match.undone_by = by
    match.undone_reason = reason
    match.full_clean(validate_constraints=False)
    name, number = _name(match), match.number
    try:
        if match.employer is None:
            ledger.correct(
                transfer=Transfer.objects.get(reference=f"{name}:matched:{number}"),
                note=reason,
                posted_by=by,
            )
        else:
            own = accounts.of_employer(fund=locked.fund, employer=match.employer)
            ledger.correct(
                transfer=Transfer.objects.get(reference=f"{name}:joined:{number}"),
                note=reason,
                posted_by=by,
            )
            _post(
                (own, accounts.suspense(locked.fund), f"{name}:unmatched:{number}", "correction"),
                match=match,
            )
    except ledger.NotEnoughMoney as error:
        raise AlreadySpent(account=match.account) from error
    match.save()
    _record(by, "deposit.unmatched", match)
    return match


def lock(deposit: Deposit) -> Deposit:
    """The deposit as it is now, with its fund locked against other hands and imports."""
    lock_funds([deposit.fund_id])
    return Deposit.objects.select_related("fund__region", "entry").get(pk=deposit.pk)


def current_match(deposit: Deposit) -> DepositMatch | None:
    """Whose the deposit is now."""
    return (
        deposit.matches.filter(undone_at__isnull=True)
        .select_related("employer", "contribution", "account")
        .first()
    )


def free_cents(deposit: Deposit) -> int:
    """How much of it is not being paid back, in cents."""
    back = deposit.refunds.filter(withdrawn_at__isnull=True).aggregate(sum=Sum("amount_cents"))
    return deposit.amount_cents - (back["sum"] or 0)


def _new_match(
    deposit: Deposit,
    account: Account,
    by: User,
    *,
    employer: Employer | None = None,
    contribution: Contribution | None = None,
) -> DepositMatch:
    present = current_match(deposit)
    if present is not None:
        raise AlreadyMatched(employer=present.employer or present.account)
    amount_cents = free_cents(deposit)
    if amount_cents <= 0:
        raise NothingLeft
    match = DepositMatch(
        deposit=deposit,
        number=deposit.matches.count() + 1,
        employer=employer,
        contribution=contribution,
        account=account,
        amount_cents=amount_cents,
        how=DepositMatch.How.HAND,
        matched_by=by,
    )
    match.full_clean()
    match.save()
    return match


def _post(*steps: tuple[Account, Account, str, str], match: DepositMatch) -> None:
    ledger.post_many(
        ledger.Entry(
            debit=debit,
            credit=credit,
            amount=match.amount_cents,
            reference=reference,
            memo=memo,
            posted_by=match.undone_by or match.matched_by,
        )
        for debit, credit, reference, memo in steps
    )


def _name(match: DepositMatch) -> str:
    return f"deposit:{match.deposit_id}"


def _record(by: User, action: str, match: DepositMatch) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=match.deposit,
        region_code=match.deposit.fund.region.code,
        match=match.pk,
        amount_cents=match.amount_cents,
    )
