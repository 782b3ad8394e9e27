"""Books the new entries of imported statements: every credit becomes a deposit.

A recognised deposit goes bank → employer → pool in one transaction, any other bank → suspense.
A debit leaves the bank as unexplained. The postings of a part of the file are one call of the
ledger, so that a statement of any length holds no more of them in memory than a part has.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from budgetpool.bank import payments
from budgetpool.bank.importing import Progress, no_progress
from budgetpool.bank.models import BankEntry
from budgetpool.fund import bulk, ledger
from budgetpool.fund.models import Account, Fund
from employers import accounts
from employers.deposits.matching import Asked, Found, Matcher
from employers.models import Contribution, Deposit, DepositMatch, Employer, EmployerIban
from employers.pledges import requests

PART = 5_000


@dataclass(slots=True)
class Booked:
    """What became of the new entries of one fund."""

    fund: Fund
    matched: Counter[str] = field(default_factory=Counter)
    """Deposits by how they were recognised."""
    matched_cents: int = 0
    suspense_count: int = 0
    suspense_cents: int = 0
    payments_count: int = 0
    payments_cents: int = 0


def book(
    *, fund: Fund, entries: Sequence[BankEntry], on_progress: Progress = no_progress
) -> Booked:
    """Turn new entries of one fund into deposits, matches and transfers.

    Call it in the transaction that stored the entries, which holds the fund's lock.

    Args:
        entries: saved just now, with their statement and its account loaded.
    """
    assert connection.in_atomic_block, "book() belongs in the transaction that stores"
    outcome = Booked(fund)
    debits = [entry for entry in entries if entry.amount_cents < 0]
    # In the order in which they came in, so that the first of two payments settles a request.
    credits = sorted(
        (entry for entry in entries if entry.amount_cents > 0),
        key=lambda entry: (entry.date, entry.pk),
    )
    done = 0
    for part in _parts(debits):
        ledger.post_many(_book_debits(fund, part, outcome))
        done += len(part)
        on_progress("book", done, len(entries))
    matcher = matcher_for(fund) if credits else Matcher(())
    for part in _parts(credits):
        ledger.post_many(_book_credits(fund, part, matcher, outcome))
        done += len(part)
        on_progress("book", done, len(entries))
    return outcome


def _parts(entries: Sequence[BankEntry]) -> Iterator[Sequence[BankEntry]]:
    return (entries[start : start + PART] for start in range(0, len(entries), PART))


def _book_debits(
    fund: Fund, entries: Sequence[BankEntry], outcome: Booked
) -> Iterator[ledger.Entry]:
    unexplained = payments.unexplained_account(fund)
    for entry in entries:
        outcome.payments_count += 1
        outcome.payments_cents -= entry.amount_cents
        yield payments.left_the_bank(
            entry, bank=entry.statement.fund_iban.account, unexplained=unexplained
        )


def _book_credits(
    fund: Fund, entries: Sequence[BankEntry], matcher: Matcher, outcome: Booked
) -> list[ledger.Entry]:
    found = [matcher.settle(entry) for entry in entries]
    deposits = bulk.insert(
        [
            Deposit(
                fund=fund,
                entry=entry,
                amount_cents=entry.amount_cents,
                received_on=entry.date,
            )
            for entry in entries
        ]
    )
    matches = [
        DepositMatch(
            deposit=deposit,
            number=number,
            employer_id=share.asked.employer_id,
            contribution_id=share.asked.id,
            account_id=share.asked.account_id,
            amount_cents=share.amount_cents,
            how=match.how,
        )
        for deposit, match in zip(deposits, found, strict=True)
        if match is not None
        for number, share in enumerate(match.shares, start=1)
    ]
    bulk.insert(matches)
    return _postings(fund, deposits, found, outcome)


def _postings(
    fund: Fund, deposits: list[Deposit], found: list[Found | None], outcome: Booked
) -> list[ledger.Entry]:
    employers = _employer_accounts(fund, found)
    keys = {share.asked.account_id for match in found if match for share in match.shares}
    pools = Account.objects.in_bulk(keys)
    suspense = accounts.suspense(fund)
    postings = []
    for deposit, match in zip(deposits, found, strict=True):
        bank = deposit.entry.statement.fund_iban.account
        if match is None:
            outcome.suspense_count += 1
            outcome.suspense_cents += deposit.amount_cents
            postings.append(received(deposit, bank=bank, credit=suspense))
            continue
        outcome.matched[match.how] += 1
        outcome.matched_cents += deposit.amount_cents
        if len(match.shares) > 1:
            postings.append(received(deposit, bank=bank, credit=suspense))
            postings += _divided(deposit, match, suspense, employers, pools)
            continue
        asked = match.shares[0].asked
        employer = employers[asked.employer_id]
        postings.append(received(deposit, bank=bank, credit=employer))
        postings.append(
            ledger.Entry(
                debit=employer,
                credit=pools[asked.account_id],
                amount=deposit.amount_cents,
                reference=f"deposit:{deposit.pk}:joined:1",
                memo="joined_pool",
                value_date=deposit.received_on,
            )
        )
    return postings


def _divided(
    deposit: Deposit,
    match: Found,
    suspense: Account,
    employers: dict[int, Account],
    pools: dict[int, Account],
) -> Iterator[ledger.Entry]:
    """What the desk would do by hand: each share goes suspense → employer → pool."""
    for number, share in enumerate(match.shares, start=1):
        employer = employers[share.asked.employer_id]
        for verb, debit, credit, memo in (
            ("matched", suspense, employer, "matched"),
            ("joined", employer, pools[share.asked.account_id], "joined_pool"),
        ):
            yield ledger.Entry(
                debit=debit,
                credit=credit,
                amount=share.amount_cents,
                reference=f"deposit:{deposit.pk}:{verb}:{number}",
                memo=memo,
            )


def received(deposit: Deposit, *, bank: Account, credit: Account) -> ledger.Entry:
    """The posting of money that came in: to its employer, or to suspense."""
    recognised = credit.kind == Account.Kind.EMPLOYER
    return ledger.Entry(
        debit=bank,
        credit=credit,
        amount=deposit.amount_cents,
        reference=f"deposit:{deposit.pk}:received",
        memo="deposit" if recognised else "unexplained_deposit",
        value_date=deposit.received_on,
    )


def _employer_accounts(fund: Fund, found: list[Found | None]) -> dict[int, Account]:
    ids = {share.asked.employer_id for match in found if match for share in match.shares}
    names = {
        accounts.employer_code(pk): name[:120]
        for pk, name in Employer.objects.filter(pk__in=ids).values_list("pk", "name")
    }
    opened = ledger.open_accounts(
        fund=fund, kind=Account.Kind.EMPLOYER, codes=sorted(names), names=names
    )
    return {pk: opened[accounts.employer_code(pk)] for pk in ids}


def matcher_for(fund: Fund) -> Matcher:
    """The fund's requests with what is still open of each."""
    pool = accounts.general_pool(fund)
    rows = requests.with_paid(Contribution.objects.filter(fund=fund)).order_by("due_on", "pk")
    read = rows.values_list(  # type: ignore[misc]  # `paid_cents` is added above
        "pk",
        "employer_id",
        "reference",
        "amount_cents",
        "paid_cents",
        "earmark__account_id",
        "withdrawn_at",
    )
    asked = [
        Asked(
            id=key,
            employer_id=employer_id,
            reference=reference,
            open_cents=amount_cents - paid_cents,
            account_id=pool.pk if earmarked_id is None else earmarked_id,
            is_withdrawn=withdrawn_at is not None,
        )
        for (
            key,
            employer_id,
            reference,
            amount_cents,
            paid_cents,
            earmarked_id,
            withdrawn_at,
        ) in read.iterator()
    ]
    by_iban: dict[str, list[int]] = defaultdict(list)
    payers = {row.employer_id for row in asked}
    for iban, employer_id in EmployerIban.objects.filter(employer__in=payers).values_list(
        "iban", "employer_id"
    ):
        by_iban[iban].append(employer_id)
    return Matcher(asked, dict(by_iban))
