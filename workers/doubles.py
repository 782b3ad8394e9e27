"""People who may have been entered twice: found when they come in, decided on by a person."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers import access
from workers.likeness import are_close, traces
from workers.models import PossibleDouble, Worker


def look_for(*, region: Region, workers: Sequence[Worker]) -> list[PossibleDouble]:
    """Note whom in the region these people may be already; the counter looks before the round."""
    traced: dict[tuple[date | None, str], list[Worker]] = defaultdict(list)
    days = {worker.birth_date for worker in workers if worker.birth_date and worker.name}
    born = Worker.objects.filter(region=region, birth_date__in=days, erased_at__isnull=True)
    for known in born.only("pk", "name", "birth_date") if days else ():
        for trace in traces(known.name):
            traced[known.birth_date, trace].append(known)
    found = [
        PossibleDouble(worker=worker, other=known)
        for worker in workers
        for known in _candidates(traced, worker)
        if known.pk != worker.pk and are_close(known.name, worker.name)
    ]
    # Of two that came in together, each may be the other; one row is enough.
    pairs = {frozenset((one.worker_id, one.other_id)): one for one in reversed(found)}
    rows = list(pairs.values())
    if rows:
        PossibleDouble.objects.bulk_create(rows, ignore_conflicts=True)
        trail.record_many(
            actor=None,
            action="worker.may_be_known",
            region_code=region.code,
            rows=[(one.worker, {"other": one.other_id}) for one in rows],
        )
    return rows


def _candidates(
    traced: dict[tuple[date | None, str], list[Worker]], worker: Worker
) -> list[Worker]:
    keys = [(worker.birth_date, trace) for trace in traces(worker.name)]
    met = {known.pk: known for key in keys for known in traced.get(key, ())}
    return [met[key] for key in sorted(met)]


def waiting(region: Region) -> QuerySet[PossibleDouble]:
    """Those of a region on whom nobody at the counter decided yet."""
    return PossibleDouble.objects.filter(
        worker__region=region, two_people_at__isnull=True, other__erased_at__isnull=True
    ).select_related("other")


@transaction.atomic
def are_two(*, adviser: User, worker: Worker) -> None:
    """Somebody at the counter looked: this person is none of those they resemble.

    Raises:
        NotAllowed: no adviser of the region.
    """
    if not access.is_adviser_for(adviser, worker):
        raise NotAllowed("not_yours", act="decide on doubles")
    waiting = PossibleDouble.objects.filter(worker=worker, two_people_at__isnull=True)
    others = list(waiting.values_list("other", flat=True))
    waiting.update(two_people_at=timezone.now(), looked_by=adviser)
    trail.record(
        actor=adviser,
        action="worker.is_somebody_else",
        subject=worker,
        region_code=worker.region.code,
        others=others,
    )
