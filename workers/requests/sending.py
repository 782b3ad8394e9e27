"""Send a request, take it back, open it again: the steps between draft and closed window."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed, NotReady, WrongStep
from budgetpool.users.models import User
from workers import access, eligibility, letters
from workers.models import Mandate, TrainingRequest, Window
from workers.requests import copies
from workers.requests.drafts import editable, noted, require_time
from workers.requests.gaps import gaps

Status = TrainingRequest.Status
REPAIR_DAYS: Final = 7


@transaction.atomic
def submit(
    *, actor: User, request: TrainingRequest, consent: bool, organisation: str = ""
) -> TrainingRequest:
    """Send a draft: everything is checked now, and a confirmation is queued with it.

    Somebody whom the rules exclude gets a request that is `ineligible`, with the reason and a
    week to mend it; nobody is left with silence. When inside the window it is sent never counts.

    Args:
        consent: the worker agreed to the use of these facts (through a helper: said so).

    Raises:
        NotYours, WrongState: see `drafts.editable`.
        WindowNotOpen, WindowClosed: with their own sentence.
        Incomplete: with every gap at once.
    """
    _require(actor, request, organisation)  # a helper of one's own fills in, and never sends
    request = editable(actor=actor, request=request, organisation=organisation)
    missing = gaps(request)
    if not consent:
        raise NotReady("incomplete", request=request.reference, gaps="consent")
    if missing:
        raise NotReady("incomplete", request=request.reference, gaps=", ".join(map(str, missing)))
    now = timezone.now()
    request.submitted_at = request.consent_at = now
    request.withdrawn_at = None
    obstacle = next(
        iter(eligibility.obstacles_of(request.worker, on=timezone.localdate(now))), None
    )
    request.sent_copy = copies.copy_of(request)
    judge(request, obstacle)
    _store(request)
    noted(
        actor=actor,
        request=request,
        action=f"request.{request.status}",
        reason=request.reason,
        by_helper=request.worker.user_id != actor.pk,
    )
    outbox.queue(
        key=f"request:{request.pk}:{request.status}:{now.isoformat()}",
        kind="request_received" if obstacle is None else "request_not_possible",
        to=letters.address(request.worker),
        params=letters.params(request),
    )
    return request


def judge(request: TrainingRequest, obstacle: eligibility.Obstacle | None) -> None:
    """Give a request that is sent its status: in the queue, or not possible with a term."""
    if obstacle is None:
        request.status, request.reason, request.reason_params = Status.SUBMITTED, "", {}
        request.repair_until = None
    else:
        _exclude(request, obstacle.code, obstacle.params)


@transaction.atomic
def mark_ineligible(
    *, actor: User, request: TrainingRequest, reason: str, **params: Any
) -> TrainingRequest:
    """The counter finds that a sent request is not possible: with a reason and a week to mend it.

    Raises:
        NotYours: no adviser of the region.
        WrongState: it was not sent.
    """
    if not access.is_adviser_for(actor, request.worker):
        raise NotAllowed("not_yours", act="mark_ineligible")
    request = _locked(request)
    if request.status != Status.SUBMITTED:
        raise WrongStep(
            "wrong_state", request=request.reference, status=request.status, step="refuse"
        )
    _exclude(request, reason, params)
    _store(request)
    noted(actor=actor, request=request, action="request.ineligible", reason=reason)
    outbox.queue(
        key=f"request:{request.pk}:ineligible:{timezone.now().isoformat()}",
        kind="request_not_possible",
        to=letters.address(request.worker),
        params=letters.params(request),
    )
    return request


@transaction.atomic
def withdraw(*, actor: User, request: TrainingRequest, organisation: str = "") -> TrainingRequest:
    """Take a request back while the window is open; it can be opened again until it closes.

    Raises:
        NotYours, WindowClosed; WrongState: it was withdrawn before.
    """
    _require(actor, request, organisation)
    request = _locked(request)
    if request.status == Status.WITHDRAWN:
        raise WrongStep(
            "wrong_state", request=request.reference, status=request.status, step="withdraw"
        )
    require_time(request)
    was_sent = request.status == Status.SUBMITTED
    request.status, request.withdrawn_at = Status.WITHDRAWN, timezone.now()
    request.sent_copy = None
    request.reason, request.reason_params = "", {}
    _store(request)
    noted(actor=actor, request=request, action="request.withdrawn")
    if was_sent:
        outbox.queue(
            key=f"request:{request.pk}:withdrawn:{request.withdrawn_at.isoformat()}",
            kind="request_withdrawn",
            to=letters.address(request.worker),
            params=letters.params(request),
        )
    return request


@transaction.atomic
def reopen(*, actor: User, request: TrainingRequest, organisation: str = "") -> TrainingRequest:
    """Make a sent, withdrawn or ineligible request a draft again, to change and send it anew.

    Raises:
        NotYours, WindowClosed; WrongState: it is a draft already.
        OneRequestPerWindow: after withdrawing, another one was started.
    """
    _require(actor, request, organisation)
    request = _locked(request)
    if request.status == Status.DRAFT:
        raise WrongStep(
            "wrong_state", request=request.reference, status=request.status, step="reopen"
        )
    require_time(request)
    other = (
        request.worker.requests.filter(window=request.window)
        .exclude(status=Status.WITHDRAWN)
        .exclude(pk=request.pk)
        .first()
    )
    if other is not None:
        raise NotReady("one_request_per_window", request=other.reference)
    request.status, request.reason, request.reason_params = Status.DRAFT, "", {}
    request.withdrawn_at = None
    _store(request)
    noted(actor=actor, request=request, action="request.reopened")
    return request


@transaction.atomic
def finish_window(*, window: Window) -> list[TrainingRequest]:
    """Send what was sent before and opened again, in the version that was sent.

    What somebody sent counts until they send it again: who opened their request to look at it, or
    left it half changed, loses nothing. Called when a round closes; asking twice is harmless.
    """
    rescued = []
    reopened = (
        TrainingRequest.objects.select_for_update(of=("self",))
        .select_related("worker__region", "window")
        .filter(
            window=window,
            status=Status.DRAFT,
            submitted_at__isnull=False,
            consent_at__isnull=False,
        )
    )
    for request in reopened:
        if eligibility.obstacles_of(request.worker, on=timezone.localdate()):
            continue
        if request.sent_copy:
            copies.restore(request)
        elif gaps(request):
            continue
        request.status = Status.SUBMITTED
        request.repair_until = None
        _store(request)
        noted(actor=None, request=request, action="request.submitted", by="window_closed")
        rescued.append(request)
    return rescued


def _require(actor: User, request: TrainingRequest, organisation: str) -> None:
    access.require(
        actor=actor, worker=request.worker, act=Mandate.Scope.APPLY, organisation=organisation
    )


def _locked(request: TrainingRequest) -> TrainingRequest:
    return (
        TrainingRequest.objects.select_for_update(of=("self",))
        .select_related("worker__region", "window__fund")
        .get(pk=request.pk)
    )


def _exclude(request: TrainingRequest, reason: str, params: dict[str, Any]) -> None:
    request.status, request.reason, request.reason_params = Status.INELIGIBLE, reason, params
    request.repair_until = timezone.localdate() + timedelta(days=REPAIR_DAYS)


def _store(request: TrainingRequest) -> None:
    request.full_clean()
    request.save()
