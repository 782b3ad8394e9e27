"""The only writer of transfers.

Every posting names one debit account, one credit account and one positive amount, so the books
balance by shape. References are unique and meaningful (`award:17:reserved`), so asking twice is
harmless. Nothing is ever changed: a mistake gets a correcting transfer.

A caller that moves money along several accounts in one transaction uses one `post_many`: it locks
all accounts in the order of their keys, so that two callers wait for each other and never
deadlock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from djmoney.money import Money

from budgetpool.fund import bulk, closed_months
from budgetpool.fund.models import Account, AccountDay, Fund, Transfer
from budgetpool.money import from_cents, to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

__all__ = [
    "Entry",
    "balance",
    "balance_cents",
    "correct",
    "open_account",
    "open_accounts",
    "post",
    "post_many",
]

INSERT_BATCH = 5_000
LOOKUP_BATCH = 5_000
POSTED_TO = ("id", "fund_id", "kind", "code", "name", "debits_cents", "credits_cents")
LOCKED = "SELECT id, fund_id, kind, code, name, debits_cents, credits_cents FROM fund_account"
MOMENT = """
    SELECT clock_timestamp(), EXISTS (SELECT 1 FROM fund_transfer WHERE reference = ANY(%s))
"""
# One posting of today in one statement, on PostgreSQL: the accounts are locked in the order of
# their keys, then the clock is asked, and nothing is written where the reference is taken or a
# claim is too small. The totals, days and closed months are the triggers' as always.
ONE = """
    WITH locked AS MATERIALIZED (
        SELECT id, kind, debits_cents, credits_cents FROM fund_account
        WHERE id IN (%s, %s) ORDER BY id FOR NO KEY UPDATE
    ), moment AS MATERIALIZED (
        SELECT clock_timestamp() AS now FROM (
            SELECT COUNT(*) AS found, BOOL_OR(
                CASE WHEN kind = ANY(%s) THEN id = %s AND debits_cents - credits_cents < %s
                ELSE id = %s AND credits_cents - debits_cents < %s END
                AND kind <> 'bank'
            ) AS lacks FROM locked
        ) seen WHERE found = 2 AND NOT lacks
    )
    INSERT INTO fund_transfer (fund_id, debit_id, credit_id, amount_cents, reference, memo, note,
                               booked_at, value_date, posted_by_id, corrects_id)
    SELECT %s, %s, %s, %s, %s, %s, %s, now, (now AT TIME ZONE %s)::date, %s, %s FROM moment
    ON CONFLICT (reference) DO NOTHING RETURNING id, booked_at, value_date
"""
ASSETS = [str(kind) for kind in Account.ASSETS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One posting that is asked for; the arguments are those of `post`."""

    debit: Account
    credit: Account
    amount: Money | int
    reference: str
    memo: str
    value_date: date | None = None
    note: str = ""
    posted_by: User | None = None
    corrects: Transfer | None = None

    @property
    def amount_cents(self) -> int:
        return self.amount if isinstance(self.amount, int) else to_cents(self.amount)


def post(
    *,
    debit: Account,
    credit: Account,
    amount: Money | int,
    reference: str,
    memo: str,
    value_date: date | None = None,
    note: str = "",
    posted_by: User | None = None,
) -> Transfer:
    """Move money from one account to another; asking twice is harmless.

    Args:
        debit: the account that the money leaves (for a bank deposit: the bank account).
        credit: the account that receives it, in the same fund.
        amount: euros, or whole cents.
        reference: unique in the whole installation, such as `award:17:reserved`.
        memo: a code that says what for; `budgetpool.fund.memos` has the words.
        value_date: the day on which it counts; today if absent.
        note: a few words for the journal; never a name of a worker.
        posted_by: who asked for it; None for the system itself.

    Raises:
        NotEnoughMoney: the claim is smaller than `amount`.
        ReferenceTaken: the reference was used for another transfer.
        OtherFund, SameAccount, NotPositive: the posting has a wrong shape.
        NotReady: `period_closed`: the month of its day is closed.
        NotEuros: another currency, or parts of a cent.

    >>> post(debit=round_2027_1, credit=award_17, amount=Money("450.00", "EUR"),
    ...      reference="award:17:reserved", memo="reserved")
    <Transfer: award:17:reserved EUR 450.00 round-2027-1 -> award-17>
    """
    entry = Entry(
        debit=debit,
        credit=credit,
        amount=amount,
        reference=reference,
        memo=memo,
        value_date=value_date,
        note=note,
        posted_by=posted_by,
    )
    return post_many([entry])[0]


