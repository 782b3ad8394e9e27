"""Make, rotate and withdraw what a partner's program proves itself with."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from api.models import Credential, Partner
from api.oauth import clients
from api.tokens import OVERLAP_DAYS
from budgetpool.portals.access import person
from budgetpool.portals.components.refusals import say
from budgetpool.portals.partner.door import partner_required
from budgetpool.refusals import Refusal


class LabelForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("For example: salary system, test server."),
        max_length=100,
        error_messages={"required": gettext_lazy("Write what it is for.")},
    )


class RotateForm(LabelForm):
    overlap_days = forms.IntegerField(
        label=gettext_lazy("For how many days does the old one work on?"),
        min_value=0,
        max_value=30,
        initial=OVERLAP_DAYS,
    )


class KeyForm(LabelForm):
    key = forms.CharField(
        label=gettext_lazy("Public key (JWK)"),
        help_text=gettext_lazy("RSA of 2048 bits or more, P-256 or Ed25519. Only the public half."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=4000,
    )

    def clean_key(self) -> Any:
        try:
            return json.loads(self.cleaned_data["key"])
        except (ValueError, RecursionError):
            raise ValidationError(_("This is no public key (JWK).")) from None


@require_http_methods(["GET", "POST"])
@never_cache
@partner_required
def new_secret(request: HttpRequest, partner: Partner) -> HttpResponse:
    """One more secret; it is shown in this answer, and never again."""
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            client = clients.open_client(partner=partner, actor=person(request))
            made, secret = clients.add_secret(
                client=client, label=form.cleaned_data["label"], actor=person(request)
            )
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            return _shown(request, partner, made, secret)
    context = {"partner": partner, "form": form, "title": _("New secret")}
    return render(request, "partner/form.html", context)


@require_http_methods(["GET", "POST"])
@partner_required
def new_key(request: HttpRequest, partner: Partner) -> HttpResponse:
    """Take the public half of a key, instead of a secret."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            client = clients.open_client(partner=partner, actor=person(request))
            clients.add_key(client=client, actor=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            messages.success(request, _("The program can sign with this key now."))
            return redirect("partner:home", partner.pk)
    context = {"partner": partner, "form": form, "title": _("New public key")}
    return render(request, "partner/form.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@partner_required
def rotate(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """A new secret in the place of one that works on for some days."""
    credential = _of(partner, pk)
    form = RotateForm(request.POST or None, initial={"label": credential.label})
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = clients.rotate(
                credential=credential, actor=person(request), **form.cleaned_data
            )
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            return _shown(request, partner, made, secret)
    title = _("A new secret in the place of “%(label)s”") % {"label": credential.label}
    return render(request, "partner/form.html", {"partner": partner, "form": form, "title": title})


@require_POST
@partner_required
def withdraw(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """End a secret or key at once, as when it leaked."""
    credential = _of(partner, pk)
    clients.withdraw(credential=credential, actor=person(request))
    messages.success(
        request, _("“%(label)s” does not work any more.") % {"label": credential.label}
    )
    return redirect("partner:home", partner.pk)


def _of(partner: Partner, pk: int) -> Credential:
    return get_object_or_404(Credential, pk=pk, client__partner=partner)


def _shown(request: HttpRequest, partner: Partner, made: Credential, secret: str) -> HttpResponse:
    context = {"partner": partner, "made": made, "secret": secret}
    return render(request, "partner/secret.html", context)
