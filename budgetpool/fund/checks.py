"""Proof that the books are right, recomputed from the transfers alone."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Sum

from budgetpool.fund import facts, guards
from budgetpool.fund.models import Account, AccountDay, Transfer

MOST_FINDINGS = 50

# The lowest and the highest sum of debits less credits that each account ever had, in the order
# of booking.
EXTREMES = """
    SELECT account_id, MIN(net), MAX(net) FROM (
        SELECT account_id,
               SUM(cents) OVER (PARTITION BY account_id ORDER BY booked_at, id) AS net
        FROM (
            SELECT debit_id AS account_id, amount_cents AS cents, booked_at, id FROM fund_transfer
            UNION ALL
            SELECT credit_id, -amount_cents, booked_at, id FROM fund_transfer
        ) sides
    ) walked GROUP BY account_id
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code with parameters."""

    code: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{key}={value}" for key, value in self.params.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check looked at, and what it found (at most `MOST_FINDINGS`)."""

    check: str
    looked_at: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, **asdict(self)}


def check_ledger() -> list[Outcome]:
    """Run every check of the ledger, and those of the layers above it.

    Checks: `guards` (the database's triggers stand), `totals` (cached totals are those of the
    transfers), `days` (so are the totals per day), `balanced` (in each fund assets equal claims),
    `claims` (no account that may not is or ever was below zero), `funds` (both accounts of a
    transfer are of its fund), `corrections` (each is the mirror of what it corrects), and one
    per source of business facts.
    """
    recomputed = _recomputed()
    accounts = list(Account.objects.select_related("fund"))
    outcomes = [
        _outcome("guards", len(guards.names(connection.vendor)), _guards()),
        _outcome("totals", len(accounts), _totals(accounts, recomputed)),
        _outcome("days", len(accounts), _days(accounts, recomputed)),
        _outcome("balanced", len({a.fund_id for a in accounts}), _balanced(accounts, recomputed)),
        _outcome("claims", len(accounts), _claims(accounts)),
        _outcome("funds", Transfer.objects.count(), _funds()),
        _outcome("corrections", Transfer.objects.exclude(corrects=None).count(), _corrections()),
    ]
    return outcomes + [_facts(source) for source in facts.sources()]


def _outcome(check: str, looked_at: int, findings: Iterator[Finding]) -> Outcome:
    return Outcome(check, looked_at, list(islice(findings, MOST_FINDINGS)))


def _recomputed() -> dict[int, tuple[int, int]]:
    """Debits and credits of each account, in cents, summed from all transfers."""
    debits = _sums(Transfer.objects.all(), "debit_id")
    credits = _sums(Transfer.objects.all(), "credit_id")
    return {
        key: (debits.get(key, 0), credits.get(key, 0)) for key in debits.keys() | credits.keys()
    }


def _sums(transfers: QuerySet[Transfer], column: str) -> dict[int, int]:
    rows = transfers.order_by().values_list(column).annotate(total=Sum("amount_cents"))
    return dict(rows)


def _guards() -> Iterator[Finding]:
    for name in guards.missing(connection):
        yield Finding("guard_missing", {"trigger": name})


def _totals(accounts: list[Account], recomputed: dict[int, tuple[int, int]]) -> Iterator[Finding]:
    for account in accounts:
        debits, credits = recomputed.get(account.pk, (0, 0))
        if (account.debits_cents, account.credits_cents) != (debits, credits):
            yield Finding(
                "totals_differ",
                {
                    **_named(account),
                    "cached_cents": account.balance_cents,
                    "recomputed_cents": account.signed(debits, credits),
                },
            )


def _days(accounts: list[Account], recomputed: dict[int, tuple[int, int]]) -> Iterator[Finding]:
    sums = {
        key: (debits, credits)
        for key, debits, credits in AccountDay.objects.values_list("account_id").annotate(
            debits=Sum("debits_cents"), credits=Sum("credits_cents")
        )
    }
    for account in accounts:
        if sums.get(account.pk, (0, 0)) != recomputed.get(account.pk, (0, 0)):
            yield Finding("day_totals_differ", _named(account))


def _balanced(accounts: list[Account], recomputed: dict[int, tuple[int, int]]) -> Iterator[Finding]:
    net: dict[str, dict[bool, int]] = {}
    for account in accounts:
        sides = net.setdefault(account.fund.name, {True: 0, False: 0})
        sides[account.is_asset] += account.signed(*recomputed.get(account.pk, (0, 0)))
    for fund, sides in net.items():
        if sides[True] != sides[False]:
            yield Finding(
                "out_of_balance",
                {"fund": fund, "assets_cents": sides[True], "claims_cents": sides[False]},
            )


def _claims(accounts: list[Account]) -> Iterator[Finding]:
    """Walk through the whole history once: no claim and no debt was ever below zero."""
    with connection.cursor() as cursor:
        cursor.execute(EXTREMES)
        extremes = {key: (int(lowest), int(highest)) for key, lowest, highest in cursor.fetchall()}
    for account in accounts:
        if account.kind == Account.Kind.BANK or account.pk not in extremes:
            continue
        lowest, highest = extremes[account.pk]
        worst = lowest if account.is_asset else -highest
        if worst < 0:
            yield Finding("below_zero", {**_named(account), "lowest_cents": worst})


def _funds() -> Iterator[Finding]:
    strays = Transfer.objects.exclude(debit__fund=F("fund"), credit__fund=F("fund"))
    for transfer in strays[:MOST_FINDINGS]:
        yield Finding("other_fund", {"reference": transfer.reference})


def _corrections() -> Iterator[Finding]:
    wrong = Transfer.objects.exclude(corrects=None).exclude(
        debit=F("corrects__credit"),
        credit=F("corrects__debit"),
        amount_cents=F("corrects__amount_cents"),
    )
    for transfer in wrong[:MOST_FINDINGS]:
        yield Finding("correction_differs", {"reference": transfer.reference})


def _facts(source: facts.FactSource) -> Outcome:
    booked = {
        reference: (amount, debit, credit)
        for reference, amount, debit, credit in Transfer.objects.filter(
            reference__startswith=source.prefix, corrects=None
        ).values_list("reference", "amount_cents", "debit_id", "credit_id")
    }
    looked_at = len(booked)
    findings: list[Finding] = []
    for expected in source.expected():
        found = booked.pop(expected.reference, None)
        if found is None:
            findings.append(Finding("not_booked", {"reference": expected.reference}))
        elif not _fits(expected, found):
            findings.append(Finding("booked_otherwise", {"reference": expected.reference}))
    findings += [Finding("no_such_fact", {"reference": reference}) for reference in booked]
    return Outcome(f"facts:{source.name}", looked_at, findings[:MOST_FINDINGS])


def _fits(expected: facts.Expected, found: tuple[int, int, int]) -> bool:
    wanted = (expected.amount_cents, expected.debit_id, expected.credit_id)
    return all(want is None or want == have for want, have in zip(wanted, found, strict=True))


def _named(account: Account) -> dict[str, str]:
    return {"fund": account.fund.name, "account": account.code}
