"""What is stuck at the treasurer's desk, by kind, with the oldest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from allocation.models import (
    Award,
    Invoice,
    Payee,
    PaymentBatch,
    Payout,
    Replacement,
)
from allocation.payouts import repaying
from allocation.payouts.lines import finding
from budgetpool.bank import holding, opening, opening_shares
from budgetpool.bank.models import BankEntry, UnprovenAcceptance
from budgetpool.fund.models import Fund, PeriodStep
from budgetpool.users.models import User
from employers.deposits import charges
from employers.models import Refund

# A payment that the statements do not show after so many days is worth a call to the bank.
BANK_DAYS: Final = 5
LAPSES_SOON: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Pile:
    """One kind of work: where its rows are, and which columns say since when, until when, by whom.

    `asker` is the person who may not be the second one; empty where one person does the work.
    """

    code: str
    rows: Callable[[Fund, date], QuerySet[Any]]
    since: str
    until: str = ""
    asker: str = ""
    step: str = ""
    """The row of `second_person.STEPS` that says who may be the second."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Work of one kind: how much there is, since when the oldest waits, until when the first."""

    code: str
    count: int
    since: date | None
    until: date | None = None
    only: int | None = None
    """The key of the row where there is one."""


def of(fund: Fund) -> list[Stuck]:
    """The work that waits, in the order of the money's path; kinds without work are left out."""
    today = timezone.localdate()
    counted = [_counted(pile.code, _columns(pile, fund, today)) for pile in PILES]
    return [stuck for stuck in counted if stuck is not None]


def for_person(pile: Pile, fund: Fund, member: User) -> tuple[Stuck | None, Stuck | None]:
    """What of a pile this person can do, and what waits for another because they asked it."""
    rows = _columns(pile, fund, timezone.localdate())
    own = [row for row in rows if row[3] != member.pk]
    asked = [row for row in rows if row[3] == member.pk]
    return _counted(pile.code, own), _counted(pile.code, asked)


type _Row = tuple[int, date, date | None, int | None]


def _columns(pile: Pile, fund: Fund, today: date) -> list[_Row]:
    names = ["pk", *filter(None, (pile.since, pile.until, pile.asker))]
    rows = (dict(zip(names, row, strict=True)) for row in _read(pile, fund, today, names))
    return [
        (
            row["pk"],
            _day(row[pile.since]),
            _day(row[pile.until]) if pile.until else None,
            row[pile.asker] if pile.asker else None,
        )
        for row in rows
    ]


def _read(pile: Pile, fund: Fund, today: date, names: list[str]) -> Iterator[tuple[Any, ...]]:
    unique = list(dict.fromkeys(names))
    for row in pile.rows(fund, today).order_by().values_list(*unique):
        yield tuple(row[unique.index(name)] for name in names)


def _counted(code: str, rows: list[_Row]) -> Stuck | None:
    if not rows:
        return None
    keys, begins, ends, _askers = zip(*rows, strict=True)
    first = min((until for until in ends if until is not None), default=None)
    return Stuck(code, len(rows), min(begins), first, keys[0] if len(keys) == 1 else None)


def _day(value: Any) -> date:
    return timezone.localdate(value) if hasattr(value, "hour") else value


def deposits_to_explain(fund: Fund) -> QuerySet[BankEntry]:
    """Lines of the bank, in, of which a part is nobody's yet."""
    return finding.waiting(fund).filter(amount_cents__gt=0)


