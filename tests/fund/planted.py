"""Faults planted in right books, each with the finding that has to name it.

A hand that can do anything with the database wrote them: it goes round triggers and constraints,
and afterwards sets the totals of accounts and days right, so that they give nothing away. A fault
is planted in any books that have its fact; `tests/fund/test_planted.py` makes books that have all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection, transaction

from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Transfer
from tests.fund.tampering import without_guards

# One reference of each kind of transfer, as SQL's LIKE knows it.
KINDS = {
    "opening balance": "opening:%:booked",
    "opening balance in a pool": "opening-share:%:placed",
    "opening balance out of a pool again": "opening-share:%:placed:corrected",
    "deposit received": "deposit:%:received",
    "deposit matched by hand": "deposit:%:matched:_",
    "deposit joined the pool": "deposit:%:joined:_",
    "match undone": "deposit:%:joined:_:corrected",
    "match undone, back in suspense": "deposit:%:unmatched:_",
    "payment left": "bank-entry:%:left",
    "refund paid": "refund:%:paid",
    "costs explained": "charge:%:explained",
    "costs borne": "charge:%:borne",
    "costs undone": "charge:%:borne:corrected",
    "kept by the bank of what came back": "deposit:%:kept:_",
    "what the bank kept, borne": "deposit:%:borne:_",
    "ceiling of a round": "round:%:ceiling:%",
    "reserve of a round": "round:%:reserve",
    "rest of a round": "round:%:finished:%",
    "rest of a reserve": "round:%:reserve-finished",
    "award": "award:%:reserved",
    "award from the pool": "award:%:reserved:pool",
    "award declined": "award:%:declined",
    "payout": "payout:%:paid",
    "payout undone": "payout:%:paid:corrected",
    "payout paid by another line": "payout:%:paid:2",
    "recovery": "recovery:%:reclaimed",
    "written off": "recovery:%:written-off",
    "determination": "determination:%:released",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault.

    Args:
        name: what was done, in words.
        code: the finding that names it.
        plant: does it, and gives what the finding's words have to hold.
        kind: of `KINDS`, where the same is done to a transfer of each: several of these can be
            planted at once, for each has a transfer of its own, which the finding names.
    """

    name: str
    code: str
    plant: Callable[[], str]
    kind: str = ""


def faults() -> Iterator[Fault]:
    """All faults for the kind of database that is in use."""
    yield from _of_each_kind()
    yield from STRAY
    yield from BENT
    yield from FACTS
    yield from (SQLITE if connection.vendor == "sqlite" else POSTGRES)


def _of_each_kind() -> Iterator[Fault]:
    for name, code, plants in (
        ("removed", "not_booked", _remover),
        ("another amount", "booked_otherwise", _changer("amount_cents = amount_cents + 1")),
        ("another debit account", "booked_otherwise", _changer("debit_id = {other}")),
        ("another credit account", "booked_otherwise", _changer("credit_id = {other}")),
        ("booked twice", "no_such_fact", _doubler),
        ("another value date", "booked_otherwise", _changer("value_date = '2019-05-01'")),
    ):
        for kind, like in KINDS.items():
            yield Fault(f"{kind}: {name}", code, plants(like), kind)


def do(sql: str, *params: object) -> None:
    """Carry out SQL round every guard, and set the totals right afterwards."""
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        try:
            with transaction.atomic():
                for statement in SETTLE:
                    cursor.execute(statement)
        except DatabaseError:
            pass  # PostgreSQL refuses totals below zero: then they stay as they were


