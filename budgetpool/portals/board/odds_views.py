"""The chance of people who ask the same, as it was before the public draw."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from allocation.models import OddsClass
from allocation.rounds import odds
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board import rounds
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components.lists import Cents, Rows
from budgetpool.portals.components.tables import Column

PER_PAGE = 25
MILLION = 1_000_000
# Where a chance is none or certain it tells the outcome: who has the file does not judge unseen.
EXPORTED = "odds.exported"


class OddsForm(forms.Form):
    """Which classes to show."""

    mark_optional = False
    words = forms.CharField(
        label=gettext_lazy("Training or school"), required=False, max_length=100
    )


@require_safe
@seat_required(Seat.Role.BOARD)
def listing(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """The classes of a round with their chance; not for whoever has an own interest in it."""
    shown = rounds.find(fund, code)
    if rounds.own(shown, person(request)):
        raise Http404
    found = odds.newest(shown)
    context: dict[str, Any] = {"fund": fund, "round": shown, "odds": found}
    if found is None:
        return render(request, "board/odds.html", context)
    form = OddsForm(request.GET)
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    classes = found.rows.order_by("number")
    columns = [
        Column(_("What each of them asks"), long=True),
        Column(_("Costs of the first choice"), numeric=True, orders=("amount_cents", "number")),
        Column(_("Points"), numeric=True, orders=("points", "number")),
        Column(_("People"), numeric=True, orders=("members", "number")),
        Column(_("How many get a training")),
        Column(_("Chance"), numeric=True, orders=("chance_millionths", "number")),
        Column(_("How counted"), orders=("basis", "number")),
    ]
    rows = Rows(
        f"odds-{shown.code}",
        classes.filter(words__icontains=words) if words else classes,
        columns,
        _row,
        empty=_("Nothing found."),
        form=form,
        per_page=PER_PAGE,
        exported=EXPORTED,
    )
    context["is_old"] = odds.is_old(found)
    return lists.answer(
        request,
        "board/odds.html",
        rows,
        context,
        subject=shown,
        region_code=fund.region.code,
    )


def in_words(one: OddsClass) -> str:
    """A chance as people say it: of how many how many get a training."""
    if one.basis == OddsClass.Basis.EXACT:
        some, of = one.served, one.members
        return _("%(some)s of the %(all)s") % {
            "some": numbers.count(some),
            "all": numbers.count(of),
        }
    hundredths = round(one.chance_millionths / 10_000)
    if one.chance_millionths and not hundredths:
        return _("fewer than 1 of every 100")
    if hundredths == 100 and one.chance_millionths < MILLION:
        return _("more than 99 of every 100")
    return _("about %(some)s of every 100") % {"some": numbers.count(hundredths)}


def _row(one: OddsClass) -> list[object]:
    return [
        _asked(one.asked),
        Cents(one.amount_cents),
        one.points,
        numbers.count(one.members),
        in_words(one),
        numbers.percent(one.chance_millionths / MILLION, 1),
        _counted(one),
    ]


def _asked(choices: list[dict[str, Any]]) -> str:
    """The training; of several choices each with its rank and costs."""
    if len(choices) == 1:
        return _title(choices[0])
    return "; ".join(_choice(choice) for choice in choices)


def _choice(choice: dict[str, Any]) -> str:
    facts = {
        "choice": choice["choice"],
        "title": _title(choice),
        "costs": numbers.euros(choice["amount_cents"]),
    }
    return _("%(choice)s: %(title)s, %(costs)s") % facts


def _title(choice: dict[str, Any]) -> str:
    return choice["title"] or _("a training without a date")


def _counted(one: OddsClass) -> str:
    if one.basis == OddsClass.Basis.EXACT:
        return _("exact")
    return _("counted over %(draws)s draws") % {"draws": numbers.count(one.draws)}
