"""Whole requests of a partner, one or hundreds at a time, in a fixed number of statements.

The same rules as for a request that grows step by step on the screens, looked at in memory; the
region's row is locked, so that what was looked at still holds when it is stored.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.mail import outbox
from budgetpool.money import from_cents
from budgetpool.refusals import NotReady, Refusal, WrongStep
from budgetpool.register.models import Edition, Training
from budgetpool.users.models import User
from workers import doubles, eligibility, letters, people, requests, windows
from workers.likeness import identity_hash
from workers.models import Choice, CostLine, TrainingRequest, Window, Worker

Status = TrainingRequest.Status
BATCH: Final = 500


@dataclass(frozen=True)
class Wish:
    """One training that is asked for; a kind of costs that is not named is as in the register."""

    training: Training
    edition: Edition | None = None
    costs: Mapping[str, int] = field(default_factory=dict)

    @property
    def cents(self) -> dict[str, int]:
        """The cost lines, without those of zero."""
        lines = requests.catalogue_cents(self.training) | dict(self.costs)
        return {kind: cents for kind, cents in lines.items() if cents}


@dataclass(frozen=True)
class Filing:
    """One request that a partner files for a worker who agreed.

    Attributes:
        facts: of the worker, by the names of `people.FIELDS`.
        reference: the partner's own; unique in a window.
        wishes: in order of preference.
    """

    facts: Mapping[str, Any]
    reference: str
    wishes: Sequence[Wish]
    goal: str = ""

    @property
    def identity(self) -> str:
        return identity_hash(self.facts["name"], self.facts["birth_date"])


@transaction.atomic
def file(
    *, actor: User, organisation: str, window: Window, filings: Sequence[Filing]
) -> list[TrainingRequest | Refusal]:
    """File and send requests; each gets its row, or the refusal of it alone.

    A worker whom this partner introduced before is found again by the normal form of the name
    and by the date of birth, and their facts are brought up to date.

    Raises:
        NotReady, TooLate: the window is not open; nothing is filed then.
    """
    windows.require_open(window)
    region = window.fund.region
    # Two calls at one moment must not enter one person twice.
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    desk = _Desk.of(organisation, window, filings)
    answers = [desk.judge(filing) for filing in filings]
    taken = [
        (filing, _up_to_date(actor, organisation, worker, filing))
        for filing, worker in zip(filings, answers, strict=True)
        if isinstance(worker, Worker)
    ]
    _enter(actor, region, [pair for pair in taken if pair[1].pk is None])
    rows = iter(_send(actor, organisation, window, taken))
    return [next(rows) if isinstance(answer, Worker) else answer for answer in answers]


@transaction.atomic
def amend(
    *,
    actor: User,
    organisation: str,
    request: TrainingRequest,
    facts: Mapping[str, Any],
    goal: str | None = None,
    wishes: Sequence[Wish] | None = None,
) -> TrainingRequest:
    """Change a request that was filed, and send it anew, in one step.

    As on the screens: while the window is open, or a term to mend it runs. When it comes in
    again never counts.

    Args:
        facts, goal, wishes: what is new; the rest stays as it is.

    Raises:
        NotAllowed: the partner did not introduce this person. WrongStep: it was withdrawn.
        TooLate, NotReady: the time is over; a person of that name is known; see `file`.
        ValidationError: a value that its field refuses.
    """
    if request.status == Status.WITHDRAWN:
        raise WrongStep(
            "wrong_state", request=request.reference, status=request.status, step="change"
        )
    if request.status != Status.DRAFT:
        request = requests.reopen(actor=actor, request=request, organisation=organisation)
    if facts:
        _correct(actor, organisation, request.worker, facts)
        request.worker.refresh_from_db()
    if goal is not None:
        request = requests.change(
            actor=actor, request=request, organisation=organisation, goal=goal
        )
    if wishes is not None:
        _choose_anew(actor, organisation, request, wishes)
    return requests.submit(actor=actor, request=request, consent=True, organisation=organisation)


def _correct(actor: User, organisation: str, worker: Worker, facts: Mapping[str, Any]) -> None:
    Region.objects.select_for_update(no_key=True).get(pk=worker.region_id)
    told = {"name": worker.name, "birth_date": worker.birth_date} | dict(facts)
    known = people.same_person(
        region=worker.region, name=told["name"], birth_date=told["birth_date"]
    )
    if known is not None and known.pk != worker.pk:
        raise NotReady("known_already", worker=known.pk)
    people.change(actor=actor, worker=worker, organisation=organisation, **facts)


def _choose_anew(
    actor: User, organisation: str, request: TrainingRequest, wishes: Sequence[Wish]
) -> None:
    by: dict[str, Any] = {"actor": actor, "organisation": organisation}
    for old in request.choices.order_by("-rank"):
        requests.drop(choice=old, **by)
    for wish in wishes:
        choice = requests.choose(
            request=request, training=wish.training, edition=wish.edition, **by
        )
        for kind, cents in wish.costs.items():
            requests.set_cost(choice=choice, kind=kind, amount=from_cents(cents), **by)


@dataclass
class _Desk:
    """What is known when a filing comes to its turn; it learns from those before."""

    organisation: str
    window: Window
    region: Region
    known: dict[str, Worker]
    asked: dict[int, str]
    references: set[str]
    came: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, organisation: str, window: Window, filings: Sequence[Filing]) -> "_Desk":
        known = {
            worker.identity_hash: worker
            for worker in Worker.objects.select_for_update()
            .filter(
                region=window.fund.region,
                identity_hash__in={filing.identity for filing in filings} - {""},
            )
            .order_by("-pk")
        }
        asked = (
            TrainingRequest.objects.filter(
                window=window, worker__in=[worker.pk for worker in known.values()]
            )
            .exclude(status=Status.WITHDRAWN)
            .order_by()
        )
        references = TrainingRequest.objects.filter(
            window=window,
            filed_for_organisation=organisation,
            organisation_reference__in={filing.reference for filing in filings},
        )
        return cls(
            organisation,
            window,
            window.fund.region,
            known,
            {one.worker_id: one.reference for one in asked} if known else {},
            set(references.values_list("organisation_reference", flat=True)),
        )

    def judge(self, filing: Filing) -> Worker | Refusal:
        """The worker to whom a filing belongs, perhaps a new one; or why it is refused."""
        try:
            return self._worker(filing)
        except Refusal as refused:
            return refused

    def _worker(self, filing: Filing) -> Worker:
        _require_wishes(filing, self.window)
        if filing.reference in self.references:
            raise NotReady("reference_used", reference=filing.reference)
        identity = filing.identity
        worker = self.known.get(identity)
        if worker is not None and worker.introduced_by != self.organisation:
            raise NotReady("known_already", worker=worker.pk)
        if worker is not None and worker.pk in self.asked:
            raise NotReady("one_request_per_window", request=self.asked[worker.pk])
        if identity in self.came:
            raise NotReady("one_request_per_window", request=filing.reference)
        worker = worker or Worker(region=self.region, introduced_by=self.organisation)
        _require_facts(worker, filing)
        self.came.add(identity)
        self.references.add(filing.reference)
        return worker


def _require_wishes(filing: Filing, window: Window) -> None:
    for wish in filing.wishes:
        if wish.edition is not None:
            requests.require_start(window, wish.edition.starts_on)
        requests.require_on_offer(wish.training, wish.edition)
        for kind, cents in wish.costs.items():
            requests.require_price(wish.training, kind, cents)
        if not wish.cents:
            raise NotReady("incomplete", gaps="costs (no_amount)")
    if not filing.wishes:
        raise NotReady("incomplete", gaps="choices (missing)")
    pairs = [(wish.training.pk, wish.edition and wish.edition.pk) for wish in filing.wishes]
    if len(set(pairs)) < len(pairs):
        raise NotReady("chosen_already", training=filing.wishes[0].training.title)


def _require_facts(worker: Worker, filing: Filing) -> None:
    told = Worker(region_id=worker.region_id, **filing.facts)
    if missing := requests.gaps_of_worker(told):
        raise NotReady("incomplete", gaps=", ".join(map(str, missing)))


type _Taken = list[tuple[Filing, Worker]]
# Choices by the key of their request.
type _Chosen = dict[int, list[Choice]]


def _up_to_date(actor: User, organisation: str, worker: Worker, filing: Filing) -> Worker:
    if worker.pk is None:
        return worker
    return people.change(actor=actor, worker=worker, organisation=organisation, **filing.facts)


def _enter(actor: User, region: Region, new: _Taken) -> None:
    """Store those who were not known."""
    for filing, worker in new:
        for name, value in filing.facts.items():
            setattr(worker, name, value)
        worker.identity_hash = filing.identity
        worker.clean_fields(exclude=["user", "region"])
    if not new:
        return
    workers = [worker for _, worker in new]
    Worker.objects.bulk_create(workers, batch_size=BATCH)
    trail.record_many(
        actor=actor,
        action="worker.entered",
        region_code=region.code,
        rows=[(worker, {"by": "partner"}) for worker in workers],
    )
    doubles.look_for(region=region, workers=workers)


def _send(actor: User, organisation: str, window: Window, taken: _Taken) -> list[TrainingRequest]:
    if not taken:
        return []
    now = timezone.now()
    rows = [_request(actor, organisation, window, filing, worker, now) for filing, worker in taken]
    TrainingRequest.objects.bulk_create(rows, batch_size=BATCH)
    choices = _choices(rows, [filing for filing, _ in taken])
    for status in (Status.SUBMITTED, Status.INELIGIBLE):
        those = [row for row in rows if row.status == status]
        if those:
            _tell(actor, window, status, those, choices, now)
    return rows


def _request(
    actor: User,
    organisation: str,
    window: Window,
    filing: Filing,
    worker: Worker,
    now: datetime,
) -> TrainingRequest:
    row = TrainingRequest(
        worker=worker,
        window=window,
        channel=TrainingRequest.Channel.PARTNER,
        filed_by=actor,
        filed_for_organisation=organisation,
        organisation_reference=filing.reference,
        goal=filing.goal,
        submitted_at=now,
        consent_at=now,
    )
    worker.region = window.fund.region
    on = timezone.localdate(now)
    requests.judge(row, next(iter(eligibility.obstacles_of(worker, on=on)), None))
    row.clean_fields(exclude=["worker", "window", "filed_by", "mandate"])
    return row


def _choices(rows: list[TrainingRequest], filings: list[Filing]) -> _Chosen:
    """Store what was chosen; gives it by the key of its request."""
    choices = [
        Choice(request=row, rank=rank, training=wish.training, edition=wish.edition)
        for row, filing in zip(rows, filings, strict=True)
        for rank, wish in enumerate(filing.wishes, start=1)
    ]
    wishes = [wish for filing in filings for wish in filing.wishes]
    Choice.objects.bulk_create(choices, batch_size=BATCH)
    CostLine.objects.bulk_create(
        (
            CostLine(choice=choice, kind=kind, amount=from_cents(cents))
            for choice, wish in zip(choices, wishes, strict=True)
            for kind, cents in wish.cents.items()
        ),
        batch_size=BATCH,
    )
    by_request: _Chosen = defaultdict(list)
    for choice in choices:
        by_request[choice.request_id].append(choice)
    return by_request


def _tell(
    actor: User,
    window: Window,
    status: str,
    rows: list[TrainingRequest],
    choices: _Chosen,
    now: datetime,
) -> None:
    """Write down what was sent, and let each person know."""
    code = window.fund.region.code
    trail.record_many(
        actor=actor,
        action=f"request.{status}",
        region_code=code,
        rows=[
            (
                row,
                {
                    "worker": row.worker_id,
                    "reason": row.reason,
                    "channel": row.channel,
                    "by_helper": True,
                },
            )
            for row in rows
        ],
    )
    kind = "request_received" if status == Status.SUBMITTED else "request_not_possible"
    outbox.queue_many(
        [
            (
                f"request:{row.pk}:{status}:{now.isoformat()}",
                kind,
                letters.address(row.worker),
                letters.params(row, choices[row.pk]),
            )
            for row in rows
        ]
    )