def post_many(entries: Iterable[Entry]) -> list[Transfer]:
    """Post all entries, in their order, or none of them.

    An entry whose transfer exists already is not posted again; its transfer stands in its place
    in the answer. Two entries with one reference count as one.

    Raises: as `post`; the first entry that cannot be posted is named.
    """
    asked = list(entries)
    for entry in asked:
        _check_shape(entry)
    if not asked:
        return []
    try:
        with transaction.atomic():
            row = _post_one(asked[0]) if len(asked) == 1 else None
            return [row] if row is not None else _post_locked(asked)
    except IntegrityError:
        # Somebody posted one of these references between two other accounts at this very moment.
        with transaction.atomic():
            return _post_locked(asked)


def correct(*, transfer: Transfer, note: str, posted_by: User | None = None) -> Transfer:
    """Move the money of a wrong transfer back, with a reason; asking twice is harmless.

    Raises:
        NotEnoughMoney: the account that received it has spent it since.
        AlreadyCorrected: it was corrected before, for another reason.
    """
    reference = f"{transfer.reference}:corrected"
    with transaction.atomic():
        earlier = Transfer.objects.filter(corrects=transfer).first()
        if earlier is not None and earlier.note != note:
            raise NotReady(
                "already_corrected", reference=transfer.reference, correction=earlier.reference
            )
        entry = Entry(
            debit=transfer.credit,
            credit=transfer.debit,
            amount=transfer.amount_cents,
            reference=reference,
            memo="correction",
            note=note,
            posted_by=posted_by,
            corrects=transfer,
        )
        return post_many([entry])[0]


def open_account(
    *,
    fund: Fund,
    kind: Account.Kind,
    code: str,
    name: str = "",
    earmark_column: str = "",
    earmark_equals: str = "",
) -> Account:
    """The fund's account with this code; opened if it does not exist.

    Args:
        code: readable and unique in its fund: `bank`, `employer-12`, `round-2027-1`, `award-17`.
        earmark_column, earmark_equals: for a pool that pays for matching requests only.

    Raises:
        AccountTaken: the code belongs to an account of another kind or earmark.
        ValidationError: a code with other characters, or an earmark on what is no pool.
    """
    wanted = Account(
        fund=fund,
        kind=kind,
        code=code,
        name=name,
        earmark_column=earmark_column,
        earmark_equals=earmark_equals,
    )
    wanted.full_clean(validate_unique=False, validate_constraints=False)
    Account.objects.bulk_create([wanted], ignore_conflicts=True)
    found = Account.objects.get(fund=fund, code=code)
    if (found.kind, found.earmark_column, found.earmark_equals) != (
        kind,
        earmark_column,
        earmark_equals,
    ):
        raise NotReady("account_taken", account=code, kind=found.kind)
    return found


def open_accounts(
    *, fund: Fund, kind: Account.Kind, codes: Sequence[str], names: dict[str, str] | None = None
) -> dict[str, Account]:
    """Many accounts of one kind at once, by their codes; those that exist are left as they are.

    Raises:
        AccountTaken: a code belongs to an account of another kind.
    """
    names = names or {}
    wanted = [Account(fund=fund, kind=kind, code=code, name=names.get(code, "")) for code in codes]
    for account in wanted:
        account.clean_fields(exclude=["fund"])
    Account.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=INSERT_BATCH)
    found: dict[str, Account] = {}
    for part in _parts(codes, LOOKUP_BATCH):
        for account in Account.objects.filter(fund=fund, code__in=part):
            if account.kind != kind:
                raise NotReady("account_taken", account=account.code, kind=account.kind)
            found[account.code] = account
    return found


