"""Proof that the books are right, recomputed from the transfers alone."""

from collections.abc import Iterator

from django.db import transaction

from budgetpool import declared
from budgetpool.fund import comparing, facts, recount
from budgetpool.fund.findings import Finding, Outcome, outcome
from budgetpool.fund.models import Account, Fund, Transfer

__all__ = ["Finding", "Outcome", "check_ledger"]


def check_ledger() -> list[Outcome]:
    """Run every check of the ledger, and those of the layers above it.

    Checks: `guards` (the database's triggers and constraints are those that the code declares),
    `totals` (cached totals are those of the transfers), `days` (so are the totals per day),
    `balanced` (in each fund assets equal claims), `claims` (no account that may not is or ever
    was below zero), `order` (transfers were booked in the order in which they were written),
    `periods` (nothing was booked into a closed month), `shapes` (amount, accounts and fund of
    each transfer), `corrections` (each is the mirror of what it corrects), one per source of
    business facts, and `kinds` (no transfer of a kind that nobody knows).
    """
    accounts, transfers = Account.objects.count(), Transfer.objects.count()
    outcomes = [outcome("guards", len(declared.guards()), _guards())]
    with transaction.atomic(), recount.counted():
        outcomes += [
            outcome("totals", accounts, recount.totals()),
            outcome("days", accounts, recount.days()),
            outcome("balanced", Fund.objects.count(), recount.balanced()),
            outcome("claims", accounts, recount.claims()),
            outcome("order", transfers, recount.order()),
            outcome("periods", transfers, recount.periods()),
            outcome("shapes", transfers, recount.shapes()),
            outcome("corrections", transfers, recount.corrections()),
        ]
        sources = facts.sources()
        outcomes += comparing.compare(sources) if sources else []
    return outcomes + [check() for check in facts.checks()]


def _guards() -> Iterator[Finding]:
    """Triggers and constraints that are not those of the code, and rows that break one."""
    for difference in declared.differing():
        yield Finding(difference.code, difference.params)
