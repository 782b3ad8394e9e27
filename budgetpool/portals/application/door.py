"""The door of one request: its worker, who helps with their agreement, nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from budgetpool.portals.access import person
from budgetpool.refusals import Refusal
from workers import access, requests
from workers.models import TrainingRequest

type RequestView = Callable[Concatenate[HttpRequest, TrainingRequest, ...], HttpResponseBase]


def request_required(view: RequestView) -> Callable[..., HttpResponseBase]:
    """Put the training request in the place of its number; 404 for whom it is not.

    What a service refuses is said on the request's own page, in the reader's language.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = TrainingRequest.objects.with_choices().filter(pk=number).first()
        if asked is None:
            raise Http404
        try:
            requests.seen(actor=person(request), request=asked)
            return view(request, asked, *args, **kwargs)
        except Refusal as refused:
            if refused.code == "not_yours" and refused.params["act"] == "read":
                raise Http404 from refused
            messages.error(request, str(refused))
        return redirect("apply:request", asked.pk)

    return guarded


def page(
    request: HttpRequest,
    asked: TrainingRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page about a request, in the frame of who looks: the worker, a desk or a helper."""
    helped = is_helped(request, asked)
    at_desk = helped and access.is_adviser_for(person(request), asked.worker)
    form = (context or {}).get("form")
    if request.method == "POST" and form is not None and form.errors:
        requests.tried(actor=person(request), request=asked)
    return render(
        request,
        template,
        {
            "asked": asked,
            "worker": asked.worker,
            "region": asked.worker.region,
            "fund": asked.window.fund,
            "window": asked.window,
            "helped": helped,
            "own_helper": helped and not at_desk,
            "at_desk": at_desk,
            "frame": _frame(helped, at_desk),
            **(context or {}),
        },
        status=status,
    )


def _frame(helped: bool, at_desk: bool) -> str:
    if not helped:
        return "worker/frame.html"
    return "adviser/frame.html" if at_desk else "worker/helping_frame.html"


def is_helped(request: HttpRequest, asked: TrainingRequest) -> bool:
    """Whether somebody else than the worker looks."""
    return asked.worker.user_id != person(request).pk
