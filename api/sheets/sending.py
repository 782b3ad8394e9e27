"""The rows of a file are sent as calls would be; before that, tried and undone again."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers as drf

from allocation.decisions import proofs, starting
from allocation.models import Award
from api import batches, filing
from api.callers import Caller
from api.models import Client, Partner
from api.problems import Problem, invalid, located, of_model
from api.reading import own
from api.serializers.proofs import ProofSerializer, StartSerializer
from api.sheets import reading
from api.sheets.columns import KINDS, Column, body
from budgetpool.audit import trail
from budgetpool.refusals import NotReady, Refusal
from budgetpool.users.models import User
from workers import requests
from workers.models import TrainingRequest

type Row = tuple[int, dict[str, Any]]
type Looked = dict[str, TrainingRequest | Refusal]


@dataclass(frozen=True)
class Result:
    """What became of a row: done, or every reason why not, each with its column."""

    number: int
    reference: str
    request_number: str
    errors: list[tuple[str, str]]

    @property
    def is_done(self) -> bool:
        return not self.errors


def caller_of(partner: Partner) -> Caller:
    """The partner's own client, in whose name its administrator sends a file.

    Raises:
        NotReady: `no_client`.
    """
    client = Client.objects.filter(partner=partner, withdrawn_at__isnull=True).first()
    if client is None:
        raise NotReady("no_client")
    return Caller(partner, frozenset(client.scopes), client=client)


def read(partner: Partner, kind: str, raw: bytes) -> list[Row]:
    """The rows of a file as bodies of calls, by their numbers in the file.

    Raises:
        NotReady: see `reading.rows`.
    """
    regions = [one.code for one in partner.regions.all()]
    region_code = regions[0] if len(regions) == 1 else ""
    return [
        (number, body(KINDS[kind], cells, region_code=region_code))
        for number, cells in reading.rows(raw, KINDS[kind])
    ]


def try_out(caller: Caller, kind: str, rows: list[Row]) -> list[Result]:
    """What would become of each row now; all of it is undone, but not that somebody looked."""
    looked = _look(caller, kind, rows)
    with transaction.atomic():
        results = _send(caller, kind, rows, looked)
        transaction.set_rollback(True)
    return results


@transaction.atomic
def send(caller: Caller, kind: str, rows: list[Row], *, by: User) -> list[Result]:
    """Send each row; the same file again files nothing twice. The trail says who sent it."""
    results = _send(caller, kind, rows, _look(caller, kind, rows))
    trail.record(
        actor=by,
        action="partner.sheet_sent",
        subject=caller.partner,
        kind=kind,
        rows=len(results),
        done=sum(result.is_done for result in results),
    )
    return results


def _look(caller: Caller, kind: str, rows: list[Row]) -> Looked:
    """The requests that rows are about, by the partner's reference, each look written down: the
    answer tells what became of a request, also where the row is refused or only tried."""
    if kind == "requests":
        return {}
    partner = caller.partner
    looked: Looked = {}
    named = {str(sent["reference"]) for _number, sent in rows if sent.get("reference")}
    for request in own(partner.name).filter(organisation_reference__in=named).order_by("pk"):
        try:
            requests.seen(actor=partner.account, request=request, organisation=partner.name)
        except Refusal as refused:
            looked[request.organisation_reference] = refused
        else:
            looked[request.organisation_reference] = request
    return looked


def _send(caller: Caller, kind: str, rows: list[Row], looked: Looked) -> list[Result]:
    if kind == "requests":
        return _file(caller, rows)
    return [_follow(caller, kind, number, sent, looked) for number, sent in rows]


def _file(caller: Caller, rows: list[Row]) -> list[Result]:
    items = [sent for _number, sent in rows]
    text = json.dumps(items, sort_keys=True)
    key = f"sheet-{hashlib.sha256(text.encode()).hexdigest()[:40]}"
    answers = batches.file_items(caller=caller, key=key, items=items)
    columns = KINDS["requests"]
    return [
        Result(
            number,
            str(sent.get("reference", "")),
            answer["request"]["requestNumber"] if answer["request"] else "",
            list(_told(answer["problem"], columns)) if answer["problem"] else [],
        )
        for (number, sent), answer in zip(rows, answers, strict=True)
    ]


def _follow(caller: Caller, kind: str, number: int, sent: dict[str, Any], looked: Looked) -> Result:
    """A start or a completion of one request, found by the partner's own reference."""
    reference, request_number = str(sent.get("reference", "")), ""
    try:
        with transaction.atomic():
            award = _award(looked.get(reference))
            request_number = award.request.reference
            VERBS[kind](caller, award, {key: sent[key] for key in sent if key != "reference"})
    except drf.ValidationError as error:
        problem = invalid(list(located(error.get_full_details(), "body")))
    except Problem as error:
        problem = error
    except Refusal as refused:
        problem = filing.of_refusal(refused)
    except ValidationError as error:
        problem = of_model(error)
    else:
        return Result(number, reference, request_number, [])
    document = {"detail": str(problem.detail), "errors": problem.errors}
    return Result(number, reference, request_number, list(_told(document, KINDS[kind])))


def _award(found: TrainingRequest | Refusal | None) -> Award:
    if isinstance(found, Refusal):
        raise found
    if found is None:
        raise Problem(404, "not_found", _("You filed no request with this reference."))
    award: Award | None = Award.objects.filter(request=found).first()
    if award is None:
        raise Problem(409, "no_award", _("There is no award for this request."))
    return award


def _start(caller: Caller, award: Award, sent: dict[str, Any]) -> None:
    form = StartSerializer(data=sent)
    form.is_valid(raise_exception=True)
    partner = caller.partner
    starting.start(
        award=award,
        actor=partner.account,
        organisation=partner.name,
        started_on=form.validated_data["started_on"],
    )


def _complete(caller: Caller, award: Award, sent: dict[str, Any]) -> None:
    form = ProofSerializer(data=sent)
    form.is_valid(raise_exception=True)
    partner = caller.partner
    proofs.send(
        award=award,
        actor=partner.account,
        organisation=partner.name,
        signatures=[],
        **form.validated_data,
    )


VERBS: dict[str, Callable[[Caller, Award, dict[str, Any]], None]] = {
    "starts": _start,
    "completions": _complete,
}


def _told(problem: dict[str, Any], columns: tuple[Column, ...]) -> Iterator[tuple[str, str]]:
    """Each reason with the column that it is about; without one where it is about the whole row."""
    errors = problem.get("errors") or []
    if not errors:
        yield "", problem["detail"]
    for error in errors:
        place = error["location"].get("pointer", "").removeprefix("#/")
        label = next((str(one.label) for one in columns if one.place == place), "")
        yield label or place, error["detail"]
