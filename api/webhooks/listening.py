"""From the trail to events: what changes for a partner is noted where it changes, or not at all.

`budgetpool.audit.trail` calls `heard` with every line that it writes, within the transaction of
the change. Here rows are added and nothing is locked; numbers and sending come after the commit.
"""

from collections.abc import Callable, Sequence

from allocation.models import Award, Objection, Payout, Proof
from api.models import Endpoint
from api.webhooks import at_school, kinds, news
from api.webhooks.news import News
from budgetpool.audit.models import AuditEvent
from workers.models import TrainingRequest


def heard(lines: Sequence[AuditEvent]) -> None:
    """Note an event for each line that a partner wants to know of."""
    filed = _pairs(lines, kinds.kind_of)
    at_schools = _pairs(lines, kinds.kind_for_school)
    rounds = [int(line.subject_id) for line in lines if line.action == kinds.PUBLISHED]
    if not (filed or at_schools or rounds) or not _live():
        return
    told = _of_filers(filed) + at_school.told(at_schools)
    for round_id in rounds:
        decided = TrainingRequest.objects.filter(decision__round=round_id).order_by("pk")
        of_partners = decided.exclude(filed_for_organisation="")
        told += _about([(one, "decision.published", "published") for one in of_partners])
    news.note(told)


def _pairs(
    lines: Sequence[AuditEvent], kind_of: Callable[[str, str], str | None]
) -> list[tuple[AuditEvent, str]]:
    """The lines that make an event, each with its kind."""
    return [(line, kind) for line in lines if (kind := kind_of(line.subject_type, line.action))]


def _of_filers(lines: list[tuple[AuditEvent, str]]) -> list[News]:
    """For those who filed the requests that lines are about."""
    requests = _requests([line for line, _kind in lines])
    found = [
        (line, kind, requests.get((line.subject_type, line.subject_id))) for line, kind in lines
    ]
    return _about(
        [
            (request, kind, line.action.partition(".")[2])
            for line, kind, request in found
            if request is not None
        ]
    )


def _about(changes: Sequence[tuple[TrainingRequest, str, str]]) -> list[News]:
    names = {request.filed_for_organisation for request, _kind, _change in changes}
    partners = {one.name: one for one in news.listeners().filter(name__in=names)}
    return [
        News(
            partners[request.filed_for_organisation],
            kind,
            change,
            f"request:{request.pk}",
            request.organisation_reference,
        )
        for request, kind, change in changes
        if request.filed_for_organisation in partners
    ]


def _live() -> bool:
    return Endpoint.objects.filter(ended_at__isnull=True).exists()


def _requests(lines: list[AuditEvent]) -> dict[tuple[str, str], TrainingRequest]:
    """The request that each line is about, where a partner filed it."""
    paths = {
        "workers.trainingrequest": (TrainingRequest, "pk"),
        "allocation.award": (Award, "request"),
        "allocation.proof": (Proof, "award__request"),
        "allocation.objection": (Objection, "decision__request"),
        "allocation.payout": (Payout, "award__request"),
    }
    keys: dict[tuple[str, str], int] = {}
    for subject_type, (model, path) in paths.items():
        wanted = {line.subject_id for line in lines if line.subject_type == subject_type}
        if wanted:
            pairs = model._default_manager.filter(pk__in=wanted).values_list("pk", path)
            keys |= {(subject_type, str(pk)): request for pk, request in pairs}
    filed = TrainingRequest.objects.exclude(filed_for_organisation="").in_bulk(set(keys.values()))
    return {place: filed[key] for place, key in keys.items() if key in filed}
