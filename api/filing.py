"""A partner files a request: the same services as the screens, in one transaction."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from api.models import Consent, PartnerToken
from api.problems import Problem
from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.money import from_cents
from budgetpool.register.models import Edition, Training
from workers import people, requests, windows
from workers.errors import NotYours, OtherPerson, WorkerError
from workers.models import TrainingRequest, Worker


@transaction.atomic
def file(*, token: PartnerToken, region: Region, filing: dict[str, Any]) -> TrainingRequest:
    """File and send one request for a worker who agreed.

    A worker whom this partner introduced before is found again by name and date of birth, and
    their facts are brought up to date.

    Args:
        filing: the checked body of the request, see `FilingSerializer`.

    Raises:
        Problem: 403 for a region that is not the partner's, 400 with every choice that cannot
            be asked for, 409 for a closed window, a person known by others, a second request.
    """
    partner = token.partner
    if not partner.regions.filter(pk=region.pk).exists():
        raise Problem(403, "other_region", f"{partner} files no requests in {region}.")
    window = windows.current(region)
    if window is None:
        raise Problem(409, "no_window", f"No window is open or announced in {region}.")
    choices = _found(filing["choices"])
    try:
        worker = _worker(token, region, filing["worker"])
        request = requests.draft(
            actor=partner.account,
            worker=worker,
            window=window,
            channel=TrainingRequest.Channel.PARTNER,
            organisation=partner.name,
            organisation_reference=filing["reference"],
        )
        _choose(token, request, filing["choices"], choices)
        if filing["goal"]:
            requests.change(
                actor=partner.account,
                request=request,
                organisation=partner.name,
                goal=filing["goal"],
            )
        request = requests.submit(
            actor=partner.account, request=request, consent=True, organisation=partner.name
        )
    except OtherPerson:
        raise Problem(
            409,
            "known_already",
            "The fund knows this person already. They can ask themselves, or through an adviser.",
        ) from None
    except WorkerError as error:
        status = 403 if isinstance(error, NotYours) else 409
        raise Problem(status, error.code, str(error)) from None
    except ValidationError as error:
        raise _refused(error) from None
    consent = Consent(request=request, token=token, **filing["consent"])
    consent.full_clean()
    consent.save()
    trail.record(
        actor=partner.account,
        action="request.filed_by_partner",
        subject=request,
        region_code=region.code,
        token=token.pk,
        consent=consent.pk,
    )
    return request


def _worker(token: PartnerToken, region: Region, facts: dict[str, Any]) -> Worker:
    partner = token.partner
    known = people.same_person(region=region, name=facts["name"], birth_date=facts["birth_date"])
    if known is not None and known.introduced_by == partner.name:
        return people.change(
            actor=partner.account, worker=known, organisation=partner.name, **facts
        )
    return people.enter_for(
        actor=partner.account, region=region, organisation=partner.name, **facts
    )


type Wish = tuple[Training, Edition | None]


def _found(choices: list[dict[str, Any]]) -> list[Wish]:
    """The trainings and editions that the choices name, or every one that does not exist."""
    wishes: list[Wish] = []
    errors = []
    for index, choice in enumerate(choices):
        training = (
            Training.objects.select_related("provider").filter(pk=choice["training_id"]).first()
        )
        edition = None
        if training is None:
            errors.append(
                _at(f"choices/{index}/trainingId", "unknown", "There is no such training.")
            )
            continue
        if choice.get("edition_id") is not None:
            edition = training.editions.filter(pk=choice["edition_id"]).first()
            if edition is None:
                detail = f"{training} has no such edition."
                errors.append(_at(f"choices/{index}/editionId", "unknown", detail))
        wishes.append((training, edition))
    if errors:
        raise _invalid(errors)
    return wishes


def _choose(
    token: PartnerToken, request: TrainingRequest, wanted: list[dict[str, Any]], wishes: list[Wish]
) -> None:
    """Add every choice with its costs; all that the rules refuse is told at once."""
    actor, organisation = token.partner.account, token.partner.name
    errors = []
    for index, (choice, (training, edition)) in enumerate(zip(wanted, wishes, strict=True)):
        try:
            made = requests.choose(
                request=request,
                training=training,
                edition=edition,
                actor=actor,
                organisation=organisation,
            )
        except WorkerError as error:
            errors.append(_at(f"choices/{index}", error.code, str(error)))
            continue
        for number, cost in enumerate(choice.get("costs", [])):
            amount = from_cents(cost["amount_cents"])
            try:
                requests.set_cost(
                    choice=made,
                    kind=cost["kind"],
                    amount=amount,
                    actor=actor,
                    organisation=organisation,
                )
            except WorkerError as error:
                errors.append(_at(f"choices/{index}/costs/{number}", error.code, str(error)))
    if errors:
        raise _invalid(errors)


def _at(pointer: str, code: str, detail: str) -> dict[str, Any]:
    return {"in": "body", "location": {"pointer": f"#/{pointer}"}, "code": code, "detail": detail}


def _invalid(errors: list[dict[str, Any]]) -> Problem:
    count = "1 value is" if len(errors) == 1 else f"{len(errors)} values are"
    return Problem(400, "invalid", f"{count} not valid; see errors.", errors=errors)


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


def _refused(error: ValidationError) -> Problem:
    """A model's refusal as a problem; a reference that is taken is a conflict."""
    if "__all__" in (fields := error.message_dict):
        return Problem(409, "reference_taken", " ".join(fields["__all__"]))
    return _invalid(
        [
            _at(PLACES.get(field, ""), "invalid", message)
            for field, messages in fields.items()
            for message in messages
        ]
    )
