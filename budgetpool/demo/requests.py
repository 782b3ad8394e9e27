"""Puts the synthetic workers and their requests into a window.

Written in bulk, because sending 1,500 requests one by one takes minutes; every row passes the
rules of its fields and the constraints of the database all the same.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from budgetpool.demo import cast
from budgetpool.demo.population import WINDOW_OPENS, Population
from budgetpool.demo.supply_rows import Register
from budgetpool.fund.models import Region
from budgetpool.money import from_cents
from workers.likeness import identity_hash
from workers.models import Choice, CostLine, TrainingRequest, Window, Worker

KINDS: Final = ("training", "exam", "books", "travel", "wage_loss", "coach")
CHANNELS: Final = ("web",) * 7 + ("desk", "phone", "paper")
BATCH: Final = 500

type Advance = Callable[[int], None]


@transaction.atomic
def fill(
    population: Population, register: Register, window: Window, region: Region, advance: Advance
) -> dict[str, TrainingRequest]:
    """Save workers, requests, ranked choices and cost lines; gives the requests by worker id."""
    workers = _workers(population, region)
    advance(len(workers))
    firsts = population.choices.drop_duplicates("worker_id").set_index("worker_id")
    shift = window.opens_at - _moment(str(WINDOW_OPENS), window.opens_at)
    requests = _requests(workers, firsts["submitted_at"].to_dict(), window, shift)
    advance(len(requests))
    _choices(population.choices, register, requests)
    advance(len(requests))
    return requests


def file_again(
    rows: Iterable[TrainingRequest], window: Window, *, step: timedelta
) -> list[TrainingRequest]:
    """The same wish once more, in a later window: what people do who were refused."""
    earlier = list(rows)
    fresh = [
        TrainingRequest(
            worker_id=row.worker_id,
            window=window,
            status=TrainingRequest.Status.SUBMITTED,
            channel=row.channel,
            submitted_at=window.opens_at + (number + 1) * step,
            consent_at=window.opens_at + (number + 1) * step,
        )
        for number, row in enumerate(earlier)
    ]
    with transaction.atomic():
        saved = _save(TrainingRequest, fresh, exclude=["worker", "window"])
        choices, lines = [], []
        for old, new in zip(earlier, saved, strict=True):
            for choice in old.choices.all():
                copy = Choice(
                    request=new,
                    rank=choice.rank,
                    training_id=choice.training_id,
                    edition_id=choice.edition_id,
                )
                choices.append(copy)
                lines += [
                    CostLine(choice=copy, kind=line.kind, amount=line.amount)
                    for line in choice.cost_lines.all()
                ]
        _save(Choice, choices, exclude=["request", "training", "edition"])
        _save(CostLine, lines, exclude=["choice"])
    return saved


def _workers(population: Population, region: Region) -> dict[str, Worker]:
    rows = {}
    for number, row in enumerate(population.workers.itertuples()):
        name = f"{row.first_name} {row.last_name}"
        birth_date = date(int(row.birth_year), 1 + number % 12, 1 + number % 28)
        rows[row.worker_id] = Worker(
            region=region,
            name=name,
            birth_date=birth_date,
            identity_hash=identity_hash(name, birth_date),
            municipality=row.municipality,
            email=f"{row.worker_id}@demo.example",
            contract=row.contract,
            sector=row.sector,
            education=row.education,
            training_hours_two_years=int(row.hours_trained),
            has_study_finance=False,
        )
    saved = _save(Worker, rows.values(), exclude=["region"])
    return dict(zip(rows, saved, strict=True))


def _requests(
    workers: dict[str, Worker], sent: dict[str, str], window: Window, shift: timedelta
) -> dict[str, TrainingRequest]:
    rows = {}
    for number, (name, worker) in enumerate(workers.items()):
        at = min(
            _moment(sent[name], window.opens_at) + shift, window.closes_at - timedelta(seconds=1)
        )
        rows[name] = TrainingRequest(
            worker=worker,
            window=window,
            status=TrainingRequest.Status.SUBMITTED,
            channel=CHANNELS[number % len(CHANNELS)],
            submitted_at=at,
            consent_at=at,
        )
    saved = _save(TrainingRequest, rows.values(), exclude=["worker", "window"])
    return dict(zip(rows, saved, strict=True))


def _choices(table: Any, register: Register, requests: dict[str, TrainingRequest]) -> None:
    choices, lines = [], []
    for row in table.itertuples():
        choice = Choice(
            request=requests[row.worker_id],
            rank=int(row.choice),
            training=register.trainings[row.training_id],
            edition=register.editions[row.edition_id],
        )
        choices.append(choice)
        for kind in KINDS:
            cents = int(getattr(row, f"{kind}_cents"))
            if cents:
                lines.append(CostLine(choice=choice, kind=kind, amount=from_cents(cents)))
    _save(Choice, choices, exclude=["request", "training", "edition"])
    _save(CostLine, lines, exclude=["choice"])


def link_accounts(awarded: TrainingRequest, refused: TrainingRequest) -> None:
    """Let two people of the population sign in: one who was awarded, one who was refused."""
    for person, request in ((cast.AWARDED, awarded), (cast.REFUSED, refused)):
        worker = request.worker
        if worker.user_id is None:
            worker.user = cast.account(person, name=worker.name)
            worker.email = person.email
            worker.save()


def _save[T: Model](model: type[T], rows: Iterable[T], *, exclude: list[str]) -> list[T]:
    rows = list(rows)
    for row in rows:
        row.clean_fields(exclude=exclude)
    return model._default_manager.bulk_create(rows, batch_size=BATCH)


def _moment(text: str, like: datetime) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=like.tzinfo)