SETTLE = (
    """UPDATE fund_account SET
        debits_cents = COALESCE((SELECT SUM(amount_cents) FROM fund_transfer
                                 WHERE debit_id = fund_account.id), 0),
        credits_cents = COALESCE((SELECT SUM(amount_cents) FROM fund_transfer
                                  WHERE credit_id = fund_account.id), 0)""",
    "DELETE FROM fund_accountday",
    """INSERT INTO fund_accountday (account_id, day, debits_cents, credits_cents)
       SELECT account_id, day, SUM(debits), SUM(credits) FROM (
           SELECT debit_id AS account_id, {day} AS day, amount_cents AS debits, 0 AS credits
           FROM fund_transfer
           UNION ALL
           SELECT credit_id, {day}, 0, amount_cents FROM fund_transfer
       ) sides GROUP BY account_id, day""".replace(
        "{day}",
        "date(booked_at)"
        if connection.vendor == "sqlite"
        else "(booked_at AT TIME ZONE 'UTC')::date",
    ),
)


def raw(*statements: str) -> None:
    """Carry out SQL as its author would, with every guard in its place."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def transfer(like: str) -> Transfer:
    """The first transfer with such a reference."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM fund_transfer WHERE reference LIKE %s ORDER BY id LIMIT 1", [like]
        )
        row = cursor.fetchone()
    assert row is not None, f"These books have no {like}"
    return Transfer.objects.select_related("debit", "credit").get(pk=row[0])


def other(*besides: Account) -> Account:
    """Another account of the fund, of the same kind as the first where there is one."""
    rows = Account.objects.filter(fund=besides[0].fund_id).exclude(
        pk__in=[account.pk for account in besides]
    )
    return rows.filter(kind=besides[0].kind).first() or rows.order_by("pk").last()


def one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    assert row is not None, f"Nothing to bend: {sql}"
    return row[0]


def _remover(like: str) -> Callable[[], str]:
    def plant() -> str:
        found = transfer(like)
        do("DELETE FROM fund_transfer WHERE id = %s", found.pk)
        return found.reference

    return plant


def _changer(change: str) -> Callable[[str], Callable[[], str]]:
    def planting(like: str) -> Callable[[], str]:
        def plant() -> str:
            found = transfer(like)
            sides = found.debit, found.credit
            account = other(*(reversed(sides) if "credit" in change else sides))
            sql = change.replace("{other}", str(account.pk))
            do(f"UPDATE fund_transfer SET {sql} WHERE id = %s", found.pk)
            return found.reference

        return plant

    return planting


def _doubler(like: str) -> Callable[[], str]:
    def plant() -> str:
        found = transfer(like)
        insert(found, reference=f"{found.reference}:2")
        return f"{found.reference}:2"

    return plant


def insert(model: Transfer, **changes: object) -> None:
    """One more transfer like another, except for what is changed."""
    columns = (
        "fund_id", "debit_id", "credit_id", "amount_cents", "reference", "memo", "note",
        "booked_at", "value_date", "corrects_id",
    )  # fmt: skip
    as_it_is = {column: getattr(model, column) for column in columns} | {"corrects_id": None}
    values = list((as_it_is | changes).values())
    marks = ", ".join(["%s"] * len(columns))
    do(f"INSERT INTO fund_transfer ({', '.join(columns)}) VALUES ({marks})", *values)


def _million() -> str:
    """Nothing is bent here: the ledger itself posts it, as any program could ask it to."""
    received = transfer("deposit:%:received")
    pool = Account.objects.get(fund=received.fund_id, code="pool")
    ledger.post(
        debit=received.debit,
        credit=pool,
        amount=100_000_000,
        reference="present:1",
        memo="deposit",
    )
    return "present:1"


def _known_prefix() -> str:
    received = transfer("deposit:%:received")
    insert(received, reference="deposit:0:received")
    return "deposit:0:received"


def _living_award() -> str:
    """A living award gives its money back by a correction that nobody asked for."""
    reserved = next(
        row
        for row in Transfer.objects.filter(credit__kind="award").select_related("debit", "credit")
        if row.credit.balance_cents >= row.amount_cents
    )
    ledger.correct(transfer=reserved, note="No reason at all")
    return f"{reserved.reference}:corrected"


def _correction(code: str, **changes: object) -> Fault:
    name = ", ".join(changes)

    def plant() -> str:
        found = transfer("%:corrected")
        marks = ", ".join(f"{column} = {value}" for column, value in changes.items())
        do(f"UPDATE fund_transfer SET {marks} WHERE id = %s", found.pk)
        return f"{found.reference}"

    return Fault(f"correction with another {name}", code, plant)


