"""Where a partner's program is told what happens: addresses, their secrets, and each delivery."""

from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from api.models import Delivery, Endpoint, Partner
from api.webhooks import endpoints
from budgetpool.keys import key_of
from budgetpool.portals.access import person
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.fields import day_field
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.portals.partner.door import partner_required
from budgetpool.refusals import Refusal

PER_PAGE: Final = 25
KINDS: Final = {
    "request.changed": gettext_lazy("A request changed"),
    "decision.published": gettext_lazy("A decision came out"),
    "award.changed": gettext_lazy("An award changed"),
    "proof.changed": gettext_lazy("A proof changed"),
    "objection.changed": gettext_lazy("An objection changed"),
    "payment.changed": gettext_lazy("A payment changed"),
    "school_award.changed": gettext_lazy("For a school: the award of somebody with a place"),
    "invoice.changed": gettext_lazy("For a school: an invoice changed"),
}
NO_ANSWERS: Final = {
    "timeout": gettext_lazy("no answer in time"),
    "no_connection": gettext_lazy("no connection"),
    "no_answer": gettext_lazy("no answer"),
    "certificate": gettext_lazy("the certificate is not right"),
    "name_unknown": gettext_lazy("nobody knows the name of the machine"),
    "address_not_public": gettext_lazy("the address is not public"),
}


class AddressForm(forms.Form):
    """An address, and what it is told."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("For example: https://example.nl/events"),
        max_length=500,
        error_messages={"required": gettext_lazy("Write the address.")},
    )
    label = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("For example: salary system, test server."),
        required=False,
        max_length=100,
    )
    listens_to = forms.MultipleChoiceField(
        label=gettext_lazy("What is it told?"),
        choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )


class OverlapForm(forms.Form):
    overlap_hours = forms.IntegerField(
        label=gettext_lazy("For how many hours does the old secret sign, too?"),
        min_value=0,
        max_value=168,
        initial=endpoints.OVERLAP_HOURS,
    )


class AnewForm(forms.Form):
    since = day_field(
        gettext_lazy("Send once more what happened since"), gettext_lazy("For example: 01-03-2027")
    )

    mark_optional = False


class LogForm(forms.Form):
    """Which deliveries."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=lambda: [("", _("All")), *Delivery.State.choices],
    )
    words = forms.CharField(label=gettext_lazy("Your reference"), required=False, max_length=100)

    mark_optional = False


@require_safe
@partner_required
def listing(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The addresses, those that ended at the bottom."""
    rows = sorted(partner.endpoints.all(), key=lambda one: (one.ended_at is not None, one.pk))
    shown = [(one, [KINDS.get(kind, kind) for kind in one.kinds]) for one in rows]
    return render(request, "partner/webhooks.html", {"partner": partner, "rows": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@partner_required
def new(request: HttpRequest, partner: Partner) -> HttpResponse:
    """One more address; its secret is shown in this answer, and never again."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = endpoints.add(
                partner=partner, actor=person(request), **form.cleaned_data
            )
        except (Refusal, ValidationError) as refused:
            form.add_error("url" if isinstance(refused, ValidationError) else None, say(refused))
        else:
            return _shown(request, made, secret)
    return _form(request, partner, form, _("New address"))


