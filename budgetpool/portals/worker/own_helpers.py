"""A helper of one's own choosing: invited by the worker, and the helper's own two pages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgetpool.bsn import refuse_bsn
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.worker.door import page
from budgetpool.refusals import Refusal
from budgetpool.users.models import User
from workers import requests
from workers.around import own_helpers as services
from workers.models import Worker


class HelperForm(forms.Form):
    """Who may help, and with what."""

    name = forms.CharField(
        label=gettext_lazy("Who may help you?"),
        help_text=gettext_lazy("For example your sister, a colleague or a friend."),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write a name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("The e-mail address of this person"),
        error_messages={
            "required": gettext_lazy("Write an e-mail address."),
            "invalid": gettext_lazy("Write the e-mail address like this: name@example.nl."),
        },
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What may this person do?"),
        choices=[
            (
                "read",
                OptionLabel(gettext_lazy("Read along"), hint=gettext_lazy("And change nothing.")),
            ),
            (
                "fill",
                OptionLabel(
                    gettext_lazy("Also fill in"), hint=gettext_lazy("Only you can send it.")
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what this person may do.")},
    )
    consent = forms.BooleanField(
        label=gettext_lazy("This person may see my name and what I filled in."),
        error_messages={"required": gettext_lazy("Tick this box. Without it nobody can help you.")},
    )


@require_http_methods(["GET", "POST"])
@limited("own-helper", most=10)
@worker_required
def own_helpers(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Who may help now, and a form to ask somebody for half a year."""
    form = HelperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = {name: form.cleaned_data[name] for name in ("name", "email", "scope")}
        try:
            services.invite(actor=person(request), worker=worker, **wish)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("%(name)s gets an e-mail with a link. You can stop it at any time.")
                % {"name": wish["name"]},
            )
            return redirect("worker:own-helpers")
    context = {"form": form, "helpers": services.standing(worker)}
    return page(request, worker, "worker/own_helpers.html", context)


@require_POST
@worker_required
def stop_helper(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """Stop the help, or take the invitation back, at once."""
    helper = worker.helpers.filter(pk=pk).first()
    if helper is None:
        raise Http404
    services.end(actor=person(request), helper=helper)
    messages.success(request, _("%(name)s can no longer help you.") % {"name": helper.name})
    return redirect("worker:own-helpers")


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Say who asks for help; whoever is signed in with the invited address says yes."""
    try:
        helper = services.find(secret)
        if request.method == "POST" and isinstance(request.user, User):
            services.accept(secret=secret, user=request.user)
            messages.success(request, _("Thank you. Here you see whom you help."))
            return redirect("worker:helping")
    except Refusal as error:
        return render(request, "worker/helping_ended.html", {"error": error}, status=410)
    query = {"next": request.path}
    context: dict[str, Any] = {
        "helper": helper,
        "sign_in_url": reverse("sign-in", query=query),
        "sign_up_url": reverse("account_signup", query=query),
        "is_other": isinstance(request.user, User)
        and request.user.email.lower() != helper.email.lower(),
    }
    return render(request, "worker/helping_invited.html", context)


@require_GET
@login_required
def helping(request: HttpRequest) -> HttpResponse:
    """Whom somebody helps, with their requests."""
    rows = [(one, requests.mine(one.worker)) for one in services.helped_by(person(request))]
    return render(request, "worker/helping.html", {"rows": rows})


@require_POST
@login_required
def stop_helping(request: HttpRequest, pk: int) -> HttpResponse:
    """The helper stops by themselves."""
    helper = next((one for one in services.helped_by(person(request)) if one.pk == pk), None)
    if helper is None:
        raise Http404
    services.end(actor=person(request), helper=helper)
    messages.success(request, _("You no longer help %(name)s.") % {"name": helper.worker.name})
    return redirect("worker:helping")
