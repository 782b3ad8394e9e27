"""The door of a partner's pages: its own administrators, with a second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api import administrators
from api.models import Partner
from budgetpool.portals.access import Refused, person, second_factor_required
from budgetpool.portals.components import waits

type PartnerView = Callable[Concatenate[HttpRequest, Partner, ...], HttpResponse]


def partner_required(view: PartnerView) -> Callable[..., HttpResponse]:
    """Open a page of a partner to its administrators; the view gets the `Partner`.

    What is made here opens the files of other people, so it takes a second factor; not in the
    demo, whose people are made up.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, partner: int, **kwargs: Any) -> HttpResponse:
        held = administrators.partners_of(person(request))
        if not held:
            raise Refused(no_partner())
        here = [one for one in held if one.pk == partner]
        if not here:
            raise Http404
        waits.forget(request)
        if settings.DEMO:
            return view(request, here[0], *args, **kwargs)
        return second_factor_required(lambda request: view(request, here[0], *args, **kwargs))(
            request
        )

    return guarded


def no_partner() -> str:
    """Why these pages are closed, and what to do."""
    return _(
        "This page is for organisations that file requests with a program. "
        "Ask the board of the fund to add you."
    )