def _correction_of_nothing() -> str:
    reserved = transfer("award:%:reserved")
    reference = "award:0:reserved:corrected"
    insert(
        reserved,
        reference=reference,
        debit_id=reserved.credit_id,
        credit_id=reserved.debit_id,
        memo="correction",
    )
    return reference


def _correction_twice() -> str:
    correction = transfer("%:corrected")
    insert(correction, reference=f"{correction.reference}:corrected")
    return f"{correction.reference}:corrected"


def _correction_of_a_correction() -> str:
    """The joined money goes on a second time, as the mirror of the mirror."""
    correction = transfer("%:corrected")
    reference = f"{correction.reference}:corrected"
    insert(
        correction,
        reference=reference,
        debit_id=correction.credit_id,
        credit_id=correction.debit_id,
        corrects_id=correction.pk,
    )
    return reference


def _correction_renamed() -> str:
    correction = transfer("%:corrected")
    do("UPDATE fund_transfer SET reference = 'deposit:1:back' WHERE id = %s", correction.pk)
    return "deposit:1:back"


STRAY = (
    Fault("a million from the bank into the pool, of a kind unknown", "unknown_kind", _million),
    Fault("a deposit that no statement shows", "no_such_fact", _known_prefix),
    Fault("the correction of a living award", "no_such_fact", _living_award),
    _correction("correction_differs", amount_cents="amount_cents - 1"),
    _correction("corrects_nothing", corrects_id="NULL"),
    Fault("a correction of what is not there", "corrects_nothing", _correction_of_nothing),
    Fault("a correction booked twice", "corrects_nothing", _correction_twice),
    Fault("a correction of a correction", "no_such_fact", _correction_of_a_correction),
    Fault("a correction under another name", "correction_differs", _correction_renamed),
)


def _other_day() -> str:
    """A day's total moves to another day: the sum over all days stays."""
    key = one("SELECT MIN(id) FROM fund_accountday")
    with without_guards():
        raw(f"UPDATE fund_accountday SET day = '2019-05-01' WHERE id = {key}")
    return "day=2019-05-01"


def _day_gone() -> str:
    key = one("SELECT MIN(id) FROM fund_accountday")
    with without_guards():
        raw(f"DELETE FROM fund_accountday WHERE id = {key}")
    return "cached_cents=0"


def _two_days() -> str:
    """One account's day is a cent too high, and another's a cent too low."""
    first, last = (one(f"SELECT {end}(id) FROM fund_accountday") for end in ("MIN", "MAX"))
    with without_guards():
        raw(
            f"UPDATE fund_accountday SET debits_cents = debits_cents + 1 WHERE id = {first}",
            f"UPDATE fund_accountday SET debits_cents = debits_cents - 1 WHERE id = {last}",
        )
    return "recomputed_cents"


def _total() -> str:
    account = transfer("award:%:reserved").credit
    with without_guards():
        raw(f"UPDATE fund_account SET credits_cents = credits_cents + 1 WHERE id = {account.pk}")
    return account.code


def _both_totals() -> str:
    """The balance stays, the turnover does not."""
    account = transfer("award:%:reserved").credit
    with without_guards():
        raw(
            "UPDATE fund_account SET credits_cents = credits_cents + 1, "
            f"debits_cents = debits_cents + 1 WHERE id = {account.pk}"
        )
    return account.code


def _other_fund() -> str:
    found = transfer("award:%:reserved")
    account = Account.objects.exclude(fund=found.fund_id).first()
    assert account is not None
    do("UPDATE fund_transfer SET debit_id = %s WHERE id = %s", account.pk, found.pk)
    return found.reference


def _fund_column() -> str:
    found = transfer("award:%:reserved")
    account = Account.objects.exclude(fund=found.fund_id).first()
    assert account is not None
    do("UPDATE fund_transfer SET fund_id = %s WHERE id = %s", account.fund_id, found.pk)
    return found.reference


