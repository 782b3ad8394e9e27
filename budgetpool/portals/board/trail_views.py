"""For a region's administrator: the trail with its search, and the people who are known."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from django import forms
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from allocation.models import Award, Decision, Objection
from budgetpool.audit import reading, trail
from budgetpool.audit.models import AuditEvent
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components import lists, numbers, trail_words
from budgetpool.portals.components.fields import day_field
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.tables import Column
from workers.counter import desk
from workers.models import TrainingRequest, Worker

# How far back the trail is shown unless a day is asked for.
DAYS: Final = 30
PER_PAGE: Final = 25
OURS: Final = ("allocation", "api", "audit", "bank", "employers", "fund", "register", "workers")


def _kinds() -> list[tuple[str, str]]:
    """What a step can be done to, by its name."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    named = [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models]
    return sorted(named, key=lambda pair: pair[1].casefold())


class TrailForm(forms.Form):
    """Who did what, when, and to whom."""

    mark_optional = False
    who = forms.CharField(
        label=gettext_lazy("Who did it"),
        required=False,
        max_length=100,
    )
    whom = forms.CharField(
        label=gettext_lazy("About whom"),
        help_text=gettext_lazy("R-0412 or W-12"),
        required=False,
        max_length=20,
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            ("looks", _("Looks at a file")),
            ("steps", _("What changed something")),
        ],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("About what"),
        required=False,
        choices=lambda: [("", _("All")), *_kinds()],
    )
    since = day_field(gettext_lazy("From"), "", required=False)
    until = day_field(gettext_lazy("Up to and including"), "", required=False)

    def clean_whom(self) -> str:
        text: str = self.cleaned_data["whom"].strip().upper()
        if text and (text[:2] not in ("R-", "W-") or key_of(text[2:]) is None):
            raise forms.ValidationError(_("Write the number like this: R-0412 or W-12."))
        return text


class PeopleForm(forms.Form):
    """Somebody who said their name."""

    mark_optional = False
    words = forms.CharField(
        label=gettext_lazy("Name or e-mail address"),
        help_text=gettext_lazy("At least three letters. The whole e-mail address."),
        required=False,
        max_length=100,
    )


@require_safe
@seat_required(Seat.Role.ADMINISTRATOR)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The trail of the region; who looks at it or searches in it stands in it, too.

    Whoever is looked for by a number reads that on their own page. What was typed to find who did
    something is not kept: it may be anybody's name.
    """
    today = timezone.localdate()
    form = TrailForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    since = wanted.get("since") or today - timedelta(days=DAYS)
    until = wanted.get("until") or today
    found = AuditEvent.objects.none()
    if form.is_valid():
        subjects = _note(request, fund, wanted)
        found = reading.of_region(
            fund.region.code,
            since=since,
            until=until,
            who=wanted["who"].strip(),
            looks={"looks": True, "steps": False}.get(wanted["what"]),
            kind=wanted["kind"],
            subjects=subjects,
        )
    columns = [
        Column(_("When"), orders=("at",)),
        Column(_("Who did it"), orders=("actor__name", "at")),
        Column(_("What"), orders=("action", "at")),
        Column(_("About what"), orders=("subject_type", "at")),
    ]
    return lists.answer(
        request,
        "board/trail.html",
        Rows("trail", found, columns, _row, form=form, empty=_("Nothing found.")),
        {"fund": fund, "since": since, "until": until, "form": form},
        subject=fund.region,
        region_code=fund.region.code,
        status=422 if form.errors else 200,
    )


@require_safe
@seat_required(Seat.Role.ADMINISTRATOR)
def people(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Who is known in the region, by the name that they said; each who is shown was looked at."""
    form = PeopleForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    found = desk.found(fund.region, words).select_related("user").prefetch_related("requests")
    columns = [
        Column(_("Name"), orders=("name",)),
        Column(_("Number")),
        Column(_("E-mail address"), orders=("email",)),
        Column(_("Phone number")),
        Column(_("Can sign in")),
        Column(_("Requests")),
        Column(_("To do"), act=True),
    ]

    def row(worker: Worker) -> list[object]:
        url = reverse("board-trail", args=[fund.region.slug], query={"whom": f"W-{worker.pk}"})
        requests = sorted(worker.requests.all(), key=lambda one: one.pk)
        return [
            worker.name,
            f"W-{worker.pk}",
            worker.email or "–",
            worker.phone or "–",
            _("yes") if worker.user_id else _("no"),
            ", ".join(f"{one.reference} ({one.get_status_display()})" for one in requests) or "–",
            format_html(
                '<a href="{}">{}<span class="bp-hidden">: {}</span></a>',
                url,
                _("Who looked"),
                worker.name,
            ),
        ]

    if words.strip():
        trail.record(
            actor=person(request),
            action="worker.searched",
            subject=fund.region,
            region_code=fund.region.code,
            found=found.count(),
        )
    rows = Rows(
        "people",
        found,
        columns,
        row,
        empty=_("Nothing found.") if words.strip() else _("Write a name or an e-mail address."),
        form=form,
        per_page=PER_PAGE,
        look=partial(_look, request, fund),
    )
    return lists.answer(
        request,
        "board/people.html",
        rows,
        {"fund": fund},
        subject=fund.region,
        region_code=fund.region.code,
    )


def _note(request: HttpRequest, fund: Fund, wanted: dict[str, Any]) -> list[tuple[str, str]] | None:
    """Write down that the trail is looked at; gives what a number means, None without one."""
    noted: dict[str, Any] = {"subject": fund.region, "region_code": fund.region.code}
    whom = wanted["whom"]
    if not (whom or wanted["who"]):
        trail.record(actor=person(request), action="trail.seen", **noted)
        return None
    by_name = bool(wanted["who"])
    trail.record(
        actor=person(request), action="trail.searched", by_name=by_name, whom=whom, **noted
    )
    if not whom:
        return None
    key = key_of(whom[2:])
    assert key is not None, "the form took it"
    workers = Worker.objects.filter(region=fund.region)
    requests = TrainingRequest.objects.filter(worker__region=fund.region)
    if whom.startswith("W-"):
        workers, requests = workers.filter(pk=key), requests.filter(worker=key)
        found = [("workers.worker", str(worker.pk)) for worker in workers]
    else:
        workers, requests = workers.filter(requests=key), requests.filter(pk=key)
        found = []
    _look(request, fund, list(workers))
    return found + _about(list(requests.values_list("pk", flat=True)))


def _about(keys: list[int]) -> list[tuple[str, str]]:
    """What stands in the trail of these requests."""
    found = [("workers.trainingrequest", str(one)) for one in keys]
    for model, path in (
        (Decision, "request"),
        (Award, "request"),
        (Objection, "decision__request"),
    ):
        rows = model._default_manager.filter(**{f"{path}__in": keys})
        found += [(model._meta.label_lower, str(one)) for one in rows.values_list("pk", flat=True)]
    return found


def _row(event: AuditEvent) -> list[object]:
    return [
        numbers.moment(event.at),
        event.actor.name if event.actor else _("by itself"),
        trail_words.step(event),
        trail_words.subject(event),
    ]


def _look(request: HttpRequest, fund: Fund, shown: list[Worker]) -> None:
    for worker in shown:
        trail.seen(
            actor=person(request),
            subject=worker,
            why="administration",
            region_code=fund.region.code,
        )
