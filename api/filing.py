"""Partners file requests, one or hundreds at a time: bodies become filings, or lists of errors.

Everything that is wrong with a body is told at once: its form, what does not exist, what the
register refuses. What only the moment refuses (a closed window, a second request) is a conflict.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers as drf

from api.callers import Caller
from api.models import Consent
from api.problems import Problem, at, invalid, located, of_model
from api.sandbox import magic
from api.serializers.requests import ChangeSerializer, ChoiceSerializer, FilingSerializer
from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import Refusal
from budgetpool.register.models import Edition, Training
from workers import filing as services
from workers import requests, windows
from workers.filing import Filing, Wish
from workers.models import TrainingRequest

# Fields of the models, where they stand in the body.
PLACES = {
    "name": "worker/name",
    "birth_date": "worker/birthDate",
    "email": "worker/email",
    "phone": "worker/phone",
    "address": "worker/address",
    "municipality": "worker/municipality",
    "goal": "goal",
    "organisation_reference": "reference",
}


@dataclass
class Entry:
    """One body as it was read."""

    values: dict[str, Any]
    # Those whose form is right, by their place in the list; also of a body that is wrong elsewhere.
    choices: dict[int, dict[str, Any]]
    errors: list[dict[str, Any]]
    region: Region | None = None
    wishes: list[Wish] = field(default_factory=list)

    @property
    def filing(self) -> Filing:
        values = self.values
        return Filing(values["worker"], values["reference"], self.wishes, values["goal"])


def read(bodies: Sequence[Any]) -> list[Entry]:
    """Read bodies; what each is wrong in stands in its `errors`."""
    form, one_choice = FilingSerializer(), ChoiceSerializer()
    entries = [_formed(form, one_choice, body) for body in bodies]
    codes = {entry.values.get("region_code") for entry in entries}
    regions = {
        region.code: region
        for region in Region.objects.filter(code__in=codes - {None}).select_related("fund")
    }
    register = Register.of([choice for entry in entries for choice in entry.choices.values()])
    for entry in entries:
        _resolve(entry, regions, register)
    return entries


def _formed(form: FilingSerializer, one_choice: ChoiceSerializer, body: Any) -> Entry:
    try:
        values = form.run_validation(body)
        return Entry(values, dict(enumerate(values["choices"])), [])
    except drf.ValidationError as error:
        errors = list(located(error.get_full_details(), "body"))
    sent = body if isinstance(body, dict) else {}
    listed = sent.get("choices")
    choices = right_choices(one_choice, listed)
    code = sent.get("regionCode")
    values = {"region_code": code} if isinstance(code, str) and code and len(code) <= 10 else {}
    return Entry(values, choices, errors)


def right_choices(one_choice: ChoiceSerializer, listed: Any) -> dict[int, dict[str, Any]]:
    """The choices of a list whose form is right, by their place."""
    found = {}
    for index, choice in enumerate(listed[:10] if isinstance(listed, list) else []):
        try:
            found[index] = one_choice.run_validation(choice)
        except drf.ValidationError:
            continue
    return found


def _resolve(entry: Entry, regions: dict[str, Region], register: "Register") -> None:
    code = entry.values.get("region_code")
    entry.region = regions.get(code) if code else None
    if code and entry.region is None:
        message = _("There is no region with the code %(code)s.") % {"code": code}
        entry.errors.append(at("regionCode", "does_not_exist", message))
    entry.wishes, errors = register.wishes(entry.choices)
    entry.errors += errors
    consent, worker = entry.values.get("consent"), entry.values.get("worker")
    if consent and worker and consent["agreed_at"].date() < worker["birth_date"]:
        message = _("This is before the date of birth.")
        entry.errors.append(at("consent/agreedAt", "before_birth", message))


@dataclass
class Register:
    """The trainings and editions that bodies name, read together."""

    trainings: dict[int, Training]
    editions: dict[int, Edition]

    @classmethod
    def of(cls, choices: Sequence[dict[str, Any]]) -> "Register":
        trainings = Training.objects.select_related("provider").in_bulk(
            {choice["training_id"] for choice in choices}
        )
        named = {choice.get("edition_id") for choice in choices} - {None}
        return cls(trainings, Edition.objects.in_bulk(named) if named else {})

    def wishes(self, choices: dict[int, dict[str, Any]]) -> tuple[list[Wish], list[dict[str, Any]]]:
        """What the choices ask, and everything that stands in their way."""
        wishes: list[Wish] = []
        errors: list[dict[str, Any]] = []
        seen: set[tuple[int, int | None]] = set()
        for index, choice in choices.items():
            wish, wrong = self._wish(f"choices/{index}", choice)
            errors += wrong
            if wish is None:
                continue
            pair = (wish.training.pk, wish.edition.pk if wish.edition else None)
            if pair in seen:
                message = _("You chose this training with this start already.")
                errors.append(at(f"choices/{index}", "chosen_already", message))
            seen.add(pair)
            wishes.append(wish)
        return wishes, errors

    def _wish(self, place: str, choice: dict[str, Any]) -> tuple[Wish | None, list[dict[str, Any]]]:
        training = self.trainings.get(choice["training_id"])
        if training is None:
            message = _("There is no such training.")
            return None, [at(f"{place}/trainingId", "unknown", message)]
        key = choice.get("edition_id")
        edition = self.editions.get(key) if key is not None else None
        errors = []
        if key is not None and (edition is None or edition.training_id != training.pk):
            message = _("%(training)s has no such edition.") % {"training": training}
            errors.append(at(f"{place}/editionId", "unknown", message))
            edition = None
        try:
            requests.require_on_offer(training, edition)
        except Refusal as refused:
            return None, [*errors, at(place, refused.code, str(refused))]
        costs = {}
        for number, cost in enumerate(choice.get("costs", [])):
            costs[cost["kind"]] = cost["amount_cents"]
            try:
                requests.require_price(training, cost["kind"], cost["amount_cents"])
            except Refusal as refused:
                errors.append(at(f"{place}/costs/{number}", refused.code, str(refused)))
        wish = Wish(training, edition, costs)
        if not wish.cents:
            errors.append(at(place, "no_amount", _("This costs nothing. Give its costs.")))
        return wish, errors


@transaction.atomic(savepoint=False)
def file(*, caller: Caller, entries: Sequence[Entry]) -> list[TrainingRequest | Problem]:
    """File and send what was read: for each its request, or the problem with it alone."""
    answers: dict[int, TrainingRequest | Problem] = {}
    together: dict[Region, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        if entry.errors or entry.region is None:
            answers[index] = invalid(entry.errors)
        elif (asked_for := _magic(caller, entry)) is not None:
            answers[index] = asked_for
        else:
            together[entry.region].append(index)
    allowed = set(caller.partner.regions.values_list("pk", flat=True)) if together else set()
    for region, indexes in together.items():
        if region.pk not in allowed or region.is_sandbox != caller.partner.is_sandbox:
            message = _("%(partner)s files no requests in %(region)s.")
            detail = message % {"partner": caller.partner, "region": region}
            answers |= dict.fromkeys(indexes, Problem(403, "other_region", detail))
            continue
        filed = _file_in(caller, region, [entries[index] for index in indexes])
        answers |= dict(zip(indexes, filed, strict=True))
    return [answers[index] for index in range(len(entries))]


def _magic(caller: Caller, entry: Entry) -> Problem | None:
    """The refusal that a sandbox asks for by its reference."""
    return magic.refusal_of(entry.values["reference"]) if caller.partner.is_sandbox else None


@transaction.atomic
def change(*, caller: Caller, request: TrainingRequest, body: Any) -> None:
    """Mend a request by the body of a PATCH and send it anew.

    Raises:
        Problem: everything that is wrong with the body. Refusal: it is too late, for instance.
    """
    try:
        values, errors = ChangeSerializer().run_validation(body), []
    except drf.ValidationError as error:
        values, errors = {}, list(located(error.get_full_details(), "body"))
    listed = body.get("choices") if isinstance(body, dict) else None
    choices = right_choices(ChoiceSerializer(), listed)
    wishes, more = Register.of(list(choices.values())).wishes(choices)
    if errors or more:
        raise invalid([*errors, *more])
    partner = caller.partner
    try:
        services.amend(
            actor=partner.account,
            organisation=partner.name,
            request=request,
            facts=values.get("worker", {}),
            goal=values.get("goal"),
            wishes=wishes if "choices" in values else None,
        )
    except ValidationError as error:
        raise of_model(error, PLACES) from None
    trail.record(
        actor=partner.account,
        action="request.changed_by_partner",
        subject=request,
        region_code=request.window.fund.region.code,
        **caller.in_trail,
        parts=sorted(values),
    )


def _file_in(
    caller: Caller, region: Region, entries: list[Entry]
) -> list[TrainingRequest | Problem]:
    window = windows.current(region)
    if window is None:
        message = _("No window is open or announced in %(region)s.") % {"region": region}
        return [Problem(409, "no_window", message)] * len(entries)
    partner = caller.partner
    try:
        answers = services.file(
            actor=partner.account,
            organisation=partner.name,
            window=window,
            filings=[entry.filing for entry in entries],
        )
    except Refusal as refused:
        return [of_refusal(refused)] * len(entries)
    except ValidationError as error:
        if len(entries) > 1:
            # One of many: each is tried alone, so that the others are filed.
            return [one for entry in entries for one in _file_in(caller, region, [entry])]
        return [of_model(error, PLACES)]
    consents = [
        Consent(request=answer, token=caller.token, client=caller.client, **entry.values["consent"])
        for entry, answer in zip(entries, answers, strict=True)
        if isinstance(answer, TrainingRequest)
    ]
    Consent.objects.bulk_create(consents)
    trail.record_many(
        actor=partner.account,
        action="request.filed_by_partner",
        region_code=region.code,
        rows=[(one.request, caller.in_trail | {"consent": one.pk}) for one in consents],
    )
    return [_filed(answer) for answer in answers]


def _filed(answer: TrainingRequest | Refusal) -> TrainingRequest | Problem:
    if isinstance(answer, Refusal):
        return of_refusal(answer)
    answer.has_decision = False  # type: ignore[attr-defined]
    answer.changed_at = answer.saved_at  # type: ignore[attr-defined]
    return answer


def of_refusal(refused: Refusal) -> Problem:
    """A refusal of the services, as this interface tells it."""
    return Problem(refused.status, refused.code, str(refused))
