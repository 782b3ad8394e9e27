"""Who may open a page: one decorator per kind of place that a person can have.

Each puts the thing that the page is about in the place of its key in the address, so that a
view never looks it up by itself. Four answers are possible:

- nobody signed in: the sign-in page, and back here afterwards;
- the person has no such role anywhere: 403, and the page says which role is needed;
- the thing belongs to another region, organisation or person, or does not exist: 404, the same
  answer for all three, so that an address tells nothing;
- the person may: the view runs.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, Final
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.components import waits
from budgetpool.register import seats as provider_seats
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from employers.access import allows, places_of
from employers.models import Employer
from employers.models.employer import Role
from workers.models import Worker

# How long a proof of who somebody is counts as given just now.
FRESH: Final = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
# What a person proves themselves with here. The word of a broker, which may come without any
# question to the person, is not among them.
PROOFS: Final = {"password", "code", "mfa"}

type View = Callable[..., HttpResponse]
type FundView = Callable[Concatenate[HttpRequest, Fund, ...], HttpResponse]
type WorkerView = Callable[Concatenate[HttpRequest, Worker, ...], HttpResponse]
type EmployerView = Callable[Concatenate[HttpRequest, Employer, ...], HttpResponse]
type ProviderView = Callable[Concatenate[HttpRequest, Provider, ...], HttpResponse]


class Refused(PermissionDenied):
    """A 403 whose text tells the reader why, and what to do; the page 403.html shows it."""


def seat_required(*roles: str) -> Callable[[FundView], View]:
    """Open a page of a region's fund to those who hold one of `roles` there.

    The address holds the region's slug as `region`; the view gets the `Fund` instead of it. An
    address without `region` is about the region of the person's only seat in these roles; with
    several, the first by name. `request.seat` is the seat that opened the door.

    >>> @seat_required("board")
    ... def rounds(request, fund): ...
    """

    def decorate(view: FundView) -> View:
        @login_required
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, region: str | None = None, **kwargs: Any
        ) -> HttpResponse:
            held = [seat for seat in seats.held_by(person(request)) if seat.role in roles]
            if not held:
                raise Refused(no_seat(roles))
            here = [seat for seat in held if region is None or seat.region.slug == region]
            fund = Fund.objects.filter(region=here[0].region).first() if here else None
            if fund is None:
                raise Http404
            fund.region = here[0].region
            request.seat = here[0]  # type: ignore[attr-defined]
            waits.forget(request)
            return view(request, fund, *args, **kwargs)

        return guarded

    return decorate


def worker_required(view: WorkerView) -> View:
    """Open a page about the person's own file as a worker; the view gets the `Worker`."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        worker = Worker.objects.filter(user=person(request), erased_at=None).first()
        if worker is None:
            raise Refused(
                _("You have not asked for training yet. Begin on the page of your region's fund.")
            )
        return view(request, worker, *args, **kwargs)

    return guarded


def employer_member_required(role: str = Role.VIEWER) -> Callable[[EmployerView], View]:
    """Open a page of an employer to its own people whose place includes `role`.

    The address holds the employer's key as `employer`; the view gets the `Employer` instead of
    it. Without a key it is the person's first by name. `request.member` is their place there.

    >>> @employer_member_required("payer")
    ... def payments(request, employer): ...
    """

    def decorate(view: EmployerView) -> View:
        @login_required
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, employer: int | None = None, **kwargs: Any
        ) -> HttpResponse:
            places = places_of(person(request))
            if not places:
                raise Refused(_("This page is for employers. Ask your colleague to invite you."))
            here = [place for place in places if employer in (None, place.employer_id)]
            if not here:
                raise Http404
            if not allows(here[0], Role(role)):
                raise Refused(
                    _("For this you need the role “%(role)s”. Ask a manager in your company.")
                    % {"role": Role(role).label}
                )
            request.member = here[0]  # type: ignore[attr-defined]
            waits.forget(request)
            return view(request, here[0].employer, *args, **kwargs)

        return guarded

    return decorate


def provider_required(view: ProviderView) -> View:
    """Open a page of a training provider to its own people; the view gets the `Provider`.

    The address holds the provider's key as `provider`; without it, the first by name.
    """

    @login_required
    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Any, provider: int | None = None, **kwargs: Any
    ) -> HttpResponse:
        held = provider_seats.held_by(person(request))
        if not held:
            raise Refused(_("This page is for training providers. Ask your colleague to add you."))
        here = [seat for seat in held if provider in (None, seat.provider_id)]
        if not here:
            raise Http404
        waits.forget(request)
        return view(request, here[0].provider, *args, **kwargs)

    return guarded


def second_factor_required(view: View) -> View:
    """Open a page only to a session that was proven with a second factor or a passkey.

    Whoever has none yet is led to the page that sets one up; whoever has one but signed in
    without it is asked for it now.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if has_second_factor(request):
            return view(request, *args, **kwargs)
        return redirect(proof_url(request.get_full_path()))

    return guarded


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was proven with a one-time code, a recovery code or a passkey."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def proven_just_now(request: HttpRequest) -> bool:
    """Whether the second factor was shown in the last minutes, as a risky step asks.

    The demo, whose data is made up, asks for none.
    """
    records = get_authentication_records(request, request.user)
    since = time.time() - FRESH.total_seconds()
    return bool(settings.DEMO) or any(r["method"] == "mfa" and r["at"] >= since for r in records)


def signed_in_just_now(request: HttpRequest) -> bool:
    """Whether the person came in during the last minutes, with all steps that the account asks."""
    records = get_authentication_records(request, request.user)
    since = time.time() - FRESH.total_seconds()
    return bool(records) and records[-1]["method"] in PROOFS and records[-1]["at"] >= since


def proof_url(onward: str) -> str:
    """Where the second factor is asked or set up; it leads on to `onward`."""
    return f"{reverse('second-factor')}?{urlencode({'next': onward})}"


def person(request: HttpRequest) -> User:
    """Who is signed in; for views behind one of the doors above."""
    assert isinstance(request.user, User)
    return request.user


def no_seat(roles: tuple[str, ...]) -> str:
    """Why a page of these roles is closed to somebody, and what to do."""
    names = " / ".join(str(Seat.Role(role).label) for role in roles)
    return _(
        "This page is for: %(roles)s. Your account does not have this role. "
        "Ask the administrator of your region if you need it."
    ) % {"roles": names}
