"""A neutral look: one case after another, without what the rule proposes for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from allocation.models import BlindJudgement, Round
from allocation.rounds import blind
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board import rounds
from budgetpool.portals.board.request_views import choices_of, facts_of
from budgetpool.portals.components import numbers
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.refusals import Refusal
from budgetpool.users.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@seat_required(Seat.Role.BOARD)
def look(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """Judge the next case by its facts alone; after the last, see how often the rule agreed."""
    shown, member = rounds.find(fund, code), person(request)
    if request.method == "POST":
        return _judged(request, shown, member)
    is_open = blind.is_possible(shown)
    case, left = blind.show(shown, member) if is_open else (None, 0)
    given = blind.of(shown).filter(member=member).count()
    context = {
        "fund": fund,
        "round": shown,
        "is_open": is_open,
        "case": case,
        "number": given + 1,
        "total": given + left,
        "answers": BlindJudgement.Answer.choices,
        "results": None if case else _results(shown, member),
        "agreement": None if case else blind.agreement(shown),
    }
    if case:
        context |= {"facts": facts_of(case, None), "choices": choices_of(case)}
    return render(request, "board/look.html", context)


def _judged(request: HttpRequest, shown: Round, member: User) -> HttpResponse:
    answer = request.POST.get("answer", "")
    if answer not in BlindJudgement.Answer.values:
        messages.error(request, _("Press one of the three buttons."))
    else:
        try:
            key = key_of(request.POST.get("case", "")) or 0
            blind.judge(round=shown, request=key, member=member, answer=answer)
        except Refusal as refused:
            messages.error(request, say(refused))
    return redirect("board-look", shown.fund.region.slug, shown.code)


def _results(shown: Round, member: User) -> Table | None:
    """What this member said beside what the proposal decides, once there is one."""
    rows = blind.beside_the_proposal(shown, member)
    if not rows:
        return None
    return Table(
        [
            Column(_("Case"), numeric=True),
            Column(_("Request")),
            Column(_("What you said")),
            Column(_("Proposal")),
        ],
        [
            [
                numbers.count(number),
                given.request.reference,
                given.get_answer_display(),
                _("Yes") if awarded else _("No"),
            ]
            for number, (given, awarded) in enumerate(rows, start=1)
        ],
    )