def balance(account: Account, at: datetime | None = None) -> Money:
    """What the account holds now, or held at a past moment, in euros."""
    return from_cents(balance_cents(account, at))


def balance_cents(account: Account, at: datetime | None = None) -> int:
    """What the account holds now, or held at a past moment, in cents.

    A past balance reads the account's day totals and the transfers of one day only.
    """
    if at is None:
        now = Account.objects.only("kind", "debits_cents", "credits_cents").get(pk=account.pk)
        return now.balance_cents
    moment = at.astimezone(UTC)
    midnight = datetime.combine(moment.date(), time.min, tzinfo=UTC)
    days = AccountDay.objects.filter(account=account, day__lt=moment.date()).aggregate(
        debits=Sum("debits_cents"), credits=Sum("credits_cents")
    )
    since = Q(booked_at__gte=midnight, booked_at__lte=moment)
    debits = _sum_cents(Transfer.objects.filter(since, debit=account))
    credits = _sum_cents(Transfer.objects.filter(since, credit=account))
    return account.signed((days["debits"] or 0) + debits, (days["credits"] or 0) + credits)


def _check_shape(entry: Entry) -> None:
    cents, reference = entry.amount_cents, entry.reference
    if isinstance(entry.amount, bool) or cents <= 0:
        raise NotReady("not_positive", amount_cents=cents, reference=reference)
    if entry.debit.pk == entry.credit.pk:
        raise NotReady("same_account", account=entry.debit.code, reference=reference)
    if entry.debit.fund_id != entry.credit.fund_id:
        raise NotReady(
            "other_fund", debit=entry.debit.code, credit=entry.credit.code, reference=reference
        )


def _post_one(entry: Entry) -> Transfer | None:
    """One posting of today in one statement; None where it takes more, or has to be refused."""
    if connection.vendor != "postgresql" or entry.value_date is not None:
        return None
    debit, credit, cents = entry.debit.pk, entry.credit.pk, entry.amount_cents
    row = _row(entry, timezone.now())
    values: list[Any] = [debit, credit, ASSETS, credit, cents, debit, cents]
    values += [row.fund_id, debit, credit, cents, row.reference, row.memo, row.note]
    values += [timezone.get_current_timezone_name(), row.posted_by_id, row.corrects_id]
    with connection.cursor() as cursor:
        cursor.execute(ONE, values)
        written = cursor.fetchone()
    if written is None:
        return None
    row.pk, row.booked_at, row.value_date = written
    row._state.adding, row._state.db = False, connection.alias
    return row


def _post_locked(asked: list[Entry]) -> list[Transfer]:
    """Post within the transaction: lock first, then look what is there, then write the rest."""
    accounts = _lock({entry.debit.pk for entry in asked} | {entry.credit.pk for entry in asked})
    posted, booked_at = _find(sorted({entry.reference for entry in asked}))
    fresh: dict[str, Transfer] = {}
    closed = _closed_until(asked)
    for entry in asked:
        known = posted.get(entry.reference) or fresh.get(entry.reference)
        if known is not None:
            _check_same(entry, known)
            continue
        row = _row(entry, booked_at)
        _check_open(row, closed)
        _move(entry, accounts)
        fresh[entry.reference] = row
    # The manager of Transfer refuses to write; this module is the one that goes round it.
    bulk.insert(list(fresh.values()), size=INSERT_BATCH)
    return [posted.get(entry.reference) or fresh[entry.reference] for entry in asked]