def refunds_to_approve(fund: Fund) -> QuerySet[Refund]:
    """Refunds that wait for a second person."""
    return Refund.objects.filter(
        deposit__fund=fund, approved_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("pk")


def payees_to_verify(fund: Fund) -> QuerySet[Payee]:
    """Bank accounts that nobody has verified yet."""
    return Payee.objects.filter(fund=fund, verified_at__isnull=True, ended_at__isnull=True)


def invoices_without_payment(fund: Fund) -> QuerySet[Invoice]:
    """Invoices of which no part is planned or paid."""
    live = [Payout.Status.PLANNED, Payout.Status.BATCHED, Payout.Status.PAID]
    begun = Payout.objects.filter(status__in=live, invoice__isnull=False).values("invoice")
    return Invoice.objects.filter(award__round__fund=fund, withdrawn_at__isnull=True).exclude(
        pk__in=begun
    )


def batches_to_approve(fund: Fund) -> QuerySet[PaymentBatch]:
    """Batches that wait for the second person."""
    return PaymentBatch.objects.filter(fund=fund, status=PaymentBatch.Status.PREPARED)


def not_confirmed(fund: Fund, today: date) -> QuerySet[Payout]:
    """Payments that the bank has had for days, and no statement shows."""
    before = timezone.now() - timedelta(days=BANK_DAYS)
    return Payout.objects.filter(
        payee__fund=fund, status=Payout.Status.BATCHED, batch__approved_at__lt=before
    ).select_related("batch")


def rejected(fund: Fund) -> QuerySet[Payout]:
    """Payments that came back and were not made again."""
    return Payout.objects.filter(
        payee__fund=fund, status=Payout.Status.REJECTED, retried_by__isnull=True
    ).exclude(award__status__in=[Award.Status.DETERMINED, Award.Status.RECOVERED])


def to_determine(fund: Fund) -> QuerySet[Award]:
    """Awards that ended and whose costs are not fixed yet."""
    ended = [Award.Status.COMPLETED, Award.Status.CANCELLED, Award.Status.NO_SHOW]
    return Award.objects.filter(round__fund=fund, status__in=ended)


def late_replacements(fund: Fund, today: date) -> QuerySet[Any]:
    """People who have not chosen another training in time."""
    return (
        Replacement.objects.annotate(
            late_since=Coalesce("dropout__choose_by", "cancellation__choose_by")
        )
        .filter(award__round__fund=fund, late_since__lt=today, training__isnull=True)
        .exclude(award__status__in=[Award.Status.DECLINED, Award.Status.CANCELLED])
    )


def _unproven(fund: Fund) -> QuerySet[UnprovenAcceptance]:
    held = holding.waiting(fund).values("file_sha256")
    return UnprovenAcceptance.objects.filter(fund=fund, confirmed_at__isnull=True).exclude(
        file_sha256__in=held
    )


def _held(fund: Fund) -> QuerySet[Any]:
    asked = UnprovenAcceptance.objects.filter(fund=fund, confirmed_at__isnull=True)
    return holding.waiting(fund).exclude(file_sha256__in=asked.values("file_sha256"))


def _held_asked(fund: Fund) -> QuerySet[UnprovenAcceptance]:
    """What the first person decided about a file that is held."""
    held = holding.waiting(fund).values("file_sha256")
    asked = UnprovenAcceptance.objects.filter(fund=fund, confirmed_at__isnull=True)
    return asked.filter(file_sha256__in=held)


def _late(fund: Fund, today: date) -> QuerySet[Any]:
    return repaying.still_open(fund).filter(due_on__lt=today)


def _lapsing(fund: Fund, today: date) -> QuerySet[Any]:
    return repaying.still_open(fund).filter(lapses_on__lte=today + LAPSES_SOON)


def _payments(fund: Fund, today: date) -> QuerySet[Any]:
    return finding.waiting(fund).filter(amount_cents__lt=0)


def _months(fund: Fund, kind: str) -> QuerySet[PeriodStep]:
    return PeriodStep.objects.filter(fund=fund, kind=kind, approved_at=None, withdrawn_at=None)


def _of(rows: Callable[[Fund], QuerySet[Any]]) -> Callable[[Fund, date], QuerySet[Any]]:
    return lambda fund, today: rows(fund)


ASKED: Final = {"since": "asked_at", "asker": "asked_by"}

PILES: Final = (
    Pile("unproven_statements", _of(_unproven), **ASKED, step="unproven_file"),
    Pile("held_files", _of(_held), "held_at"),
    Pile("held_asked", _of(_held_asked), **ASKED, step="unproven_file"),
    Pile("openings", _of(opening.to_approve), **ASKED, step="opening"),
    Pile("openings_to_place", _of(opening_shares.to_place), "starts_on"),
    Pile("opening_shares", _of(opening_shares.to_approve), **ASKED, step="opening"),
    Pile("deposits", _of(deposits_to_explain), "date"),
    Pile("refunds", _of(refunds_to_approve), **ASKED, step="refund"),
    Pile("payments", _payments, "date"),
    Pile("charges", _of(charges.to_approve), **ASKED, step="charge"),
    Pile("payees", _of(payees_to_verify), "entered_at", asker="entered_by", step="payee"),
    Pile("invoices", _of(invoices_without_payment), "entered_at"),
    Pile(
        "batches",
        _of(batches_to_approve),
        "made_at",
        until="execution_on",
        asker="made_by",
        step="batch",
    ),
    Pile("not_confirmed", not_confirmed, "batch__approved_at"),
    Pile("rejected", _of(rejected), "made_at"),
    Pile("to_determine", _of(to_determine), "granted_at"),
    Pile("recoveries", _late, "due_on", until="due_on"),
    Pile("lapsing", _lapsing, "lapses_on", until="lapses_on"),
    Pile("replacements", late_replacements, "late_since", until="late_since"),
    Pile("close_month", lambda fund, today: _months(fund, "close"), **ASKED, step="close_month"),
    Pile("reopen_month", lambda fund, today: _months(fund, "reopen"), **ASKED, step="reopen_month"),
)
