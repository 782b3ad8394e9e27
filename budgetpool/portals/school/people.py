"""The people of a school: a list to search, and one person with what can be done now."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from allocation.decisions import attending, places, proofs
from allocation.lives import AWARD
from allocation.models import Award
from budgetpool.portals.access import person as actor_of
from budgetpool.portals.access import provider_required
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.parts import Fact, badge
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.school import lines
from budgetpool.portals.school.door import person_required
from budgetpool.portals.school.forms import BeginForm, WeekForm
from budgetpool.portals.school.lines import Line
from budgetpool.register.models import Provider

# Each name that is shown was looked at: fewer at once than in other lists.
PER_PAGE = 25


class SearchForm(forms.Form):
    """Words of a name or training, and what has to be done."""

    words = forms.CharField(
        label=gettext_lazy("Name, training or number"), required=False, max_length=80
    )
    state = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        required=False,
        choices=[("", gettext_lazy("Everybody")), *lines.STATES.items()],
    )

    mark_optional = False


@require_safe
@provider_required
def listing(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Who has a place here; each whose name is shown was looked at."""
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    columns = _columns()
    awards = lines.search(lines.people(provider), wanted.get("words", ""))
    found = lines.of(lists.ordered(request, awards, columns))
    if wanted.get("state"):
        found = [line for line in found if line.state == wanted["state"]]
    rows = Rows(
        "people",
        found,
        columns,
        lambda line: _row(line, provider),
        form=form,
        per_page=PER_PAGE,
        look=lambda shown: places.look(
            awards=[line.award for line in shown], actor=actor_of(request)
        ),
    )
    context = {"provider": provider, "unnamed": places.unnamed_count(provider)}
    return lists.answer(request, "school/people.html", rows, context, subject=provider)


def _columns() -> list[Column]:
    return [
        Column(_("Name"), orders=("request__worker__name",)),
        Column(_("Number"), orders=("request",)),
        Column(_("Training"), orders=("choice__training__title",)),
        Column(_("Start"), orders=("starts_now",)),
        Column(_("State")),
    ]


def _row(line: Line, provider: Provider) -> list[object]:
    """One person; the name leads to their page, and the state has its colour."""
    award = line.award
    url = reverse("school:person", args=[provider.pk, award.pk])
    return [
        format_html('<a href="{}">{}</a>', url, award.request.worker.name),
        award.request.reference,
        line.edition.training.title if line.edition else award.choice.title,
        numbers.day(line.edition.starts_on) if line.edition else "",
        badge(line.words, line.kind),
    ]


@require_safe
@person_required
def person(request: HttpRequest, provider: Provider, award: Award) -> HttpResponse:
    """One person: how to reach them, where they stand, and the one thing to do now."""
    places.look(awards=[award], actor=actor_of(request))
    return show(request, provider, award)


def show(
    request: HttpRequest, provider: Provider, award: Award, form: forms.Form | None = None
) -> HttpResponse:
    """The page of one person, perhaps with a form that was sent with errors."""
    [line] = lines.of([award])
    today = timezone.localdate()
    begin = BeginForm(initial={"started_on": line.edition.starts_on if line.edition else None})
    week = WeekForm(initial={"week_of": today})
    context = {
        "provider": provider,
        "award": award,
        "line": line,
        "facts": _facts(line),
        "form": form,
        "begin": form if isinstance(form, BeginForm) else begin,
        "week": form if isinstance(form, WeekForm) else week,
        "weeks": _weeks(award),
        "percent": attending.percent(award),
        "running": award.status in AWARD.before("move"),
        "proof": proofs.latest(award),
    }
    return render(request, "school/person.html", context, status=422 if form else 200)


def _facts(line: Line) -> list[Fact]:
    worker, edition = line.award.request.worker, line.edition
    rows: list[tuple[str, Any]] = [
        (_("Number"), line.award.request.reference),
        (_("Training"), edition.training.title if edition else line.award.choice.title),
        (_("Start"), numbers.day(edition.starts_on) if edition else _("no fixed day")),
        (_("Where"), edition.place if edition else ""),
        (_("E-mail address"), worker.email),
        (_("Phone number"), worker.phone),
        (_("First lesson"), numbers.day(line.award.started_on) if line.award.started_on else ""),
    ]
    return [Fact(name, value) for name, value in rows if value]


def _weeks(award: Award) -> Table:
    columns = [
        Column(_("Week of")),
        Column(_("Lessons"), numeric=True),
        Column(_("Was there"), numeric=True),
    ]
    rows = [
        [numbers.day(week.week_on), week.lessons_count, week.there_count]
        for week in award.weeks.all()
    ]
    return Table(columns, rows, caption=_("Lessons per week"))
