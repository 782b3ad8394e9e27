"""A draft: started once, saved as often as the worker likes, and never checked too early."""

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from workers import access, windows
from workers.models import Helper, Mandate, TrainingRequest, Window, Worker

Status = TrainingRequest.Status
FIELDS: Final = ("goal",)
TRIES_COUNTED: Final = 100  # more tells nothing


@transaction.atomic
def draft(
    *,
    actor: User,
    worker: Worker,
    window: Window,
    channel: str = TrainingRequest.Channel.WEB,
    organisation: str = "",
    organisation_reference: str = "",
    outreach_code: str = "",
) -> TrainingRequest:
    """Start a request in a window, or give the draft that is already there.

    Raises:
        NotYours: the actor has no ground to act for this worker.
        WindowNotOpen, WindowClosed: requests are made inside the window only.
        OneRequestPerWindow: there is one that was sent already.
    """
    mandate = access.require(
        actor=actor, worker=worker, act=Mandate.Scope.APPLY, organisation=organisation
    )
    windows.require_open(window)
    Worker.objects.select_for_update().get(pk=worker.pk)  # two clicks make one draft
    there = worker.requests.filter(window=window).exclude(status=Status.WITHDRAWN).first()
    if there is not None:
        if there.status == Status.DRAFT and not organisation_reference:
            return there
        raise NotReady("one_request_per_window", request=there.reference)
    request = TrainingRequest(
        worker=worker,
        window=window,
        channel=channel,
        filed_by=actor,
        mandate=mandate,
        filed_for_organisation=organisation,
        organisation_reference=organisation_reference,
        outreach_code=outreach_code,
    )
    request.full_clean()
    request.save()
    trail.record(
        actor=actor,
        action="request.started",
        subject=request,
        region_code=worker.region.code,
        worker=worker.pk,
        channel=channel,
        mandate=mandate.pk if mandate else None,
    )
    return request


@transaction.atomic
def change(
    *, actor: User, request: TrainingRequest, organisation: str = "", **values: Any
) -> TrainingRequest:
    """Save fields of a draft; see `choices` for what is asked.

    Raises:
        NotYours, WrongState, WindowClosed: see `editable`.
        ValidationError: a value that its field refuses, such as a text that holds a BSN.
    """
    request = editable(actor=actor, request=request, organisation=organisation)
    unknown = sorted(set(values) - set(FIELDS))
    if unknown:
        raise TypeError(f"A request has no field {unknown[0]}.")
    changed = [name for name, value in values.items() if getattr(request, name) != value]
    for name in changed:
        setattr(request, name, values[name])
    if changed:
        request.full_clean()
    request.save(update_fields=[*changed, "saved_at"])
    noted(actor=actor, request=request, action="request.changed", fields=sorted(changed))
    return request


@transaction.atomic
def met(*, actor: User, request: TrainingRequest, step: str, organisation: str = "") -> None:
    """Remember that somebody answered a question, or saw one that may stay empty.

    Raises:
        NotYours, WrongState, WindowClosed: see `editable`.
    """
    request = editable(actor=actor, request=request, organisation=organisation)
    TrainingRequest.objects.filter(pk=request.pk, tries_failed__gt=0).update(tries_failed=0)
    seen = request.steps_done or []
    if step not in seen:
        request.steps_done = [*seen, step]
        request.save(update_fields=["steps_done", "saved_at"])


def tried(*, actor: User, request: TrainingRequest) -> int:
    """Count an answer of the worker's own that was refused; gives how many in a row.

    Whoever tries often may be stuck: help is offered, nothing else follows from it.
    """
    if request.worker.user_id == actor.pk and request.status == Status.DRAFT:
        rows = TrainingRequest.objects.filter(pk=request.pk, tries_failed__lt=TRIES_COUNTED)
        rows.update(tries_failed=F("tries_failed") + 1)
        request.refresh_from_db(fields=["tries_failed"])
    return request.tries_failed


def editable(*, actor: User, request: TrainingRequest, organisation: str = "") -> TrainingRequest:
    """The request's row, locked, after checking that the actor may change it now.

    A draft changes while its window is open, or while a repair term runs.
    """
    access.require(
        actor=actor,
        worker=request.worker,
        act=Mandate.Scope.APPLY,
        organisation=organisation,
        helper=Helper.Scope.FILL,
    )
    request = (
        TrainingRequest.objects.select_for_update(of=("self",))
        .select_related("worker__region", "window")
        .get(pk=request.pk)
    )
    if request.status != Status.DRAFT:
        raise WrongStep(
            "wrong_state", request=request.reference, status=request.status, step="change"
        )
    require_time(request)
    return request


def require_time(request: TrainingRequest, *, today: date | None = None) -> None:
    """Inside the window, or inside the term that a repair was given."""
    day = today or timezone.localdate()
    if request.repair_until is not None and day <= request.repair_until:
        return
    windows.require_open(request.window)


def noted(*, actor: User | None, request: TrainingRequest, action: str, **details: Any) -> None:
    """One line in the trail about a request; keys and codes only."""
    trail.record(
        actor=actor,
        action=action,
        subject=request,
        region_code=request.worker.region.code,
        worker=request.worker_id,
        **details,
    )