@require_safe
@partner_required
def one(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """One address with the log of its deliveries, the newest first."""
    endpoint = _of(partner, pk)
    return _log(request, endpoint, AnewForm())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@partner_required
def rotate(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """Another secret, beside which the old one signs for some hours."""
    endpoint = _of(partner, pk)
    form = OverlapForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = endpoints.rotate(endpoint=endpoint, actor=person(request), **form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, say(refused))
        else:
            return _shown(request, endpoint, secret)
    return _form(request, partner, form, _("A new secret that signs"))


@require_POST
@partner_required
def test(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """Send an event to try the address with."""
    endpoint = _of(partner, pk)
    try:
        endpoints.test(endpoint=endpoint)
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, _("A test is on its way. The log shows how it goes."))
    return redirect("partner:webhook", partner.pk, endpoint.pk)


@require_POST
@partner_required
def end(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """Tell the address nothing any more."""
    endpoints.end(endpoint=_of(partner, pk), actor=person(request))
    messages.success(request, _("This address gets nothing any more."))
    return redirect("partner:webhooks", partner.pk)


@require_POST
@partner_required
def anew(request: HttpRequest, partner: Partner, pk: int) -> HttpResponse:
    """Send one delivery, or all since a day, once more."""
    endpoint = _of(partner, pk)
    wanted: dict[str, Any]
    if (delivery := key_of(request.POST.get("delivery", ""))) is not None:
        wanted = {"delivery": delivery}
    else:
        form = AnewForm(request.POST)
        if not form.is_valid():
            return _log(request, endpoint, form, status=422)
        zone = timezone.get_default_timezone()
        wanted = {"since": datetime.combine(form.cleaned_data["since"], time(0), tzinfo=zone)}
    try:
        count = endpoints.send_anew(endpoint=endpoint, **wanted)
    except Refusal as refused:
        messages.error(request, say(refused))
    else:
        say_count = messages.success if count else messages.warning
        say_count(request, _count(count))
    return redirect("partner:webhook", partner.pk, endpoint.pk)


def _count(count: int) -> str:
    if not count:
        return _("There was nothing to send once more.")
    words = ngettext(
        "%(count)s event is sent once more.", "%(count)s events are sent once more.", count
    )
    return words % {"count": count}


def _of(partner: Partner, pk: int) -> Endpoint:
    return get_object_or_404(partner.endpoints, pk=pk)


def _log(
    request: HttpRequest, endpoint: Endpoint, form: AnewForm, status: int = 200
) -> HttpResponse:
    found: QuerySet[Delivery] = (
        endpoint.deliveries.select_related("event").prefetch_related("attempts").order_by("-pk")
    )
    find = LogForm(request.GET)
    wanted = find.cleaned_data if find.is_valid() else {}
    if wanted.get("state"):
        found = found.filter(state=wanted["state"])
    if words := wanted.get("words", "").strip():
        found = found.filter(event__reference__icontains=words)
    columns = [
        Column(_("Event"), orders=("event__kind",)),
        Column(_("Your reference"), orders=("event__reference",)),
        Column(_("Date"), orders=("event__at",)),
        Column(_("State"), orders=("state",)),
        Column(_("Last answer")),
        Column(_("Once more"), act=True),
    ]

    def row(delivery: Delivery) -> list[Any]:
        return _row(request, endpoint, delivery)

    rows = Rows(
        "deliveries",
        found,
        columns,
        row,
        empty=_("Nothing was sent yet."),
        form=find,
        per_page=PER_PAGE,
    )
    context = {
        "partner": endpoint.partner,
        "endpoint": endpoint,
        "kinds": [KINDS.get(kind, kind) for kind in endpoint.kinds],
        "form": form,
    }
    return lists.answer(
        request, "partner/webhook.html", rows, context, subject=endpoint, status=status
    )


def _row(request: HttpRequest, endpoint: Endpoint, delivery: Delivery) -> list[Any]:
    event = delivery.event
    attempts = list(delivery.attempts.all())
    return [
        KINDS.get(event.kind, _("Test")),
        event.reference,
        numbers.moment(event.at),
        delivery.get_state_display(),
        _answer(attempts[-1].status, attempts[-1].problem) if attempts else _("none yet"),
        _again(request, endpoint, delivery),
    ]


def _answer(status: int | None, problem: str) -> str:
    return str(status) if status is not None else str(NO_ANSWERS.get(problem, problem))


def _again(request: HttpRequest, endpoint: Endpoint, delivery: Delivery) -> str:
    """A button that sends one delivery once more; none while it waits or the address ended."""
    if endpoint.ended_at is not None or delivery.state == Delivery.State.WAITING:
        return ""
    send = _("Send")
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><button class="utrecht-button utrecht-button--subtle" type="submit" '
        'name="delivery" value="{}" aria-label="{}">{}</button></form>',
        reverse("partner:webhook-anew", args=[endpoint.partner_id, endpoint.pk]),
        get_token(request),
        delivery.pk,
        f"{send} {delivery.event.reference or delivery.event_id}",
        send,
    )


def _form(request: HttpRequest, partner: Partner, form: forms.Form, title: str) -> HttpResponse:
    context = {"partner": partner, "form": form, "title": title, "of_webhooks": True}
    return render(request, "partner/form.html", context)


def _shown(request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    context = {"partner": endpoint.partner, "endpoint": endpoint, "secret": secret}
    return render(request, "partner/webhook_secret.html", context)
