"""What a partner asks again and again: its own requests, one or a page, each in one statement.

The statement that reads also looks whether the caller's token still works, so that a process may
remember whose it is; see `oauth.access`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Window
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from api.authentication import NO_TOKEN
from api.callers import Caller
from api.cursors import SORTS
from api.oauth import access
from api.permissions import InsufficientScope
from api.serializers.requests import filed
from budgetpool.fund.models import Region
from budgetpool.statements import Reading
from workers.models import TrainingRequest, Worker

COLUMNS: Final = (
    "pk",
    "window__fund__region__code",
    "window__code",
    "organisation_reference",
    "status",
    "reason",
    "repair_until",
    "submitted_at",
    "changed_at",
    "has_decision",
)
OF_THE_WORKER: Final = ("pk", "user_id", "introduced_by", "erased_at")
SCOPE: Final = "requests:read"
PROOF: Final = {"checksum": str, "name": str, "scopes": list, "now": datetime}


def own(name: str) -> QuerySet[TrainingRequest]:
    """The requests that the partner of this name filed, with what its programs are told."""
    return (
        TrainingRequest.objects.filter(filed_for_organisation=name)
        .select_related("window__fund__region", "worker__region")
        .annotate(
            has_decision=ExpressionWrapper(Q(decision__isnull=False), BooleanField()),
            changed_at=Greatest("saved_at", Coalesce("decision__round__published_at", "saved_at")),
        )
        .order_by("-pk")
    )


def _proven(name: str, key: int, **proof: Any) -> QuerySet[Any, Any]:
    return _one(name, key).filter(access.still_works(name=name, **proof))


def _one(name: str, key: int) -> QuerySet[Any, Any]:
    worker = [f"worker__{column}" for column in OF_THE_WORKER]
    columns = (*COLUMNS, *worker, "worker__region__code")
    return own(name).filter(pk=key).order_by().values_list(*columns)


PROVEN: Final = Reading(_proven, key=int, **PROOF)
OF_A_SANDBOX: Final = Reading(_one, key=int, name=str)


@dataclass(frozen=True)
class Found:
    """One request: who it is about, and what its partner is told."""

    request: TrainingRequest
    told: dict[str, Any]


def one(caller: Caller, key: int) -> Found | None:
    """A request that the caller's organisation filed.

    Raises:
        AuthenticationFailed: the token stopped working meanwhile.
    """
    name = caller.partner.name
    if caller.checksum:
        rows = PROVEN.rows(key=key, **_proof(caller))
        if not rows:
            require_token(caller)
    else:
        rows = OF_A_SANDBOX.rows(key=key, name=name)
    return _found(rows[0]) if rows else None


def _found(row: tuple[Any, ...]) -> Found:
    mine, (*worker, region_code) = row[: len(COLUMNS)], row[len(COLUMNS) :]
    request = TrainingRequest.from_db("default", ["id"], row[:1])
    request.worker = Worker.from_db("default", ["id", *OF_THE_WORKER[1:]], worker)
    request.worker.region = Region(code=region_code)
    return Found(request, filed(*mine))


def _proof(caller: Caller) -> dict[str, Any]:
    assert caller.client is not None
    return {
        "name": caller.partner.name,
        "checksum": caller.checksum,
        "scopes": caller.client.scopes,
        "now": timezone.now(),
    }


def require_token(caller: Caller) -> None:
    """Look anew whether the caller's token works, where nothing was found for it.

    Raises:
        AuthenticationFailed: it does not. InsufficientScope: it may not read any more.
    """
    fresh = access.caller_for(caller.checksum)
    if fresh is None:
        raise AuthenticationFailed(NO_TOKEN)
    if SCOPE not in fresh.scopes:
        raise InsufficientScope(SCOPE)


# What a list may be filtered by, and where that stands; each is a value of the statement but
# those that are true or false, of which each is a statement.
FILTERS: Final = {
    "regionCode": "window__fund__region__code",
    "window": "window__code",
    "status": "status",
    "reference": "organisation_reference",
    "changedSince": "changed_at__gte",
}


def first_page(caller: Caller, asked: Mapping[str, Any], size: int) -> tuple[list[Any], int] | None:
    """The first rows of a list and how many there are; none where nothing can be said in one
    statement.

    Args:
        asked: the checked query of the list, without what was not asked for.
    """
    if not caller.checksum:
        return None
    wanted = tuple(sorted(set(asked) & set(FILTERS)))
    reading = _list(wanted, asked.get("hasDecision"), asked.get("sort", "-id"), size)
    rows = reading.rows(**_proof(caller), **{key: asked[key] for key in wanted})
    if not rows:
        require_token(caller)
        return [], 0
    return [filed(*row[:-1]) for row in rows], rows[0][-1]


@lru_cache(maxsize=200)
def _list(wanted: tuple[str, ...], has_decision: bool | None, sort: str, size: int) -> Reading:
    def build(name: str, **values: Any) -> QuerySet[Any, Any]:
        filters = {FILTERS[key]: values.pop(key) for key in wanted}
        if has_decision is not None:
            filters["has_decision"] = has_decision
        rows = own(name).filter(access.still_works(name=name, **values), **filters)
        minus, column = "-" if sort.startswith("-") else "", SORTS[sort.lstrip("-")]
        return rows.order_by(*dict.fromkeys((f"{minus}{column}", f"{minus}pk"))).values_list(
            *COLUMNS, Window(Count("pk"))
        )[:size]

    kinds = {key: datetime if key == "changedSince" else str for key in wanted}
    return Reading(build, **PROOF, **kinds)
