"""The reconciliation statement: the bank's last closing balance beside the ledger's bank account.

The difference is told by its parts, and the parts make it to the cent: an opening balance that is
not booked, statements that are missing, lines that stand beside the chain, and transfers that no
line of a statement is behind.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from budgetpool.bank import closing, holding, links
from budgetpool.bank.chain import Chain
from budgetpool.bank.models import BankEntry, BankStatement, ChainLink
from budgetpool.fund.checks import Finding, Outcome
from budgetpool.fund.models import Account, Fund, FundIban


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a difference: a code with parameters, and its cents (closing less ledger)."""

    code: str
    cents: int
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One account: what the bank says, what the books say, and what lies between."""

    account: FundIban
    closing_cents: int | None
    """None where no statement with balances has come and no opening is booked."""
    closing_on: date | None
    ledger_cents: int
    items: tuple[Item, ...]
    held_count: int
    opening_cents: int = 0
    """What is booked as its opening balance."""
    begins_cents: int = 0
    """The balance before its first statement."""

    @property
    def difference_cents(self) -> int:
        return 0 if self.closing_cents is None else self.closing_cents - self.ledger_cents

    @property
    def is_proven(self) -> bool:
        """Whether the books equal the last statement, with nothing open that evens out."""
        return self.closing_cents is not None and not self.items and not self.held_count


def of_fund(fund: Fund, until: date | None = None) -> list[Reconciliation]:
    """Every bank account of a fund, the main one first."""
    accounts = fund.ibans.select_related("account", "fund__region")
    return [of(account, until) for account in accounts]


def of(account: FundIban, until: date | None = None) -> Reconciliation:
    """The reconciliation statement of one account.

    Args:
        until: as it was at the end of this day, by the days of lines and transfers; as it is now
            if absent. A statement that ends later counts with its lines up to the day.
    """
    chain = links.of(account) if until is None else _cut(account, links.of(account), until)
    if until is None:
        ledger_cents = Account.objects.get(pk=account.account_id).balance_cents
    else:
        ledger_cents = closing.ledger_cents(account, until)
    held = holding.waiting(account.fund).filter(fund_iban=account).count()
    if chain.closing_cents is None:
        return Reconciliation(account, None, None, ledger_cents, (), held)
    ends = chain.links[-1].ends_on if chain.links else None
    on = ends or (chain.opening.on if chain.opening else None)
    items = tuple(_items(account, chain, ledger_cents, until))
    begins, opening = _begins(chain)
    found = Reconciliation(
        account,
        chain.closing_cents,
        on,
        ledger_cents,
        items,
        held,
        opening,
        begins,
    )
    assert found.difference_cents == sum(item.cents for item in items)
    return found


def check() -> Outcome:
    """For `check_ledger`: every account equals its last statement, and no file is held."""
    accounts = FundIban.objects.select_related("account", "fund__region").order_by("pk")
    found = [of(account) for account in accounts]
    findings = [finding for row in found for finding in _findings(row)]
    return Outcome("bank", len(found), findings)


def lines() -> Iterator[str]:
    """One line per account for `check_ledger`, and one per part of its difference."""
    for account in FundIban.objects.select_related("account", "fund__region").order_by("pk"):
        row = of(account)
        if row.closing_cents is None:
            yield f"{account.iban}: no statement with balances, ledger {_euros(row.ledger_cents)}"
            continue
        yield (
            f"{account.iban}: last closing {_euros(row.closing_cents)} ({row.closing_on}), "
            f"ledger {_euros(row.ledger_cents)}, difference {_euros(row.difference_cents)}"
        )
        for item in row.items:
            yield f"    {_euros(item.cents):>16}  {item.code} {_written(item.params)}".rstrip()


def _begins(chain: Chain) -> tuple[int, int]:
    """The balance before the first statement, and what is booked of it."""
    opening = chain.opening.amount_cents if chain.opening else 0
    return chain.links[0].from_cents if chain.links else opening, opening


def _cut(account: FundIban, chain: Chain, until: date) -> Chain:
    """The chain as far as a day: what begins later is left out, what ends later ends there."""
    kept = []
    for link in chain.links:
        if link.ends_on <= until:
            kept.append(link)
        elif link.first_on <= until:
            moved = _lines_of(account, until).filter(
                statement__links=link.key, date__gte=link.first_on
            )
            cents = moved.aggregate(sum=Sum("amount_cents"))["sum"] or 0
            kept.append(
                replace(link, until_cents=link.from_cents + cents, last_on=until, ends_on=until)
            )
    opening = chain.opening if chain.opening and chain.opening.on <= until else None
    return Chain(kept, opening=opening)


def _lines_of(account: FundIban, until: date | None) -> QuerySet[BankEntry]:
    rows = BankEntry.objects.filter(statement__fund_iban=account)
    return rows if until is None else rows.filter(date__lte=until)


def _items(
    account: FundIban, chain: Chain, ledger_cents: int, until: date | None
) -> Iterator[Item]:
    begins, opening = _begins(chain)
    if begins != opening:
        yield Item("opening_not_booked", begins - opening, {"from_cents": begins})
    for one, two in chain.gaps():
        days = {"closing_on": one.ends_on.isoformat(), "first_on": two.first_on.isoformat()}
        yield Item("gap", two.from_cents - one.until_cents, days)
    moved: Counter[int] = Counter()
    for row in (
        _lines_of(account, until)
        .order_by()
        .values_list("statement")
        .annotate(cents=Sum("amount_cents"))
    ):
        moved[row[0]] = row[1]
    yield from _beside_the_chain(chain, moved)
    without_entry = opening + moved.total() - ledger_cents
    if without_entry:
        yield Item("no_entry", without_entry, {})


def _beside_the_chain(chain: Chain, moved: Counter[int]) -> Iterator[Item]:
    """Lines that are booked and not proven, and lines that are proven and not booked."""
    proven: Counter[int] = Counter()
    cents = {link.key: link.until_cents - link.from_cents for link in chain.links if link.key}
    for link in ChainLink.objects.filter(pk__in=list(cents)):
        proven[link.statement_id] += cents[link.pk]
    both = proven.keys() | moved.keys()
    differing = {key: proven[key] - moved[key] for key in both if proven[key] != moved[key]}
    for row in BankStatement.objects.filter(pk__in=differing).order_by("date", "pk"):
        yield Item(
            "not_all_booked" if row.pk in proven else "beside_the_chain",
            differing[row.pk],
            {"statement": str(row)},
        )


def _findings(row: Reconciliation) -> Iterator[Finding]:
    named = {"fund": row.account.fund.name, "account": row.account.iban}
    for item in row.items:
        yield Finding(f"bank_{item.code}", {**named, "cents": item.cents, **item.params})
    if row.held_count:
        for held in holding.waiting(row.account.fund).filter(fund_iban=row.account):
            yield Finding(
                "bank_file_held", {**named, "file": held.file_name, "why": held.code, **held.params}
            )


def _written(params: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in params.items())


def _euros(cents: int) -> str:
    euros, rest = divmod(abs(cents), 100)
    return f"EUR {'-' if cents < 0 else ''}{euros:,}.{rest:02}"
