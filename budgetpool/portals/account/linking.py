"""Signing in by the link of an e-mail, on whatever device the e-mail is read.

Opening the link signs nobody in, because scanners of mail open every link: it leads to a page
with one button. The secret leaves the address at once, so that neither a history nor a referrer
keeps it. Who presses is signed in, and never the device that asked: a stranger who asks for
somebody's link gains nothing by their pressing it.
"""

from typing import Final

from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from budgetpool.portals.components.rate_limits import limited
from budgetpool.users import links
from budgetpool.users.models import SignInLink

KEY: Final = "sign_in_link"
PRESSES_PER_HOUR: Final = 30


@never_cache
@require_GET
def opened(request: HttpRequest, secret: str) -> HttpResponse:
    """Move the secret from the address into the session."""
    if request.user.is_authenticated:
        return redirect("home")
    if links.find(secret) is None:
        return _over(request)
    request.session[KEY] = secret
    answer = redirect("sign-in-link")
    # The page behind keeps the usual policy: a form without a referrer has no origin, and CSRF
    # protection refuses it.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@limited("sign-in-link", most=PRESSES_PER_HOUR)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponseBase:
    """Say whose account the link opens, and sign in who presses the button."""
    if request.user.is_authenticated:
        return redirect("home")
    found = links.find(request.session.get(KEY, ""))
    if found is None:
        return _over(request)
    if request.method == "POST":
        del request.session[KEY]
        return _enter(request, found) if links.take(found) else _over(request)
    return render(request, "account/sign_in_link.html", {"link": found})


def _enter(request: HttpRequest, found: SignInLink) -> HttpResponseBase:
    """As after a right code; a second factor is still asked of who has one."""
    record_authentication(request, found.user, method="code", email=found.email)
    verify_email_indirectly(request, found.user, found.email)
    login = Login(user=found.user, redirect_url=found.onward or None, email=found.email)
    answer: HttpResponseBase = perform_login(request, login)
    return answer


def _over(request: HttpRequest) -> HttpResponse:
    messages.error(
        request, _("This link does not work any more. Ask for a new one: it takes a minute.")
    )
    return redirect("sign-in")
