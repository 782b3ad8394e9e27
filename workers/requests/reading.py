"""What others read of requests. A look at a person's file leaves a line in the trail."""

from django.db.models import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.users.models import User
from workers import access
from workers.models import Helper, Mandate, TrainingRequest, Window, Worker

Status = TrainingRequest.Status


def mine(worker: Worker) -> QuerySet[TrainingRequest]:
    """All requests of one worker, the newest first, with everything a page shows."""
    return TrainingRequest.objects.with_choices().filter(worker=worker).order_by("-pk")


def latest_of(worker: Worker) -> TrainingRequest | None:
    """The worker's newest request that was not withdrawn."""
    return mine(worker).exclude(status=Status.WITHDRAWN).first()


def seen(*, actor: User, request: TrainingRequest, organisation: str = "") -> TrainingRequest:
    """Check that the actor may see this request, and write down the look unless it is their own.

    Raises:
        NotYours: no ground to look.
    """
    access.require(
        actor=actor,
        worker=request.worker,
        act=Mandate.Scope.READ,
        organisation=organisation,
        helper=Helper.Scope.READ,
    )
    if request.worker.user_id != actor.pk:
        trail.record(
            actor=actor,
            action="worker.seen",
            subject=request.worker,
            region_code=request.worker.region.code,
            request=request.pk,
        )
    return request


def repairs_pending(window: Window) -> QuerySet[TrainingRequest]:
    """Requests that may still be mended; a round waits for these before it closes."""
    return TrainingRequest.objects.filter(
        window=window,
        status__in=[Status.INELIGIBLE, Status.DRAFT],
        repair_until__gte=timezone.localdate(),
    )