def _lock(keys: set[int]) -> dict[int, Account]:
    """The accounts as they are now, locked against other spenders in the order of their keys.

    Written out, and with what a posting needs alone: the same through a queryset takes as long as
    the rest of a posting together.
    """
    ordered = sorted(keys)
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    locked: dict[int, Account] = {}
    with connection.cursor() as cursor:
        for part in _parts(ordered, LOOKUP_BATCH):
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"{LOCKED} WHERE id IN ({marks}) ORDER BY id{lock}", part)
            for row in cursor.fetchall():
                locked[row[0]] = Account.from_db(connection.alias, POSTED_TO, row)
    return locked


def _find(references: list[str]) -> tuple[dict[str, Transfer], datetime]:
    """The transfers that exist already, and the moment of booking, both read after the locks.

    On one account moments never run back. PostgreSQL serves several machines, so its clock is the
    one that counts; it tells in the same statement whether there is anything to fetch.
    """
    if connection.vendor != "postgresql":
        return _fetch(references), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(MOMENT, [references])
        moment, is_known = cursor.fetchone()
    return _fetch(references) if is_known else {}, moment


def _fetch(references: list[str]) -> dict[str, Transfer]:
    found: dict[str, Transfer] = {}
    for part in _parts(references, LOOKUP_BATCH):
        found |= {row.reference: row for row in Transfer.objects.filter(reference__in=part)}
    return found


def _check_same(entry: Entry, known: Transfer) -> None:
    facts = (entry.debit.pk, entry.credit.pk, entry.amount_cents, entry.memo)
    written = (known.debit_id, known.credit_id, known.amount_cents, known.memo)
    same_day = entry.value_date is None or entry.value_date == known.value_date
    if facts != written or not same_day:
        raise NotReady("reference_taken", reference=entry.reference)


def _closed_until(asked: list[Entry]) -> dict[int, date]:
    """The last closed day of each fund of entries that name a day; today is never closed."""
    funds = {entry.debit.fund_id for entry in asked if entry.value_date is not None}
    days = {fund: closed_months.closed_until(fund) for fund in funds}
    return {fund: day for fund, day in days.items() if day is not None}


def _check_open(row: Transfer, closed: dict[int, date]) -> None:
    last = closed.get(row.fund_id)
    if last is not None and row.value_date <= last:
        raise NotReady(
            "period_closed",
            closed_on=last.isoformat(),
            value_on=row.value_date.isoformat(),
            reference=row.reference,
        )


def _row(entry: Entry, booked_at: datetime) -> Transfer:
    row = Transfer(
        fund_id=entry.debit.fund_id,
        debit=entry.debit,
        credit=entry.credit,
        amount_cents=entry.amount_cents,
        reference=entry.reference,
        memo=entry.memo,
        note=entry.note,
        booked_at=booked_at,
        value_date=entry.value_date or timezone.localdate(booked_at),
        posted_by=entry.posted_by,
        corrects=entry.corrects,
    )
    row.clean_fields(exclude=["fund", "debit", "credit", "posted_by", "corrects"])
    return row


def _move(entry: Entry, accounts: dict[int, Account]) -> None:
    """Carry the entry out on the locked totals, and refuse what one of them cannot bear."""
    debit, credit = accounts[entry.debit.pk], accounts[entry.credit.pk]
    cents = entry.amount_cents
    for account, is_debit in ((debit, True), (credit, False)):
        takes = is_debit != account.is_asset
        if takes and account.kind != Account.Kind.BANK and account.balance_cents < cents:
            raise NotReady(
                "not_enough_money",
                holder=account.name or account.get_kind_display(),
                account=account.code,
                available_cents=account.balance_cents,
                amount_cents=cents,
                reference=entry.reference,
            )
    debit.debits_cents += cents
    credit.credits_cents += cents


def _sum_cents(transfers: QuerySet[Transfer]) -> int:
    return transfers.aggregate(total=Sum("amount_cents"))["total"] or 0


def _parts[T](values: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))