def _spent_before() -> str:
    """The award is a day older than its round's money."""
    found = transfer("award:%:reserved")
    day_before = found.booked_at - timedelta(days=1)
    do("UPDATE fund_transfer SET booked_at = %s WHERE id = %s", day_before, found.pk)
    return found.debit.code


def _moved_moment() -> str:
    """The money came in a day earlier than it was written down, by totals that know it."""
    found = transfer("deposit:%:unmatched:_")
    day_before = found.booked_at - timedelta(days=1)
    do("UPDATE fund_transfer SET booked_at = %s WHERE id = %s", day_before, found.pk)
    return found.debit.code


def _moved_both() -> str:
    """Moment and value date moved together."""
    found = transfer("recovery:%:reclaimed")
    day_before = found.booked_at - timedelta(days=1)
    do(
        "UPDATE fund_transfer SET booked_at = %s, value_date = %s WHERE id = %s",
        day_before,
        found.value_date - timedelta(days=1),
        found.pk,
    )
    return found.credit.code


def _future() -> str:
    found = Transfer.objects.select_related("debit").order_by("-pk")[0]
    do(
        "UPDATE fund_transfer SET booked_at = %s WHERE id = %s",
        found.booked_at + timedelta(days=400),
        found.pk,
    )
    return found.debit.code


def _after_closing() -> str:
    """All before 2020 is closed, and a transfer of today counts in 2019."""
    fund, found = transfer("award:%:reserved").fund_id, transfer("payout:%:paid")
    people = [one(f"SELECT {end}(id) FROM users_user") for end in ("MIN", "MAX")]
    do(
        "INSERT INTO fund_periodstep (fund_id, kind, until, reason, asked_by_id, asked_at, "
        "approved_by_id, approved_at) VALUES (%s, 'close', '2019-12-31', '', %s, "
        "'2020-01-02 12:00:00', %s, '2020-01-03 12:00:00')",
        fund,
        people[0],
        people[1],
    )
    do("UPDATE fund_transfer SET value_date = '2019-05-01' WHERE id = %s", found.pk)
    return found.reference


def _memo() -> str:
    found = transfer("payout:%:paid")
    do("UPDATE fund_transfer SET memo = 'costs' WHERE id = %s", found.pk)
    return found.reference


def _renamed() -> str:
    found = transfer("payout:%:paid")
    do("UPDATE fund_transfer SET reference = 'gift:1' WHERE id = %s", found.pk)
    return "gift:1"


def _renamed_fact() -> str:
    found = transfer("payout:%:paid")
    do("UPDATE fund_transfer SET reference = 'gift:1' WHERE id = %s", found.pk)
    return found.reference


def _swapped() -> str:
    """Two awards of other amounts take each other's transfers."""
    first, second = Transfer.objects.filter(memo="reserved").order_by("pk")[:2]
    for key, reference in ((first.pk, "x"), (second.pk, first.reference)):
        do("UPDATE fund_transfer SET reference = %s WHERE id = %s", reference, key)
    do("UPDATE fund_transfer SET reference = %s WHERE reference = 'x'", second.reference)
    return first.reference


BENT = (
    Fault("a day's total moved to another day", "day_totals_differ", _other_day),
    Fault("a day's total removed", "day_totals_differ", _day_gone),
    Fault("two days that are wrong by a cent, and right together", "day_totals_differ", _two_days),
    Fault("a total of an account", "totals_differ", _total),
    Fault("both totals of an account", "totals_differ", _both_totals),
    Fault("a transfer between two funds", "other_fund", _other_fund),
    Fault("a transfer in another fund's books", "other_fund", _fund_column),
    Fault("a booking moment before the money came", "out_of_order", _spent_before),
    Fault("a moved booking moment", "out_of_order", _moved_moment),
    Fault("a moved booking moment and value date", "out_of_order", _moved_both),
    Fault("a booking moment next year", "booked_in_future", _future),
    Fault("a transfer in a month that was closed", "booked_after_closing", _after_closing),
    Fault("another memo", "booked_otherwise", _memo),
    Fault("another reference: the transfer", "unknown_kind", _renamed),
    Fault("another reference: the fact", "not_booked", _renamed_fact),
    Fault("two transfers that took each other's references", "booked_otherwise", _swapped),
)


