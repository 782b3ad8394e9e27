"""The door of a worker's own pages: the worker that belongs to the account, or none yet."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from budgetpool.fund.models import Fund
from budgetpool.portals.access import person
from workers.models import Worker

type WorkerView = Callable[Concatenate[HttpRequest, Worker, ...], HttpResponse]


def worker_required(view: WorkerView) -> Callable[..., HttpResponse]:
    """Give the view its worker; who never asked for anything is led to the first page."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        worker = own_worker(request)
        if worker is None:
            return redirect("worker:home")
        return view(request, worker, *args, **kwargs)

    return guarded


def own_worker(request: HttpRequest) -> Worker | None:
    """The worker of the account that is signed in."""
    return Worker.objects.filter(user=person(request)).select_related("region", "user").first()


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
