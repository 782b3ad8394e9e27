"""What an opening balance is meant for: each part of it joins a pool, said by two people.

EUR 10,000.00 that an account held before the books began stands in opening-balance, where no round
can spend it. EUR 8,000.00 of it is free (opening-balance → pool), EUR 2,000.00 belongs to an
earmark (opening-balance → the pool with that rule). What was said wrongly is undone by a
correcting transfer, as long as the pool still has the money.
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from budgetpool.audit import trail
from budgetpool.bank.importing import lock_funds
from budgetpool.bank.models import OpeningBalance, OpeningShare
from budgetpool.bank.opening import account_of
from budgetpool.fund import ledger, second_person
from budgetpool.fund.facts import Expected, FactSource
from budgetpool.fund.models import Account, Fund, Transfer
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User

STEP = "opening"


@transaction.atomic
def ask(
    *,
    opening: OpeningBalance,
    account: Account,
    reason: str,
    by: User,
    amount_cents: int | None = None,
) -> OpeningShare:
    """Say which pool a part of an opening balance belongs to; nothing moves until a second agrees.

    Args:
        account: the general pool, or that of an earmark.
        amount_cents: all that is left of the opening balance, if absent.
        reason: where it is written, such as the minutes of the board.

    Raises:
        NotAllowed: `not_treasurer`.
        WrongStep: the opening balance is not booked.
        NotReady: `not_a_pool`: the account is no pool of this fund; `more_than_left`.
        ValidationError: no reason.
    """
    fund = opening.fund_iban.fund
    second_person.require_first(STEP, by=by, fund=fund)
    lock_funds([fund.pk])
    booked = OpeningBalance.objects.get(pk=opening.pk)
    if booked.approved_at is None:
        raise WrongStep("wrong_state")
    if account.kind != Account.Kind.POOL or account.fund_id != fund.pk:
        raise NotReady("not_a_pool", account=str(account))
    left = left_cents(booked)
    cents = left if amount_cents is None else amount_cents
    if not 0 < cents <= left:
        raise NotReady("more_than_left", left_cents=left)
    asked = OpeningShare(
        opening=booked, account=account, amount_cents=cents, reason=reason, asked_by=by
    )
    asked.full_clean()
    asked.save()
    _record(by, "opening_share.asked", asked)
    return asked


@transaction.atomic
def approve(*, share: OpeningShare, by: User) -> OpeningShare:
    """Agree as the second person, and book it: opening-balance → pool.

    Raises:
        NotAllowed: `not_second`, `same_person`.
        WrongStep: it was approved or withdrawn before.
    """
    locked = _lock(share)
    fund = locked.opening.fund_iban.fund
    second_person.require_second(STEP, by=by, fund=fund, first=locked.asked_by_id)
    if locked.approved_at or locked.withdrawn_at:
        raise WrongStep("wrong_state")
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.full_clean()
    locked.save()
    ledger.post(
        debit=account_of(fund),
        credit=locked.account,
        amount=locked.amount_cents,
        reference=reference(locked),
        memo="opening_share",
        note=locked.reason[:200],
        posted_by=by,
    )
    _record(by, "opening_share.booked", locked)
    return locked


@transaction.atomic
def withdraw(*, share: OpeningShare, by: User) -> OpeningShare:
    """Drop what was asked and not booked.

    Raises:
        NotAllowed: `not_second`.
        WrongStep: it was approved or withdrawn before.
    """
    locked = _lock(share)
    second_person.require_second(STEP, by=by, fund=locked.opening.fund_iban.fund, first=None)
    if locked.approved_at or locked.withdrawn_at:
        raise WrongStep("wrong_state")
    locked.withdrawn_at = timezone.now()
    locked.save()
    _record(by, "opening_share.withdrawn", locked)
    return locked


@transaction.atomic
def undo(*, share: OpeningShare, reason: str, by: User) -> OpeningShare:
    """Take a wrong share back out of its pool by a correcting transfer.

    Raises:
        NotAllowed: `not_treasurer`.
        WrongStep: it is not booked, or was undone before.
        NotEnoughMoney: the pool has spent it since.
        ValidationError: no reason.
    """
    locked = _lock(share)
    second_person.require_first(STEP, by=by, fund=locked.opening.fund_iban.fund)
    if not locked.approved_at or locked.undone_at:
        raise WrongStep("wrong_state")
    if not reason.strip():
        raise ValidationError(_("Say why this part is wrong."), code="reason")
    booked = Transfer.objects.get(reference=reference(locked))
    ledger.correct(transfer=booked, note=reason[:200], posted_by=by)
    locked.undone_at = timezone.now()
    locked.save()
    _record(by, "opening_share.undone", locked)
    return locked


def reference(share: OpeningShare) -> str:
    """The reference of the transfer into the pool."""
    return f"opening-share:{share.pk}:placed"


def left_cents(opening: OpeningBalance) -> int:
    """How much of an opening balance is meant for no pool yet, in cents; what waits is not left."""
    rows = opening.shares.filter(withdrawn_at=None, undone_at=None)
    return opening.amount_cents - (rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0)


def to_approve(fund: Fund) -> QuerySet[OpeningShare]:
    """What waits for a second person, the oldest first."""
    rows = OpeningShare.objects.filter(
        opening__fund_iban__fund=fund, approved_at=None, withdrawn_at=None
    )
    return rows.select_related("opening__fund_iban", "account", "asked_by").order_by("pk")


def booked(opening: OpeningBalance) -> QuerySet[OpeningShare]:
    """What stands of an opening balance, the oldest first."""
    rows = opening.shares.filter(approved_at__isnull=False, undone_at=None)
    return rows.select_related("account", "asked_by", "approved_by").order_by("pk")


def to_place(fund: Fund) -> QuerySet[OpeningBalance]:
    """Booked opening balances of which a part is meant for no pool yet."""
    said = (
        OpeningShare.objects.filter(opening=OuterRef("pk"), withdrawn_at=None, undone_at=None)
        .order_by()
        .values("opening")
        .annotate(cents=Sum("amount_cents"))
    )
    return (
        OpeningBalance.objects.filter(fund_iban__fund=fund, approved_at__isnull=False)
        .annotate(left_cents=F("amount_cents") - Coalesce(Subquery(said.values("cents")), 0))
        .filter(left_cents__gt=0)
        .select_related("fund_iban")
        .order_by("pk")
    )


def _lock(share: OpeningShare) -> OpeningShare:
    lock_funds([share.opening.fund_iban.fund_id])
    rows = OpeningShare.objects.select_related("opening__fund_iban__fund__region", "account")
    return rows.get(pk=share.pk)


def _record(by: User, action: str, share: OpeningShare) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=share,
        region_code=share.opening.fund_iban.fund.region.code,
        amount_cents=share.amount_cents,
        pool=share.account.code,
        reason=share.reason,
    )


def _expected() -> Iterator[Expected]:
    """Per share that two people agreed on its transfer, and its correction where it was undone."""
    codes = dict(Account.objects.filter(kind=Account.Kind.OPENING).values_list("fund", "pk"))
    rows = OpeningShare.objects.filter(approved_at__isnull=False)
    for row in rows.select_related("opening__fund_iban"):
        own = codes.get(row.opening.fund_iban.fund_id)
        placed = reference(row)
        yield Expected(
            placed, row.amount_cents, debit_id=own, credit_id=row.account_id, memo="opening_share"
        )
        if row.undone_at:
            yield Expected(
                f"{placed}:corrected",
                row.amount_cents,
                debit_id=row.account_id,
                credit_id=own,
                memo="correction",
            )


def _contradictions() -> Iterator[str]:
    """Shares of an opening balance that is not booked, or of more than it, or in no pool of it."""
    for opening in OpeningBalance.objects.filter(shares__isnull=False).distinct():
        if opening.approved_at is None or left_cents(opening) < 0:
            yield f"opening {opening.pk}"
    strange = OpeningShare.objects.exclude(
        account__kind=Account.Kind.POOL, account__fund=F("opening__fund_iban__fund")
    )
    yield from (f"opening share {pk}" for pk in strange.values_list("pk", flat=True)[:50])


facts = FactSource(
    name="opening_shares",
    prefix="opening-share:",
    expected=_expected,
    contradictions=_contradictions,
)