def _fact(name: str, code: str, table: str, change: str, where: str, says: str) -> Fault:
    """A fact that is changed while its transfer stays.

    Args:
        says: what the finding says, `{}` for the key of the row.
    """

    def plant() -> str:
        key = one(f"SELECT MIN(id) FROM {table} WHERE {where}")
        assert key is not None, f"These books have no {table} with {where}"
        do(f"UPDATE {table} SET {change} WHERE id = %s", key)
        return says.format(key)

    return Fault(name, code, plant)


def _other_employer(where: str) -> Callable[[], str]:
    def plant() -> str:
        match = one(f"SELECT MIN(id) FROM employers_depositmatch WHERE {where}")
        deposit = one(f"SELECT deposit_id FROM employers_depositmatch WHERE id = {match}")
        employer = one(
            "SELECT MIN(id) FROM employers_employer WHERE id <> "
            f"(SELECT employer_id FROM employers_depositmatch WHERE id = {match})"
        )
        do("UPDATE employers_depositmatch SET employer_id = %s WHERE id = %s", employer, match)
        return f"deposit:{deposit}:"

    return plant


def _other_request() -> str:
    match = one("SELECT MIN(id) FROM employers_depositmatch WHERE contribution_id IS NOT NULL")
    request = one(
        "SELECT MIN(id) FROM employers_contribution WHERE employer_id <> "
        f"(SELECT employer_id FROM employers_depositmatch WHERE id = {match})"
    )
    do("UPDATE employers_depositmatch SET contribution_id = %s WHERE id = %s", request, match)
    return f"match {match}"


def _fact_gone() -> str:
    """A deposit whose match is gone, as if nobody had ever recognised it."""
    match = one("SELECT MIN(id) FROM employers_depositmatch WHERE how = 'reference'")
    deposit = one(f"SELECT deposit_id FROM employers_depositmatch WHERE id = {match}")
    do("DELETE FROM employers_depositmatch WHERE id = %s", match)
    return f"deposit:{deposit}:joined:1"


def _undone_on_paper() -> str:
    """A part that stands is called undone."""
    part = one(
        "SELECT MIN(id) FROM bank_paymentpart WHERE id NOT IN (SELECT part_id FROM bank_undonepart)"
    )
    found = Transfer.objects.get(payment_part=part)
    person = one("SELECT MIN(id) FROM users_user")
    do(
        "INSERT INTO bank_undonepart (part_id, reference, account_id, reason, undone_by_id, "
        "undone_at) VALUES (%s, %s, %s, 'x', %s, '2026-01-01 12:00:00')",
        part,
        found.reference,
        found.debit_id,
        person,
    )
    return "fact="


def _one_sided_pair() -> str:
    """Two lines that are one event, and one of them knows nothing of it."""
    found = Transfer.objects.get(memo="own_account")
    do("DELETE FROM bank_paymentpart WHERE transfer_id = %s", found.pk)
    return "match "


