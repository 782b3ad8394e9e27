"""Keeps the statements of a bank file and books their entries, in one transaction.

Only `allocation.payouts.arriving` calls it, which finds our payments in them too.
"""

from dataclasses import dataclass

from django.db import transaction

from budgetpool.audit import trail
from budgetpool.bank import importing as bank
from budgetpool.bank.importing import Progress, SourceFile, Stored, no_progress
from budgetpool.bank.models import HeldFile
from budgetpool.fund import collector
from budgetpool.fund.models import Fund
from budgetpool.users.models import User
from employers.deposits import booking, refunds
from employers.deposits.booking import Booked


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one file."""

    source: SourceFile
    stored: list[Stored]
    booked: list[Booked]

    @property
    def fresh_count(self) -> int:
        return sum(len(stored.fresh) for stored in self.stored)

    @property
    def known_count(self) -> int:
        return sum(stored.known_count for stored in self.stored)

    @property
    def held(self) -> list[HeldFile]:
        """The file, once for each fund in whose chain it does not fit."""
        return list({stored.held.pk: stored.held for stored in self.stored if stored.held}.values())


@collector.paused()
@transaction.atomic
def import_file(
    *,
    source: SourceFile,
    fund: Fund | None = None,
    by: User | None = None,
    on_progress: Progress = no_progress,
) -> ImportReport:
    """Keep and book everything of a file that is the fund's and is not known yet, or nothing.

    A file that does not fit the chain of statements is held. Files that were held and fit now are
    booked with it; their statements stand behind those of the file in the report.

    Args:
        source: a file that was read whole.
        fund: only this fund's accounts count; without it every fund's.
        by: who imports; None for the system itself. The caller checks that they may.

    Raises:
        BalanceNotProven, ControlTotalWrong, NoDate: see `budgetpool.bank.importing.store`.
    """
    stored = bank.store(source=source, fund=fund, by=by, on_progress=on_progress)
    funds = {found.fund.pk: found.fund for found in stored if found.fund is not None}
    booked = []
    for key, owner in sorted(funds.items()):
        rows = [found for found in stored if found.fund is not None and found.fund.pk == key]
        entries = [entry for found in rows for entry in found.fresh]
        booked.append(booking.book(fund=owner, entries=entries, on_progress=on_progress))
        refunds.confirm_from_statement(fund=owner, entries=entries)
        for found in rows:
            if found.row is not None:
                trail.record(
                    actor=by,
                    action="statement.imported",
                    subject=found.row,
                    region_code=owner.region.code,
                    entries=len(found.fresh),
                    known=found.known_count,
                    proven=found.source.balance_proven,
                )
    return ImportReport(source, stored, booked)
