"""From the trail to events: what changes for a partner is noted where it changes, or not at all.

`budgetpool.audit.trail` calls `heard` with every line that it writes, within the transaction of
the change. Here rows are added and nothing is locked; numbers and sending come after the commit.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from allocation.models import Award, Proof
from api.models import Endpoint, Event, Partner
from api.webhooks import kinds, work
from budgetpool.audit.models import AuditEvent
from workers.models import TrainingRequest


def heard(lines: Sequence[AuditEvent]) -> None:
    """Note an event for each line that a partner wants to know of."""
    news = [
        (line, kind)
        for line in lines
        if (kind := kinds.kind_of(line.subject_type, line.action)) is not None
    ]
    rounds = [int(line.subject_id) for line in lines if line.action == kinds.PUBLISHED]
    if not (news or rounds) or not _live():
        return
    requests = _requests([line for line, _kind in news])
    found = [
        (line, kind, requests[line.subject_type, line.subject_id])
        for line, kind in news
        if (line.subject_type, line.subject_id) in requests
    ]
    note([(request, kind, line.action.partition(".")[2]) for line, kind, request in found])
    for round_id in rounds:
        note(
            [
                (one, "decision.published", "published")
                for one in TrainingRequest.objects.filter(decision__round=round_id)
                .exclude(filed_for_organisation="")
                .order_by("pk")
            ]
        )


def note(news: Sequence[tuple[TrainingRequest, str, str]]) -> None:
    """Add events about requests: each with its kind and change."""
    names = {request.filed_for_organisation for request, _kind, _change in news}
    partners = {
        partner.name: partner
        for partner in Partner.objects.filter(
            name__in=names, is_active=True, endpoints__ended_at__isnull=True
        ).exclude(endpoints=None)
    }
    events = [
        Event(
            partner=partners[request.filed_for_organisation],
            kind=kind,
            change=change,
            subject=f"request:{request.pk}",
            reference=request.organisation_reference,
        )
        for request, kind, change in news
        if request.filed_for_organisation in partners
    ]
    if not events:
        return
    Event.objects.bulk_create(events, batch_size=500)
    for key in {event.partner_id for event in events}:
        transaction.on_commit(partial(work.wake, key))


def _live() -> bool:
    return Endpoint.objects.filter(ended_at__isnull=True).exists()


def _requests(lines: list[AuditEvent]) -> dict[tuple[str, str], TrainingRequest]:
    """The request that each line is about, where a partner filed it."""
    paths = {
        "workers.trainingrequest": (TrainingRequest, "pk"),
        "allocation.award": (Award, "request"),
        "allocation.proof": (Proof, "award__request"),
    }
    keys: dict[tuple[str, str], int] = {}
    for subject_type, (model, path) in paths.items():
        wanted = {line.subject_id for line in lines if line.subject_type == subject_type}
        if wanted:
            pairs = model._default_manager.filter(pk__in=wanted).values_list("pk", path)
            keys |= {(subject_type, str(pk)): request for pk, request in pairs}
    filed = TrainingRequest.objects.exclude(filed_for_organisation="").in_bulk(set(keys.values()))
    return {place: filed[key] for place, key in keys.items() if key in filed}
