"""Books the new entries of imported statements: every credit becomes a deposit.

A recognised deposit goes bank → employer → pool in one transaction, any other bank → suspense.
A debit leaves the bank as unexplained. All postings of a file are one call of the ledger.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from budgetpool.bank import payments
from budgetpool.bank.importing import BATCH, Progress, no_progress
from budgetpool.bank.models import BankEntry
from budgetpool.fund import bulk, ledger
from budgetpool.fund.models import Account, Fund
from employers import accounts
from employers.deposits.matching import Asked, Found, Matcher
from employers.models import Contribution, Deposit, DepositMatch, Employer, EmployerIban
from employers.pledges import requests

POSTINGS = 10_000


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
    credits = [entry for entry in entries if entry.amount_cents > 0]
    postings = _book_debits(fund, debits, outcome)
    postings += _book_credits(fund, credits, outcome, on_progress)
    for start in range(0, len(postings), POSTINGS):
        ledger.post_many(postings[start : start + POSTINGS])
        on_progress("book", min(start + POSTINGS, len(postings)), len(postings))
    return outcome


def _book_debits(fund: Fund, entries: list[BankEntry], outcome: Booked) -> list[ledger.Entry]:
    if not entries:
        return []
    unexplained = payments.unexplained_account(fund)
    outcome.payments_count = len(entries)
    outcome.payments_cents = -sum(entry.amount_cents for entry in entries)
    return [
        payments.left_the_bank(
            entry, bank=entry.statement.fund_iban.account, unexplained=unexplained
        )
        for entry in entries
    ]


def _book_credits(
    fund: Fund, entries: list[BankEntry], outcome: Booked, on_progress: Progress
) -> list[ledger.Entry]:
    if not entries:
        return []
    # In the order in which they came in, so that the first of two payments settles a request.
    entries = sorted(entries, key=lambda entry: (entry.date, entry.pk))
    matcher = matcher_for(fund)
    found = [matcher.settle(entry) for entry in entries]
    deposits: list[Deposit] = []
    for start in range(0, len(entries), BATCH):
        part = entries[start : start + BATCH]
        deposits += bulk.insert(
            [
                Deposit(
                    fund=fund,
                    entry=entry,
                    amount_cents=entry.amount_cents,
                    received_on=entry.date,
                )
                for entry in part
            ]
        )
        on_progress("match", len(deposits), len(entries))
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
    rows = requests.with_paid(Contribution.objects.filter(fund=fund).select_related("earmark"))
    asked = [
        Asked(
            id=row.pk,
            employer_id=row.employer_id,
            reference=row.reference,
            open_cents=row.amount_cents - row.paid_cents,
            account_id=row.earmark.account_id if row.earmark else pool.pk,
            is_withdrawn=row.withdrawn_at is not None,
        )
        for row in rows.order_by("due_on", "pk")
    ]
    by_iban: dict[str, list[int]] = defaultdict(list)
    payers = {row.employer_id for row in asked}
    for iban, employer_id in EmployerIban.objects.filter(employer__in=payers).values_list(
        "iban", "employer_id"
    ):
        by_iban[iban].append(employer_id)
    return Matcher(asked, dict(by_iban))