FACTS = (
    Fault("a part that stands, undone on paper", "facts_disagree", _undone_on_paper),
    Fault("a pair of lines of which one is told", "facts_disagree", _one_sided_pair),
    _fact(
        "an undone part that stands on paper",
        "no_such_fact",
        "bank_undonepart",
        "reference = 'x'",
        "reference LIKE 'payout:%%'",
        ":corrected",
    ),
    _fact(
        "a payment that came back by a deposit that says otherwise",
        "facts_disagree",
        "employers_depositmatch",
        "memo = 'costs'",
        "memo = 'payment_returned'",
        "payout ",
    ),
    Fault(
        "a match that points to another employer",
        "booked_otherwise",
        _other_employer("how = 'reference'"),
    ),
    Fault(
        "a match by hand that points to another employer",
        "booked_otherwise",
        _other_employer("how = 'hand' AND employer_id IS NOT NULL"),
    ),
    Fault("a match that points to another's request", "facts_disagree", _other_request),
    Fault("a match that is gone", "no_such_fact", _fact_gone),
    _fact(
        "a match of another amount",
        "booked_otherwise",
        "employers_depositmatch",
        "amount_cents = amount_cents - 1",
        "how = 'reference'",
        "joined",
    ),
    _fact(
        "a match that was undone on paper",
        "not_booked",
        "employers_depositmatch",
        "undone_at = matched_at",
        "how = 'reference' AND undone_at IS NULL",
        ":corrected",
    ),
    _fact(
        "a match in the books of which nothing was undone",
        "no_such_fact",
        "employers_depositmatch",
        "undone_at = NULL",
        "undone_at IS NOT NULL AND employer_id IS NULL",
        ":corrected",
    ),
    _fact(
        "a deposit of another amount than the bank's line",
        "facts_disagree",
        "employers_deposit",
        "amount_cents = amount_cents + 1",
        "1 = 1",
        "deposit {}",
    ),
    _fact(
        "a line of a statement with another amount",
        "booked_otherwise",
        "bank_bankentry",
        "amount_cents = amount_cents + 1",
        "amount_cents > 0",
        ":received",
    ),
    _fact(
        "a line of a statement on another day",
        "booked_otherwise",
        "bank_bankentry",
        "date = '2019-05-01'",
        "amount_cents < 0",
        "bank-entry:{}:left",
    ),
    _fact(
        "a part of a payment with another amount",
        "facts_disagree",
        "bank_paymentpart",
        "amount_cents = amount_cents + 1",
        "1 = 1",
        "payment part {}",
    ),
    _fact(
        "an award of another amount",
        "booked_otherwise",
        "allocation_award",
        "amount = amount + 1",
        "origin = 'round'",
        ":reserved",
    ),
    _fact(
        "a recovery of a debtor that is another's",
        "facts_disagree",
        "allocation_recovery",
        "account_id = goes_to_id",
        "from_provider_id IS NOT NULL",
        "recovery {}",
    ),
    _fact(
        "a write-off on paper only",
        "booked_otherwise",
        "allocation_recovery",
        "written_off_cents = written_off_cents - 1",
        "written_off_cents > 1",
        "recovery:{}:written-off",
    ),
    _fact(
        "a refund that the bank showed, on paper",
        "no_such_fact",
        "employers_refund",
        "payment_id = NULL",
        "payment_id IS NOT NULL",
        "refund:{}:paid",
    ),
    _fact(
        "costs that nobody approved",
        "no_such_fact",
        "employers_charge",
        "approved_at = NULL, approved_by_id = NULL",
        "kind = 'costs'",
        "charge:{}:borne",
    ),
    _fact(
        "more of an opening balance than there was",
        "facts_disagree",
        "bank_openingshare",
        "amount_cents = amount_cents + 500000",
        "undone_at IS NULL",
        "opening ",
    ),
    _fact(
        "a ceiling that is higher on paper",
        "facts_disagree",
        "allocation_round",
        "ceiling = ceiling + 1",
        "opened_at IS NOT NULL",
        "round {}",
    ),
)


def _schema(name: str, code: str, says: str, *statements: str) -> Fault:
    def plant() -> str:
        raw(*statements)
        return says

    return Fault(name, code, plant)


def _idle(trigger: str, table: str, when: str) -> Fault:
    """A trigger of the same name that does nothing."""
    return _schema(
        f"{trigger} replaced by one that does nothing",
        "guard_differs",
        trigger,
        f"DROP TRIGGER {trigger}",
        f"CREATE TRIGGER {trigger} {when} ON {table} BEGIN SELECT 1; END",
    )


