"""A worker's own pages: whose they are, and the frame around them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from budgetpool.fund.models import Fund
from budgetpool.portals.access import person
from workers.models import Worker


def own_worker(request: HttpRequest) -> Worker | None:
    """The worker of the account that is signed in, if it ever asked for anything."""
    return (
        Worker.objects.filter(user=person(request), erased_at=None)
        .select_related("region", "user")
        .first()
    )


def page(
    request: HttpRequest,
    worker: Worker | None,
    template: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page of the worker's portal."""
    fund = Fund.objects.filter(region=worker.region).first() if worker else None
    frame = {"worker": worker, "fund": fund, "region": worker.region if worker else None}
    return render(request, template, {**frame, **(context or {})})
