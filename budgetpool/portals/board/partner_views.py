"""Partners that file requests by program in this region, and what lets them in."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from api import administrators, tokens
from api.models import Client, Credential, Partner, PartnerAdministrator, PartnerToken
from api.oauth import clients
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal


class AdministratorForm(forms.Form):
    """Somebody who manages the program of a partner."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        error_messages={"required": gettext_lazy("Write the e-mail address.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Not needed if this person has an account already."),
        required=False,
        max_length=200,
    )


@require_safe
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Each partner with its secrets, keys and tokens: since when, until when, when last used."""
    partners = (
        Partner.objects.filter(regions=fund.region)
        .select_related("client__application")
        .prefetch_related("tokens", "client__credentials", "administrators__user")
    )
    return render(request, "board/partners.html", {"fund": fund, "partners": partners})


@require_POST
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def withdraw(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """End a token at once, as when it leaked."""
    token = get_object_or_404(PartnerToken, pk=pk, partner__regions=fund.region)
    tokens.revoke(token=token, actor=person(request))
    messages.success(request, _("This token does not work any more: %(token)s.") % {"token": token})
    return redirect("board-partners", fund.region.slug)


@require_POST
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def withdraw_credential(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """End a secret or key at once, with every token that was made with it."""
    credential = get_object_or_404(Credential, pk=pk, client__partner__regions=fund.region)
    clients.withdraw(credential=credential, actor=person(request))
    messages.success(
        request, _("“%(label)s” does not work any more.") % {"label": credential.label}
    )
    return redirect("board-partners", fund.region.slug)


@require_POST
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def shut_out(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Shut the program of a partner out at once, with all that it holds."""
    client = get_object_or_404(Client, pk=pk, partner__regions=fund.region)
    clients.withdraw_client(client=client, actor=person(request))
    messages.success(request, _("The program of %(partner)s is shut out.") % {"partner": client})
    return redirect("board-partners", fund.region.slug)


@require_http_methods(["GET", "POST"])
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def administrator(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Let somebody of a partner manage its program."""
    partner = get_object_or_404(Partner, pk=pk, regions=fund.region)
    form = AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            administrators.give(
                partner=partner, region=fund.region, actor=person(request), **form.cleaned_data
            )
        except (Refusal, ValidationError) as refused:
            form.add_error(None, say(refused))
        else:
            messages.success(request, _("This person can sign in and manage the program."))
            return redirect("board-partners", fund.region.slug)
    context = {"fund": fund, "partner": partner, "form": form}
    return render(request, "board/partner_administrator.html", context)


@require_POST
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def end_administrator(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Somebody does not manage the program of a partner any more."""
    held = get_object_or_404(
        PartnerAdministrator, pk=pk, partner__regions=fund.region, ended_at__isnull=True
    )
    try:
        administrators.end(administrator=held, region=fund.region, actor=person(request))
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("This person manages nothing of the partner any more."))
    return redirect("board-partners", fund.region.slug)
