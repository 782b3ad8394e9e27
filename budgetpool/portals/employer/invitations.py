"""The page behind the link of an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budgetpool.refusals import Refusal
from budgetpool.users.models import User
from employers import people


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Say who invites; whoever is signed in with the invited address takes the place."""
    try:
        invitation = people.find_invitation(secret)
        if request.method == "POST" and isinstance(request.user, User):
            member = people.accept(secret=secret, user=request.user)
            messages.success(request, _("Welcome. This is the page of your organisation."))
            return redirect("employer:home", member.employer_id)
    except Refusal as error:
        return render(request, "employer/invitation_ended.html", {"error": error}, status=410)
    query = {"next": request.path}
    context = {
        "invitation": invitation,
        "sign_in_url": reverse("sign-in", query=query),
        "sign_up_url": reverse("account_signup", query=query),
        "is_other": isinstance(request.user, User)
        and request.user.email.lower() != invitation.email.lower(),
    }
    return render(request, "employer/invitation.html", context)
