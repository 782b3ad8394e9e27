"""The door of one person at a school: 404 for whoever is not the school's to see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from allocation.decisions import places
from allocation.models import Award
from budgetpool.portals.access import provider_required
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal
from budgetpool.register.models import Provider

type PersonView = Callable[Concatenate[HttpRequest, Provider, Award, ...], HttpResponse]


def person_required(view: PersonView) -> Callable[..., HttpResponse]:
    """Put the award in the place of its key; what a service refuses is said on the page."""

    @provider_required
    @wraps(view)
    def guarded(
        request: HttpRequest, provider: Provider, pk: int, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        award = places.people(provider).filter(pk=pk).first()
        if award is None:
            raise Http404
        try:
            return view(request, provider, award, *args, **kwargs)
        except (Refusal, ValidationError) as refused:
            messages.error(request, say(refused))
        return redirect("school:person", provider.pk, award.pk)

    return guarded