def _rewritten(name: str, code: str, says: str, table: str, old: str, new: str) -> Fault:
    """The text of a table in SQLite's own list, changed in its place."""

    def plant() -> str:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA writable_schema = ON")
            cursor.execute(
                "UPDATE sqlite_master SET sql = replace(sql, %s, %s) WHERE name = %s",
                [old, new, table],
            )
            cursor.execute("PRAGMA writable_schema = OFF")
        return says

    return Fault(name, code, plant)


POSITIVE = 'CONSTRAINT "transfer_amount_positive" CHECK ("amount_cents" > 0)'


def _currency() -> str:
    """Dollars, written while the constraint was away."""
    key = one("SELECT MIN(id) FROM allocation_award")
    do("UPDATE allocation_award SET amount_currency = 'USD' WHERE id = %s", key)
    return "award_amount_in_euros"


SQLITE = (
    _idle("ledger_transfer_totals", "fund_transfer", "AFTER INSERT"),
    _idle("fund_transfer_no_update", "fund_transfer", "BEFORE UPDATE"),
    _idle("fund_transfer_no_delete", "fund_transfer", "BEFORE DELETE"),
    _idle("ledger_transfer_period", "fund_transfer", "BEFORE INSERT"),
    _idle("ledger_account_totals", "fund_account", "BEFORE UPDATE"),
    _idle("bank_bankentry_no_update", "bank_bankentry", "BEFORE UPDATE"),
    _schema(
        "a trigger taken away",
        "guard_missing",
        "ledger_transfer_shape",
        "DROP TRIGGER ledger_transfer_shape",
    ),
    _schema(
        "a trigger that swallows transfers",
        "guard_unknown",
        "helpful",
        "CREATE TRIGGER helpful BEFORE INSERT ON fund_transfer WHEN NEW.memo = 'paid' "
        "BEGIN SELECT RAISE(IGNORE); END",
    ),
    _rewritten(
        "a CHECK dropped",
        "rule_missing",
        "transfer_amount_positive",
        "fund_transfer",
        f"{POSITIVE}, ",
        "",
    ),
    _rewritten(
        "a CHECK that allows everything",
        "rule_missing",
        "transfer_amount_positive",
        "fund_transfer",
        '("amount_cents" > 0)',
        '("amount_cents" > 0 OR 1)',
    ),
    _rewritten(
        "a CHECK in a comment",
        "rule_missing",
        "transfer_amount_positive",
        "fund_transfer",
        f"{POSITIVE}, ",
        f"/* {POSITIVE}, */ ",
    ),
    _rewritten(
        "overdrafts allowed",
        "rule_missing",
        "account_claim_not_below_zero",
        "fund_account",
        'OR "credits_cents" >= ("debits_cents")',
        "OR 1",
    ),
    _rewritten(
        "references that may return",
        "rule_missing",
        "reference",
        "fund_transfer",
        '"reference" varchar(100) NOT NULL UNIQUE',
        '"reference" varchar(100) NOT NULL',
    ),
    _schema(
        "two refunds of one deposit allowed",
        "rule_missing",
        "refund_once",
        "DROP INDEX refund_once",
    ),
    Fault("another currency", "rule_broken", _currency),
    _fact(
        "a payout without its line of a statement",
        "facts_disagree",
        "allocation_payout",
        "entry_id = NULL",
        "status = 'paid'",
        "payout {}",
    ),
)

