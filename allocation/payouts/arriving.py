"""A statement came in: the one way into the books, for the page, the command, the API and the demo.

The lines are kept, deposits recognised, and payments of ours found, in one transaction: nobody
has to look for them afterwards, whichever way a file came. It lies here because both deposits and
payments are known here.
"""

from dataclasses import dataclass, field

from django.db import transaction

from allocation.payouts import confirming
from allocation.payouts.confirming import Confirmed
from budgetpool.bank import acceptance, sources
from budgetpool.bank.importing import Progress, SourceFile, no_progress
from budgetpool.bank.models import HeldFile
from budgetpool.fund.models import Fund
from budgetpool.users.models import User
from employers import importing
from employers.importing import ImportReport


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of one file: what was booked, and per fund what it showed of our payments."""

    report: ImportReport
    confirmed: dict[int, Confirmed] = field(default_factory=dict)

    @property
    def paid_count(self) -> int:
        return sum(len(found.paid) for found in self.confirmed.values())

    @property
    def returned_count(self) -> int:
        return sum(len(found.returned) for found in self.confirmed.values())

    @property
    def unclear_count(self) -> int:
        return sum(len(found.unclear) for found in self.confirmed.values())


@transaction.atomic
def take(
    *,
    source: SourceFile,
    fund: Fund | None = None,
    by: User | None = None,
    on_progress: Progress = no_progress,
) -> Arrived:
    """Keep and book everything of a file that is not known yet, and find our payments in it.

    Args:
        source: a file that was read whole.
        fund: only this fund's accounts count; without it every fund's.
        by: who brings it in; None for the system itself. The caller checks that they may.

    Raises:
        NotReady: `balance_not_proven`, `control_total_wrong`, `no_date`: nothing is kept.
    """
    report = importing.import_file(source=source, fund=fund, by=by, on_progress=on_progress)
    arrived = Arrived(report)
    for booked in report.booked:
        owner = booked.fund
        arrived.confirmed[owner.pk] = confirming.find(fund=owner, actor=by)
    return arrived


@transaction.atomic
def decide_held(*, held: HeldFile, reason: str, by: User, sets_aside: bool) -> Arrived | None:
    """Say that a held file is the bank's, or is to be set aside; a second person confirms it.

    Gives what was booked once the second person confirmed that it is the bank's.

    Raises: as `budgetpool.bank.acceptance.accept`.
    """
    source = sources.of_held(held)
    accepted = acceptance.accept(
        source=source, fund=held.fund, reason=reason, by=by, sets_aside=sets_aside
    )
    if accepted.confirmed_by_id is None or sets_aside:
        return None
    return take(source=source, fund=held.fund, by=by)
