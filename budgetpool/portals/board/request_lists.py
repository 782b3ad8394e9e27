"""The requests of a round as a list, and everybody whose outcome another scenario changes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allocation.models import Round, Scenario, Verdict
from allocation.rounds import scenarios
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board import listing as requests_of
from budgetpool.portals.board import rounds
from budgetpool.portals.board.forms import MOVES, FilterForm, MovedForm
from budgetpool.portals.board.listing import Line
from budgetpool.portals.components import lists
from budgetpool.portals.components.divisions import label
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.parts import badge
from budgetpool.portals.components.tables import Column

PER_PAGE = 25
# That somebody took the outcomes along counts: they do not judge unseen any more.
EXPORTED = "requests.exported"
MOVE_BADGES = {"gained": "success", "lost": "error", "other": "neutral"}


@require_safe
@seat_required(Seat.Role.BOARD)
def listing(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """The requests of a round and what a scenario decides about each."""
    shown = rounds.find(fund, code)
    known = rounds.known(shown)
    scenario = _scenario(shown, known, request.GET.get("scenario", ""))
    if scenario is None:
        return render(request, "board/requests.html", {"fund": fund, "round": shown})
    asked = request.GET.copy()
    asked["scenario"] = str(scenario.pk)
    form = FilterForm(asked, scenarios=_names(shown, known))
    wanted = form.cleaned_data if form.is_valid() else {}
    found = requests_of.matching(
        requests_of.outcomes(scenario, person(request)),
        outcome=wanted.get("outcome", ""),
        words=wanted.get("words", ""),
        round=shown,
    )
    columns = [
        Column(_("Request")),
        Column(_("Training")),
        Column(_("School")),
        Column(_("Costs"), numeric=True),
        Column(_("Points"), numeric=True, orders=("points", "neutral")),
        Column(_("Outcome")),
        Column(_("Why"), long=True),
    ]
    context = {"fund": fund, "round": shown, "scenario": scenario}
    rows = _rows(shown, found, columns, _outcome, form)
    return lists.answer(
        request,
        "board/requests.html",
        rows,
        context,
        subject=shown,
        region_code=fund.region.code,
    )


@require_safe
@seat_required(Seat.Role.BOARD)
def difference(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """Everybody who gains, loses or gets something else with one scenario instead of another."""
    shown = rounds.find(fund, code)
    known = rounds.known(shown)
    after = _scenario(shown, known, request.GET.get("after", ""))
    before = _other(shown, known, after, request.GET.get("before", ""))
    context: dict[str, Any] = {"fund": fund, "round": shown, "before": before, "after": after}
    if before is None or after is None:
        return render(request, "board/difference.html", context)
    asked = request.GET.copy()
    asked["before"], asked["after"] = str(before.pk), str(after.pk)
    form = MovedForm(asked, scenarios=_names(shown, known))
    wanted = form.cleaned_data if form.is_valid() else {}
    moved = requests_of.moved(before, after, person(request))
    found = requests_of.matching(moved, words=wanted.get("words", ""), round=shown)
    found = requests_of.moving(found, wanted.get("move", ""))
    columns = [
        Column(_("Request")),
        Column(_("What changes")),
        Column(_("Training")),
        Column(_("School")),
        Column(_("Costs"), numeric=True),
        Column(_("Points"), numeric=True, orders=("points", "neutral")),
    ]

    def row(line: Line) -> list[object]:
        move = line.outcome.move  # type: ignore[attr-defined]
        return [
            _link(shown, line),
            badge(MOVES[move], MOVE_BADGES[move]),
            *_asked(line),
            line.outcome.points,
        ]

    return lists.answer(
        request,
        "board/difference.html",
        _rows(shown, found, columns, row, form, empty=_("Nobody")),
        {**context, "counts": requests_of.counts_of(moved)},
        subject=shown,
        region_code=fund.region.code,
    )


def _outcome(line: Line) -> list[object]:
    return [
        line.request.reference,
        *_asked(line),
        line.outcome.points,
        _("Yes") if line.outcome.awarded else _("No"),
        " ".join([*line.why, *line.what_would_change]),
    ]


def _asked(line: Line) -> list[object]:
    """Training, school and costs of the choice that is awarded, else of the first."""
    choice = line.choice
    if choice is None:
        return ["", "", ""]
    return [choice.title, choice.provider_name, Cents(choice.amount_cents)]


def _link(round: Round, line: Line) -> SafeString:
    url = reverse("board-request", args=[round.fund.region.slug, round.code, line.request.pk])
    return format_html('<a href="{}">{}</a>', url, line.request.reference)


def _rows(
    round: Round,
    found: QuerySet[Verdict],
    columns: list[Column],
    row: lists.Row,
    form: forms.Form,
    empty: str = "",
) -> Rows:
    """All that the filter found; that somebody took it along is written down."""
    return Rows(
        f"requests-{round.code}",
        found,
        columns,
        row,
        empty=empty,
        form=form,
        per_page=PER_PAGE,
        load=requests_of.lines,
        exported=EXPORTED,
    )


def _names(round: Round, known: list[Scenario]) -> list[tuple[str, str]]:
    """Each scenario by its name, with a mark where the board decided on requests since."""
    old = scenarios.outdated(round)
    return [
        (str(one.pk), _("%(name)s (old)") % {"name": label(one)} if one.pk in old else label(one))
        for one in known
    ]


def _scenario(round: Round, known: list[Scenario], key: str) -> Scenario | None:
    """The scenario that is asked for, else the proposal, else the newest by the fund's rule."""
    if (number := key_of(key)) is not None:
        return next((one for one in known if one.pk == number), None)
    ours = [one for one in known if one.rule == Scenario.Rule.OPTIMISER]
    chosen = [one for one in known if one.pk == round.proposal_id]
    return next(reversed(chosen or ours or known), None)


def _other(
    round: Round, known: list[Scenario], after: Scenario | None, key: str
) -> Scenario | None:
    """The scenario to compare with: the one asked for, else another of ours, else an old rule."""
    if key_of(key) is not None:
        return _scenario(round, known, key)
    if after is not None and after.instead_of_id is not None:
        return _scenario(round, known, str(after.instead_of_id))
    others = [one for one in known if one != after]
    ours = [one for one in others if one.rule == Scenario.Rule.OPTIMISER]
    return ours[-1] if ours else next(iter(others), None)
