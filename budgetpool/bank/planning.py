"""Decides what becomes of a file before anything of it is written: all of it is booked, or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from budgetpool.bank import keeping, keys, links
from budgetpool.bank.chain import Chain, whole
from budgetpool.bank.chain_links import Hold, Run
from budgetpool.bank.keeping import ToKeep
from budgetpool.bank.models import BankStatement, UnprovenAcceptance
from budgetpool.bank.sources import Stored
from budgetpool.fund import closed_months
from budgetpool.fund.models import Fund, FundIban

# Holds of files that tell of days that are known, and otherwise.
DISPLACING: Final = {"contradicts"}


class Plan:
    """What will be booked of one fund's statements of a file.

    Args:
        accepted: two persons' word that the file is the bank's, although it does not fit.
    """

    def __init__(self, fund: Fund, accepted: UnprovenAcceptance | None) -> None:
        self.fund = fund
        self.accepted = accepted
        self.to_keep: list[tuple[Stored, ToKeep]] = []
        self.hold: Hold | None = None
        self.held_account: FundIban | None = None
        self._accounts = {
            row.iban: row
            for row in FundIban.objects.filter(fund=fund).select_related("fund", "account")
        }
        self._closed_until = closed_months.closed_until(fund.pk)
        self._chains: dict[str, Chain] = {}
        self._taken: set[str] = set()

    def take(self, rows: list[Stored]) -> None:
        """Take statements in whatever order they fit; `hold` tells of the first that does not."""
        waiting = list(rows)
        while waiting:
            holds = [self._take_one(row) for row in waiting]
            still = [row for row, hold in zip(waiting, holds, strict=True) if hold is not None]
            if len(still) == len(waiting):
                self._stop(still[0], next(hold for hold in holds if hold is not None))
                return
            waiting = still

    def _stop(self, row: Stored, hold: Hold) -> None:
        self.hold, self.held_account = hold, self._accounts[row.source.iban or ""]
        self.to_keep = []

    def _take_one(self, row: Stored) -> Hold | None:
        """Plan one statement; why it does not fit, where it does not."""
        statement = row.source
        account = self._accounts[statement.iban or ""]
        found_keys = tuple(keys.entry_keys(statement))
        key = keys.statement_key(statement, list(found_keys))
        row.known_count = len(statement.entries) - len(row.left_out_entries)
        if self._is_known(key):
            return None
        chain = self._chain(account)
        read = links.read_of(statement)
        asked = ToKeep(statement, account, key, found_keys, read, acceptance=self.accepted)
        if read is None:
            return self._take_without_balances(row, chain, asked)
        decision = chain.decide(read)
        if decision.hold is not None:
            if self.accepted is None:
                return decision.hold
            runs: tuple[Run, ...] = (whole(read),)
            displaced = chain.in_conflict(read) if decision.hold.code in DISPLACING else []
        else:
            runs, displaced = decision.runs, []
        if (closed := self._closed(runs)) is not None:
            return closed
        if runs:
            opened = tuple(map(self._in_open_months, runs))
            chain.remove(displaced)
            self._keep(row, asked, runs=opened, displaces=tuple(displaced))
            chain.add(read, opened)
        return None

    def _closed(self, runs: Sequence[Run]) -> Hold | None:
        """What lies in closed months waits until two people open them again."""
        until = self._closed_until
        if until is None or not any(run.lines and run.ends_on <= until for run in runs):
            return None
        return Hold("month_closed", {"closed_on": until.isoformat()})

    def _in_open_months(self, run: Run) -> Run:
        """A statement that goes on in an open month may hold lines with an earlier day of value.

        They count on the first open day: what is closed stays as it was proven.
        """
        until = self._closed_until
        if until is None:
            return run
        first = until + timedelta(days=1)
        lines = tuple(replace(line, day=max(line.day, first)) for line in run.lines)
        return replace(run, lines=lines)

    def _take_without_balances(self, row: Stored, chain: Chain, asked: ToKeep) -> Hold | None:
        """Beside the chain an entry counts by its keys alone; where a chain is, people decide."""
        if chain.closing_cents is not None and self.accepted is None:
            if keeping.all_known(self.fund, asked.statement, asked.found_keys):
                return None
            return Hold("no_balances")
        until = self._closed_until
        days = [entry.date or asked.statement.date for entry in asked.statement.entries]
        if until is not None and any(day and day <= until for day in days):
            return Hold("month_closed", {"closed_on": until.isoformat()})
        self._keep(row, asked)
        return None

    def _keep(self, row: Stored, asked: ToKeep, **what: object) -> None:
        self._taken.add(asked.key)
        self.to_keep.append((row, replace(asked, **what)))  # type: ignore[arg-type]

    def _is_known(self, key: str) -> bool:
        rows = BankStatement.objects.filter(fund=self.fund, key=key)
        return key in self._taken or rows.exists()

    def _chain(self, account: FundIban) -> Chain:
        if account.iban not in self._chains:
            self._chains[account.iban] = links.of(account)
        return self._chains[account.iban]
