"""One's own account: the first page after signing in, the profile, the second factor's door."""

from typing import Final

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.i18n import set_language

from budgetpool.mail.languages import languages
from budgetpool.portals.access import Refused, no_seat, person
from budgetpool.portals.account import service
from budgetpool.portals.account.doors import doors_of, has_desk, seat_doors
from budgetpool.portals.account.forms import ProfileForm
from budgetpool.users.models import User

ONWARD: Final = "second_factor_onward"


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead a person to their own portal; with more than one, let them choose."""
    doors = doors_of(person(request))
    if len(doors) == 1:
        return redirect(doors[0].url)
    return render(request, "account/home.html", {"doors": doors})


@require_GET
@login_required
def portal(request: HttpRequest, role: str) -> HttpResponse:
    """Lead to the person's own desk of one kind; with seats in several regions, let them choose."""
    doors = seat_doors(person(request), (role,))
    if not doors:
        raise Refused(no_seat((role,)))
    if len(doors) == 1:
        return redirect(doors[0].url)
    return render(request, "account/home.html", {"doors": doors})


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name, phone number and language."""
    user = person(request)
    form = ProfileForm(request.POST or None, instance=user, has_desk=has_desk(user))
    if request.method == "POST" and form.is_valid():
        service.change_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Your changes are saved."))
        return redirect("profile")
    has_factor = is_mfa_enabled(user)
    return render(request, "account/profile.html", {"form": form, "has_second_factor": has_factor})


@require_GET
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, or help to set one up where there is none yet.

    Where the person was going to is remembered while they set it up.
    """
    onward = get_next_redirect_url(request) or request.session.pop(ONWARD, "")
    if is_mfa_enabled(person(request), ["totp", "webauthn"]):
        if not onward:
            return redirect("home")
        return redirect(reverse("mfa_reauthenticate", query={"next": onward}))
    request.session[ONWARD] = onward
    return render(request, "account/second_factor.html")


def choose_language(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language, and remember it for who is signed in.

    A language in which no messages are written leaves the messages as they were.
    """
    answer = set_language(request)
    language = request.POST.get("language", "")
    user = request.user
    if isinstance(user, User) and request.method == "POST" and language in languages():
        service.change_profile(user=user, name=user.name, phone=user.phone, language=language)
    return answer
