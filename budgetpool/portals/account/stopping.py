"""The link below each daily e-mail: whoever holds it stops that e-mail, without signing in."""

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from budgetpool.audit import trail
from budgetpool.users.models import User

_SIGNER = Signer(salt="budgetpool.portals.daily")


def token_of(user: User) -> str:
    """What stands in the link of this person's e-mail, and in nobody else's."""
    return _SIGNER.sign(str(user.pk))


def whose(token: str) -> User | None:
    """The person whose e-mail holds this link; None where nobody's does."""
    try:
        key = int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=key, is_active=True).first()


@transaction.atomic
def stop(user: User) -> None:
    """No more daily e-mails to this person; they turn them on again in their account."""
    if user.wants_daily_mail:
        user.wants_daily_mail = False
        user.save(update_fields=["wants_daily_mail"])
        trail.record(
            actor=user, action="profile.changed", subject=user, fields=["wants_daily_mail"]
        )


@require_http_methods(["GET", "HEAD", "POST"])
def stop_daily(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, so that a program that follows links stops nothing; the page names nobody."""
    user = whose(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        stop(user)
    return render(request, "account/stop_daily.html", {"is_stopped": not user.wants_daily_mail})
