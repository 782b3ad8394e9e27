"""Places to learn at work, the first steps that people ask for, and the groups of one start."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allocation.decisions import peers
from budgetpool.audit import trail
from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Fund
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.answer_fields import PhoneField, PlainDateField
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.refusals import Refusal
from budgetpool.register.codes import Sector
from budgetpool.register.models import Edition
from workers.around import first_steps as services
from workers.counter import hosts as hosts_
from workers.models import Companion, FirstStep, Host

PAGE = 25


class SearchForm(forms.Form):
    """Words of a place or of who is meant; each list says of what."""

    words = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=80)

    mark_optional = False


class HostForm(forms.Form):
    """A place that takes people in, with somebody to call."""

    name = forms.CharField(
        label=gettext_lazy("Name of the place"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    municipality = forms.CharField(
        label=gettext_lazy("Municipality"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the municipality.")},
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Kind of work"),
        choices=[("", gettext_lazy("Choose")), *Sector.choices],
        error_messages={"required": gettext_lazy("Choose the kind of work.")},
    )
    about = forms.CharField(
        label=gettext_lazy("What can somebody learn there?"),
        max_length=500,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write at least one sentence.")},
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    contact_phone = PhoneField(label=gettext_lazy("Phone number"), required=False, max_length=30)
    contact_email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    has_trial_day = forms.BooleanField(label=gettext_lazy("A day to look along"), required=False)
    has_weeks = forms.BooleanField(
        label=gettext_lazy("Some weeks of learning at work"), required=False
    )
    has_gap_year = forms.BooleanField(label=gettext_lazy("A gap year as a trainee"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("contact_phone") and not data.get("contact_email"):
            self.add_error("contact_phone", _("Write a phone number or an e-mail address."))
        if not any(data.get(name) for name in ("has_trial_day", "has_weeks", "has_gap_year")):
            self.add_error("has_trial_day", _("Tick what this place offers."))
        return data


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def hosts(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The list of places, and a form to add one."""
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hosts_.add(adviser=person(request), region=fund.region, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("Added."))
            return redirect("adviser:hosts", fund.region.slug)
    find, words = _words(request)
    found = hosts_.open_in(fund.region).filter(
        Q(name__icontains=words) | Q(municipality__icontains=words) | Q(about__icontains=words)
    )
    columns = [
        Column(_("Name of the place"), orders=("name",)),
        Column(_("Municipality"), orders=("municipality",)),
        Column(_("Sector"), orders=("sector",)),
        Column(_("What can somebody learn there?"), long=True),
        Column(_("Contact")),
        Column(_("Phone number")),
        Column(_("E-mail address")),
    ]
    rows = Rows("places", found, columns, _host, form=find, per_page=PAGE)
    context = {"fund": fund, "region": fund.region, "form": form}
    return lists.answer(
        request,
        "adviser/hosts.html",
        rows,
        context,
        subject=fund,
        region_code=fund.region.code,
    )


