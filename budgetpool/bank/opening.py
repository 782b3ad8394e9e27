"""The opening balance of a bank account: what it held before its first booked line.

Booked once, by two people: EUR 10,000.00 goes bank → opening-balance. So the books of an account
begin where its chain of statements begins, and can equal it to the cent. What the money is meant
for is said afterwards (`opening_shares.py`).
"""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank import links
from budgetpool.bank.importing import lock_funds
from budgetpool.bank.models import OpeningBalance
from budgetpool.fund import ledger, second_person
from budgetpool.fund.facts import Expected, FactSource
from budgetpool.fund.models import Account, Fund, FundIban
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User

CODE = "opening-balance"


@transaction.atomic
def ask(
    *, account: FundIban, amount_cents: int, starts_on: date, reason: str, by: User
) -> OpeningBalance:
    """Say what an account held at the start of a day; no money moves until a second one agrees.

    Args:
        reason: where it is written: the bank's yearly statement, the books before these.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        OpeningTaken: it is booked, or waits for the second person.
        OpeningDiffers: the first statement begins with another balance.
        ValidationError: no reason, or an amount that is not more than zero.
    """
    second_person.require_first("opening", by=by, fund=account.fund)
    lock_funds([account.fund_id])
    if OpeningBalance.objects.filter(fund_iban=account, withdrawn_at=None).exists():
        raise NotReady("opening_taken", account=str(account))
    _require_fit(account, amount_cents)
    asked = OpeningBalance(
        fund_iban=account,
        amount_cents=amount_cents,
        starts_on=starts_on,
        reason=reason,
        asked_by=by,
    )
    asked.full_clean()
    asked.save()
    _record(by, "opening.asked", asked)
    return asked


@transaction.atomic
def approve(*, opening: OpeningBalance, by: User) -> OpeningBalance:
    """Agree as the second person, and book it.

    Raises:
        NotSecond: neither a treasurer nor in the board of the region.
        SamePerson, WrongState.
        OpeningDiffers: the first statement begins with another balance.
    """
    locked = _lock(opening)
    account = locked.fund_iban
    second_person.require_second("opening", by=by, fund=account.fund, first=locked.asked_by_id)
    if locked.approved_at or locked.withdrawn_at:
        raise WrongStep("wrong_state")
    _require_fit(account, locked.amount_cents)
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.full_clean()
    locked.save()
    ledger.post(
        debit=account.account,
        credit=account_of(account.fund),
        amount=locked.amount_cents,
        reference=f"opening:{locked.pk}:booked",
        memo="opening_balance",
        value_date=locked.starts_on,
        note=locked.reason[:200],
        posted_by=by,
    )
    _record(by, "opening.booked", locked)
    return locked


@transaction.atomic
def withdraw(*, opening: OpeningBalance, by: User) -> OpeningBalance:
    """Drop what was asked and not booked.

    Raises:
        NotSecond, WrongState.
    """
    locked = _lock(opening)
    second_person.require_second("opening", by=by, fund=locked.fund_iban.fund, first=None)
    if locked.approved_at or locked.withdrawn_at:
        raise WrongStep("wrong_state")
    locked.withdrawn_at = timezone.now()
    locked.save()
    _record(by, "opening.withdrawn", locked)
    return locked


def to_approve(fund: Fund) -> QuerySet[OpeningBalance]:
    """What waits for a second person, the oldest first."""
    rows = OpeningBalance.objects.filter(fund_iban__fund=fund, approved_at=None, withdrawn_at=None)
    return rows.select_related("fund_iban", "asked_by").order_by("pk")


def _require_fit(account: FundIban, amount_cents: int) -> None:
    """The chain says what the opening balance is, where there is one."""
    found = links.of(account).links
    if found and found[0].from_cents != amount_cents:
        raise NotReady("opening_differs", amount_cents=amount_cents, from_cents=found[0].from_cents)


def _lock(opening: OpeningBalance) -> OpeningBalance:
    lock_funds([opening.fund_iban.fund_id])
    rows = OpeningBalance.objects.select_related("fund_iban__fund__region", "fund_iban__account")
    return rows.get(pk=opening.pk)


def account_of(fund: Fund) -> Account:
    """Where money stands that was there before the books, until it is put into a pool."""
    return ledger.open_account(fund=fund, kind=Account.Kind.OPENING, code=CODE)


def _record(by: User, action: str, opening: OpeningBalance) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=opening,
        region_code=opening.fund_iban.fund.region.code,
        amount_cents=opening.amount_cents,
        reason=opening.reason,
    )


def _expected() -> Iterator[Expected]:
    """Per opening balance that two people agreed on, its transfer."""
    codes = dict(Account.objects.filter(code=CODE).values_list("fund", "pk"))
    booked = OpeningBalance.objects.filter(approved_at__isnull=False)
    for row in booked.select_related("fund_iban"):
        yield Expected(
            f"opening:{row.pk}:booked",
            row.amount_cents,
            debit_id=row.fund_iban.account_id,
            credit_id=codes.get(row.fund_iban.fund_id),
            day=row.starts_on,
            memo="opening_balance",
        )


facts = FactSource(name="openings", prefix="opening:", expected=_expected)