POSTGRES = (
    _schema(
        "a function of a trigger that does nothing",
        "guard_differs",
        "ledger_add_to_totals()",
        "CREATE OR REPLACE FUNCTION ledger_add_to_totals() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$",
    ),
    _schema(
        "closed months opened by a function",
        "guard_differs",
        "ledger_refuse_closed()",
        "CREATE OR REPLACE FUNCTION ledger_refuse_closed() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$",
    ),
    _schema(
        "changes allowed by a function",
        "guard_differs",
        "fund_transfer_unchanged()",
        "CREATE OR REPLACE FUNCTION fund_transfer_unchanged() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
    ),
    _schema(
        "a trigger that calls another function",
        "guard_differs",
        "fund_transfer_no_change",
        "DROP TRIGGER fund_transfer_no_change ON fund_transfer",
        "CREATE TRIGGER fund_transfer_no_change BEFORE UPDATE OR DELETE ON fund_transfer "
        "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()".replace(
            " OR DELETE", ""
        ),
    ),
    _schema(
        "a trigger with a condition that never holds",
        "guard_differs",
        "fund_transfer_no_change",
        "DROP TRIGGER fund_transfer_no_change ON fund_transfer",
        "CREATE TRIGGER fund_transfer_no_change BEFORE UPDATE OR DELETE ON fund_transfer "
        "FOR EACH ROW WHEN (false) EXECUTE FUNCTION fund_transfer_unchanged()",
    ),
    _schema(
        "a trigger switched off",
        "guard_differs",
        "ledger_transfer_totals",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE fund_transfer DISABLE TRIGGER ledger_transfer_totals",
    ),
    _schema(
        "a trigger taken away",
        "guard_missing",
        "ledger_day_totals",
        "DROP TRIGGER ledger_day_totals ON fund_accountday",
    ),
    _schema(
        "a rule that swallows transfers",
        "guard_unknown",
        "helpful",
        "CREATE RULE helpful AS ON INSERT TO fund_transfer DO INSTEAD NOTHING",
    ),
    _schema(
        "a CHECK dropped",
        "rule_missing",
        "transfer_amount_positive",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE fund_transfer DROP CONSTRAINT transfer_amount_positive",
    ),
    _schema(
        "a CHECK that does not look at what is there",
        "rule_missing",
        "transfer_amount_positive",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE fund_transfer DROP CONSTRAINT transfer_amount_positive",
        "ALTER TABLE fund_transfer ADD CONSTRAINT transfer_amount_positive "
        "CHECK (amount_cents > 0) NOT VALID",
    ),
    _schema(
        "overdrafts allowed",
        "rule_missing",
        "account_claim_not_below_zero",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE fund_account DROP CONSTRAINT account_claim_not_below_zero",
        "ALTER TABLE fund_account ADD CONSTRAINT account_claim_not_below_zero CHECK (true)",
    ),
    _schema(
        "a CHECK with its brackets moved",
        "rule_missing",
        "account_earmark_on_pools_only",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE fund_account DROP CONSTRAINT account_earmark_on_pools_only",
        "ALTER TABLE fund_account ADD CONSTRAINT account_earmark_on_pools_only CHECK ("
        "earmark_column = '' AND (earmark_equals = '' OR kind = 'pool') OR NOT ("
        "earmark_column = '' AND earmark_column IS NOT NULL))",
    ),
    _schema(
        "a trigger that looks away from some rows",
        "guard_differs",
        "bank_chainlink_keeps",
        """DO $$ DECLARE made text; BEGIN
           SELECT pg_get_triggerdef(oid) INTO made FROM pg_trigger
           WHERE tgname = 'bank_chainlink_keeps';
           DROP TRIGGER bank_chainlink_keeps ON bank_chainlink;
           EXECUTE replace(made, 'WHEN (', 'WHEN (old.from_cents > 0 AND ');
           END $$""",
    ),
    _schema(
        "two refunds of one deposit allowed",
        "rule_missing",
        "refund_once",
        "DROP INDEX refund_once",
    ),
    _schema(
        "a key to nowhere allowed",
        "rule_missing",
        "FOREIGN KEY (debit_id)",
        "SET CONSTRAINTS ALL IMMEDIATE",
        """DO $$ DECLARE name text; BEGIN
           SELECT conname INTO name FROM pg_constraint WHERE contype = 'f'
           AND conrelid = 'fund_transfer'::regclass
           AND pg_get_constraintdef(oid) LIKE 'FOREIGN KEY (debit_id)%%';
           EXECUTE 'ALTER TABLE fund_transfer DROP CONSTRAINT ' || quote_ident(name);
           END $$""".replace("%%", "%"),
    ),
    _schema(
        "an award without an account allowed",
        "rule_missing",
        "account_id bigint NOT NULL",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE allocation_award ALTER COLUMN account_id DROP NOT NULL",
    ),
)