@require_POST
@seat_required("adviser")
def close_host(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Nobody can ask this place any more."""
    host = hosts_.open_in(fund.region).filter(pk=pk).first()
    if host is None:
        raise Http404
    hosts_.close(adviser=person(request), host=host)
    messages.success(request, _("Nobody can ask this place any more."))
    return redirect("adviser:hosts", fund.region.slug)


class AgreeForm(forms.Form):
    """The first day that was agreed with the contact."""

    begins_on = PlainDateField(
        label=gettext_lazy("First day"),
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write the first day."),
            "invalid": gettext_lazy("Write the date like this: 01-03-2027."),
        },
    )


@require_GET
@seat_required("adviser")
def first_steps(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Who asked for a first step; each name that is shown was looked at."""
    find, words = _words(request)
    found = services.waiting(fund.region).filter(
        Q(worker__name__icontains=words) | Q(host__name__icontains=words)
    )
    columns = [
        Column(_("Name"), orders=("worker__name",)),
        Column(_("Name of the place"), orders=("host__name",)),
        Column(_("Kind"), orders=("kind",)),
        Column(_("Asked"), orders=("asked_at",)),
        Column(_("First day"), orders=("begins_on",)),
    ]
    asked = Rows(
        "first-steps",
        found,
        columns,
        _step,
        form=find,
        per_page=PAGE,
        look=partial(_look, request, fund),
    )
    if lists.wants_sheet(request):
        return lists.sheet(request, asked, subject=fund, region_code=fund.region.code)
    listed = lists.of(request, asked)
    rows = [
        (step, AgreeForm(initial={"begins_on": step.begins_on}, auto_id=f"id_{step.pk}_%s"))
        for step in listed.shown
    ]
    context = {"fund": fund, "region": fund.region, "rows": rows, "list": listed}
    return render(request, "adviser/first_steps.html", context)


@require_POST
@seat_required("adviser")
def first_step(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Agree on the first day, or stop it because the place cannot."""
    step = services.waiting(fund.region).filter(pk=pk).first()
    if step is None:
        raise Http404
    try:
        if "stop" in request.POST:
            services.stop(actor=person(request), step=step)
            messages.success(request, _("This step is stopped. Tell the person why."))
        else:
            _agree(request, step)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except Refusal as refused:
        messages.error(request, say(refused))
    return redirect("adviser:first-steps", fund.region.slug)


def _agree(request: HttpRequest, step: FirstStep) -> None:
    form = AgreeForm(request.POST)
    if not form.is_valid():
        raise ValidationError([str(text) for text in form.errors["begins_on"]])
    services.agree(adviser=person(request), step=step, begins_on=form.cleaned_data["begins_on"])
    messages.success(request, _("Agreed. The person gets a message with the day and the contact."))


class GroupForm(forms.Form):
    """Who leads a group, and where it meets."""

    leader = forms.ModelChoiceField(
        label=gettext_lazy("A buddy who leads it"),
        queryset=Companion.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    meeting = forms.CharField(
        label=gettext_lazy("Where and when do they meet?"),
        required=False,
        max_length=300,
        validators=[refuse_bsn],
    )

    def __init__(self, *args: Any, fund: Fund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leader"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Companion.objects.filter(region=fund.region, is_active=True)


@require_GET
@seat_required("adviser")
def groups(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The starts that people joined a group of: how many, never who."""
    find, words = _words(request)
    found = [
        start
        for start in peers.starts(fund.region)
        if words.casefold() in f"{start.edition.training.title}\n{_school(start)}".casefold()
    ]
    columns = [
        Column(_("Training")),
        Column(_("School")),
        Column(_("Start")),
        Column(_("People"), numeric=True),
        Column(_("Where and when do they meet?"), long=True),
    ]
    asked = Rows("groups", found, columns, _start, form=find, per_page=PAGE)
    if lists.wants_sheet(request):
        return lists.sheet(request, asked, subject=fund, region_code=fund.region.code)
    listed = lists.of(request, asked)
    rows = [
        (
            start,
            GroupForm(
                fund=fund,
                initial={
                    "leader": start.group.leader_id if start.group else None,
                    "meeting": start.group.meeting if start.group else "",
                },
                auto_id=f"id_{start.edition.pk}_%s",
            ),
        )
        for start in listed.shown
    ]
    context = {"fund": fund, "region": fund.region, "rows": rows, "list": listed}
    return render(request, "adviser/groups.html", context)


@require_POST
@seat_required("adviser")
def group(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Let a buddy lead the group of one start."""
    edition = Edition.objects.filter(pk=pk).first()
    form = GroupForm(request.POST, fund=fund)
    if edition is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for row in form.errors.values() for text in row))
        return redirect("adviser:groups", fund.region.slug)
    try:
        peers.arrange(
            adviser=person(request), region=fund.region, edition=edition, **form.cleaned_data
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("It is saved."))
    return redirect("adviser:groups", fund.region.slug)


def _words(request: HttpRequest) -> tuple[SearchForm, str]:
    form = SearchForm(request.GET)
    return form, form.cleaned_data["words"].strip() if form.is_valid() else ""


def _look(request: HttpRequest, fund: Fund, steps: list[FirstStep]) -> None:
    """Each name that is shown was looked at."""
    for step in steps:
        trail.record(
            actor=person(request),
            action="worker.seen",
            subject=step.worker,
            region_code=fund.region.code,
        )


def _host(host: Host) -> list[object]:
    return [
        host.name,
        host.municipality,
        host.get_sector_display(),
        host.about,
        host.contact_name,
        host.contact_phone,
        host.contact_email,
    ]


def _step(step: FirstStep) -> list[object]:
    return [
        step.worker.name,
        step.host.name,
        step.get_kind_display(),
        numbers.day(step.asked_at),
        numbers.day(step.begins_on) if step.begins_on else "",
    ]


def _school(start: peers.Start) -> str:
    return start.edition.training.provider.name


def _start(start: peers.Start) -> list[object]:
    return [
        start.edition.training.title,
        _school(start),
        numbers.day(start.edition.starts_on),
        start.members,
        start.group.meeting if start.group else "",
    ]
