"""The chain of an account, from the database and back."""

from collections.abc import Sequence
from datetime import date

from budgetpool.bank.chain import Chain, link_of
from budgetpool.bank.chain_links import Link, Opening, Read, Run
from budgetpool.bank.line_sets import Line
from budgetpool.bank.models import BankEntry, BankStatement, ChainLink, OpeningBalance
from budgetpool.bank.statement import Statement
from budgetpool.fund.models import FundIban


def of(account: FundIban) -> Chain:
    """The chain of one account; call it under the fund's lock before adding to it."""
    rows = (
        ChainLink.objects.filter(fund_iban=account, displaced_by=None)
        .select_related("statement")
        .order_by("ends_on", "pk")
    )
    links = [
        Link(
            row.from_cents,
            row.until_cents,
            row.first_on,
            row.last_on,
            row.ends_on,
            row.dialect,
            row.statement.statement_id,
            row.pk,
        )
        for row in rows
    ]
    statements = {row.pk: row.statement_id for row in rows}

    def lines(link: Link) -> Sequence[Line]:
        assert link.key is not None
        return _lines(statements[link.key], link.first_on, link.last_on)

    booked = booked_opening(account)
    opening = Opening(booked.amount_cents, booked.starts_on) if booked else None
    return Chain(links, lines, opening)


def booked_opening(account: FundIban) -> OpeningBalance | None:
    """The opening balance that two people booked."""
    return OpeningBalance.objects.filter(fund_iban=account, approved_at__isnull=False).first()


def read_of(statement: Statement, *, day: date | None = None) -> Read | None:
    """A statement as the chain sees it; None where it has no balance or no day.

    Where only one balance is given, the entries make the other.
    """
    opening, closing = statement.opening_cents, statement.closing_cents
    if opening is None and closing is not None:
        opening = closing - statement.total_cents
    if closing is None and opening is not None:
        closing = opening + statement.total_cents
    days = [entry.date for entry in statement.entries if entry.date]
    ends_on = statement.date or max(days, default=None) or day
    if opening is None or closing is None or ends_on is None:
        return None
    lines = tuple(
        Line(
            entry.date or ends_on,
            entry.amount_cents,
            entry.iban or "",
            f"{entry.structured_reference or ''} {entry.remittance or ''}".strip(),
            entry.bank_reference or "",
            number,
        )
        for number, entry in enumerate(statement.entries)
    )
    return Read(opening, closing, ends_on, lines, statement.dialect, (statement.id or "")[:140])


def save(*, statement: BankStatement, read: Read, runs: Sequence[Run]) -> None:
    """Write the runs of a statement as links of its account's chain."""
    for run in runs:
        link = link_of(read, run)
        ChainLink.objects.create(
            fund_iban_id=statement.fund_iban_id,
            statement=statement,
            from_cents=link.from_cents,
            until_cents=link.until_cents,
            first_on=link.first_on,
            last_on=link.last_on,
            ends_on=link.ends_on,
            dialect=link.dialect,
        )


def displace(*, links: Sequence[Link], by: BankStatement) -> None:
    """Take links out of their chain, because another file tells what the bank did."""
    keys = [link.key for link in links if link.key is not None]
    ChainLink.objects.filter(pk__in=keys).update(displaced_by=by)


def _lines(statement_key: int, first_on: date, last_on: date) -> list[Line]:
    rows = (
        BankEntry.objects.filter(statement=statement_key, date__gte=first_on, date__lte=last_on)
        .order_by("pk")
        .values_list(
            "date", "amount_cents", "iban", "structured_reference", "remittance", "bank_reference"
        )
    )
    return [
        Line(day, cents, iban, f"{structured} {text}".strip(), bank_reference, number)
        for number, (day, cents, iban, structured, text, bank_reference) in enumerate(rows)
    ]
