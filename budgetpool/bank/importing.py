"""Keeps the statements of a file: each entry once, whatever file it comes in.

Call `store` inside the transaction that also books the entries, so that a file is either kept
and booked, or leaves no trace.
"""

from collections.abc import Iterable

from django.db import connection

from budgetpool.bank import holding, keeping, sources
from budgetpool.bank.chain_links import Hold
from budgetpool.bank.keeping import BATCH, Progress
from budgetpool.bank.models import UnprovenAcceptance
from budgetpool.bank.planning import Plan
from budgetpool.bank.sources import SourceFile, Stored, digest, read_source, read_stream, sort_out
from budgetpool.bank.statement import Statement
from budgetpool.fund.models import Fund, FundIban
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

__all__ = [
    "BATCH",
    "Progress",
    "SourceFile",
    "Stored",
    "digest",
    "lock_funds",
    "no_progress",
    "read_source",
    "read_stream",
    "sort_out",
    "store",
]


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers that show nothing."""


def store(
    *,
    source: SourceFile,
    fund: Fund | None = None,
    by: User | None = None,
    on_progress: Progress = no_progress,
) -> list[Stored]:
    """Keep every entry in euros on an account of a fund that is not known yet.

    Locks the funds concerned until the end of the transaction, so two imports of one file at the
    same time wait for each other and the second finds every entry known. A file that does not fit
    the chain of an account is held whole; each held file that fits now is booked too.

    Args:
        source: a file that was read whole.
        fund: only this fund's accounts count; without it every fund's.
        by: who imports; None for the system itself.

    Raises:
        BalanceNotProven, ControlTotalWrong: a statement of the fund is not proven, and nobody
            asked to accept the file. Once somebody did, it is held for the second person.
        NoDate: an entry says on no day.
    """
    assert connection.in_atomic_block, "store() belongs in the transaction that books"
    sorted_out = sort_out(source, fund=fund)
    own = [stored for stored in sorted_out if stored.fund is not None]
    funds = {stored.fund.pk: stored.fund for stored in own if stored.fund}
    lock_funds(funds)
    for key, owner in sorted(funds.items()):
        rows = [stored for stored in own if stored.fund and stored.fund.pk == key]
        if _store_file(rows, source, owner, by, on_progress):
            sorted_out += _release(owner, on_progress)
    return sorted_out


def lock_funds(keys: Iterable[int]) -> None:
    """Wait for whoever is booking for these funds, in the order of their keys."""
    rows = Fund.objects.filter(pk__in=sorted(keys)).order_by("pk")
    if connection.features.has_select_for_no_key_update:
        rows = rows.select_for_update(no_key=True)
    list(rows)


def _store_file(
    rows: list[Stored], source: SourceFile, fund: Fund, by: User | None, on_progress: Progress
) -> bool:
    """Book one fund's statements of a file, or hold them. True if something was booked."""
    asked = UnprovenAcceptance.objects.filter(fund=fund, file_sha256=source.sha256).first()
    accepted = asked if asked is not None and asked.confirmed_by_id is not None else None
    if accepted is not None and accepted.sets_aside:
        for stored in rows:
            stored.left_out = "set_aside"
        return False
    unproven = None if accepted is not None else _unproven(rows, source.name)
    if unproven is not None:
        refusal, account = unproven
        if asked is None and not _is_held(source, fund):
            raise refusal
        told = {name: value for name, value in refusal.params.items() if name != "reason"}
        _hold(rows, source, account, Hold(refusal.code, told), by)
        return False
    plan = Plan(fund, accepted)
    plan.take(rows)
    if plan.hold is not None and plan.held_account is not None:
        _hold(rows, source, plan.held_account, plan.hold, by)
        return False
    for stored, new in plan.to_keep:
        kept = keeping.keep(
            new, file_name=source.name, sha256=source.sha256, by=by, on_progress=on_progress
        )
        stored.row, stored.fresh, stored.known_count = kept.row, kept.fresh, kept.known_count
    holding.settle(fund=fund, sha256=source.sha256, by=by)
    return bool(plan.to_keep)


def _release(fund: Fund, on_progress: Progress) -> list[Stored]:
    """Book the held files that fit now: what was missing has come."""
    released: list[Stored] = []
    waiting = list(holding.waiting(fund))
    while waiting:
        for held in waiting:
            source = sources.of_held(held)
            rows = [row for row in sort_out(source, fund=fund) if row.fund is not None]
            if _store_file(rows, source, fund, held.held_by, on_progress):
                released += rows
                waiting.remove(held)
                break
        else:
            return released
    return released


def _hold(
    rows: list[Stored], source: SourceFile, account: FundIban, why: Hold, by: User | None
) -> None:
    held = holding.hold(source=source, account=account, hold=why, by=by)
    for stored in rows:
        stored.held, stored.known_count = held, 0


def _is_held(source: SourceFile, fund: Fund) -> bool:
    return holding.waiting(fund).filter(file_sha256=source.sha256).exists()


def _unproven(rows: list[Stored], file_name: str) -> tuple[NotReady, FundIban] | None:
    """Why the first statement that contradicts itself is not booked, and its account."""
    for stored in rows:
        refusal = _contradiction(stored.source, file_name)
        if refusal is not None:
            account = FundIban.objects.select_related("fund__region").get(
                fund=stored.fund, iban=stored.source.iban
            )
            return refusal, account
    return None


def _contradiction(statement: Statement, file_name: str) -> NotReady | None:
    name = statement.id or file_name
    if statement.balance_proven is False:
        opening, closing = statement.opening_cents or 0, statement.closing_cents or 0
        return NotReady(
            "balance_not_proven",
            statement=name,
            opening_cents=opening,
            total_cents=statement.total_cents,
            closing_cents=closing,
            difference_cents=closing - opening - statement.total_cents,
        )
    if statement.control_error is not None:
        return NotReady("control_total_wrong", statement=name, reason=statement.control_error)
    return None
