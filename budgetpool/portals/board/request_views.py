"""Single requests of a round: why, what else, and the board's own decision on one."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from allocation import rounds as services
from allocation.models import Adjustment, Consent, Round, Scenario, Verdict
from allocation.rounds import four_eyes, steps, verdicts
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board import listing as requests_of
from budgetpool.portals.board import rounds
from budgetpool.portals.board import steps as board_steps
from budgetpool.portals.board.forms import AdjustForm
from budgetpool.portals.components import groups, numbers
from budgetpool.portals.components.divisions import label
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column, Table
from budgetpool.refusals import Refusal
from workers.models import TrainingRequest


@dataclass(frozen=True)
class Asked:
    """What one member wants to decide on a request, and whether that is who looks."""

    kind: str
    consent: Consent
    is_own: bool


@require_safe
@seat_required(Seat.Role.BOARD)
def detail(request: HttpRequest, fund: Fund, code: str, pk: int) -> HttpResponse:
    """One request: its facts, what each scenario decides, and the board's own decision."""
    shown = rounds.find_bare(fund, code)
    return _detail(request, shown, _request(request, shown, pk, _shown()))


@require_POST
@seat_required(Seat.Role.BOARD)
def adjust(request: HttpRequest, fund: Fund, code: str, pk: int) -> HttpResponse:
    """Give or withhold a request, or take that back."""
    shown = rounds.find(fund, code)
    asked = _request(request, shown, pk)
    standing = _standing(shown, asked)
    if "withdraw" in request.POST and standing:
        try:
            back = services.withdraw_adjustment(adjustment=standing, member=person(request))
        except Refusal as error:
            messages.error(request, say(error))
        else:
            done = _("The decision is taken back. Compute the scenarios again.")
            messages.success(request, done if back.withdrawn_at else board_steps.asked_first())
        return redirect("board-request", fund.region.slug, code, pk)
    if "agree" in request.POST:
        return _agree(request, shown, asked)
    form = AdjustForm(request.POST)
    if not form.is_valid():
        return _detail(request, shown, asked, form)
    try:
        made = services.adjust(
            round=shown, request=asked, member=person(request), **form.cleaned_data
        )
    except (Refusal, ValidationError) as error:
        form.add_error(None, say(error))
        return _detail(request, shown, asked, form)
    messages.success(request, _saved(made))
    return redirect("board-request", fund.region.slug, code, pk)


def _agree(request: HttpRequest, shown: Round, asked: TrainingRequest) -> HttpResponse:
    """Say yes to what another member asks, in the words that stood on the page."""
    member = person(request)
    try:
        first = four_eyes.find(shown, "adjust", key_of(request.POST["agree"]))
        made = services.adjust(
            round=shown, request=asked, kind=first.said, reason=first.reason, member=member
        )
    except Refusal as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _saved(made))
    return redirect("board-request", shown.fund.region.slug, shown.code, asked.pk)


def _saved(made: Adjustment | None) -> str:
    if made is None:
        return board_steps.asked_first()
    return _(
        "Saved. Compute a new scenario: it divides the rest again and shows who gains and loses."
    )


@require_POST
@seat_required(Seat.Role.BOARD)
def interest(request: HttpRequest, fund: Fund, code: str, pk: int) -> HttpResponse:
    """Declare an own interest in a request: it is hidden, and the member's vote is gone."""
    shown = rounds.find(fund, code)
    asked = _request(request, shown, pk)
    try:
        services.declare_interest(round=shown, request=asked, member=person(request))
    except Refusal as error:
        messages.error(request, say(error))
        return redirect("board-request", fund.region.slug, code, pk)
    messages.success(
        request, _("Thank you. You do not see this request any more, and you cannot vote.")
    )
    return redirect("board-round", fund.region.slug, code)


def _shown() -> QuerySet[TrainingRequest]:
    """Requests with what their page shows: neither a name nor a moment is read."""
    facts = ("education", "contract", "sector", "training_hours_two_years")
    of_worker = (f"worker__{name}" for name in facts)
    rows = TrainingRequest.objects.select_related("worker").only("goal", *of_worker)
    return rows.with_lines()


def _request(
    request: HttpRequest, round: Round, pk: int, rows: QuerySet[TrainingRequest] | None = None
) -> TrainingRequest:
    """A sent request of the round; 404 also for one in which the member has an interest."""
    sent = (rows if rows is not None else TrainingRequest.objects.with_choices()).filter(
        window=round.window_id, status=TrainingRequest.Status.SUBMITTED
    )
    if pk in access.own_requests(person(request), round):
        raise Http404
    return get_object_or_404(sent, pk=pk)


def _standing(round: Round, asked: TrainingRequest) -> Adjustment | None:
    return round.adjustments.filter(request=asked, withdrawn_at__isnull=True).first()


def _detail(
    request: HttpRequest, shown: Round, asked: TrainingRequest, form: AdjustForm | None = None
) -> HttpResponse:
    trail.record(
        actor=person(request),
        action="request.seen",
        subject=asked,
        region_code=shown.fund.region.code,
    )
    known = rounds.known_by_name(shown)
    decided = verdicts.of_request(known, asked.pk)
    ours = [one for one in known if one.rule == Scenario.Rule.OPTIMISER]
    chosen = [one for one in known if one.pk == shown.proposal_id]
    main = next(reversed(chosen or ours or known), None)
    # Who wants what counts only while the board decides otherwise on requests.
    decides = "adjust" in steps.possible(shown)
    standing = [
        one for one in (four_eyes.standing(shown) if decides else []) if one.request_id == asked.pk
    ]
    line = next((requests_of.Line(asked, o) for s, o in decided if s == main), None)
    can_adjust = decides and not rounds.own(shown, person(request))
    context = {
        "fund": shown.fund,
        "round": shown,
        "asked": asked,
        "line": line,
        "facts": facts_of(asked, line),
        "choices": choices_of(asked),
        "decided": _decided(decided),
        "standing": _standing(shown, asked),
        "asked_first": [
            Asked(
                _("Give") if one.said == Adjustment.Kind.GIVE else _("Withhold"),
                one,
                one.member == person(request),
            )
            for one in standing
            if one.step == Consent.Step.ADJUST
        ],
        "wants_back": [one for one in standing if one.step == Consent.Step.UNDO_ADJUST],
        "can_adjust": can_adjust,
        "can_declare": "declare_interest" in steps.possible(shown),
        "form": form or AdjustForm(),
    }
    return render(request, "board/request.html", context, status=422 if form else 200)


def facts_of(asked: TrainingRequest, line: requests_of.Line | None) -> list[Fact]:
    worker = asked.worker
    facts = [
        Fact(_("Highest diploma"), groups.group("education", worker.education)),
        Fact(_("Contract"), groups.group("contract", worker.contract)),
        Fact(_("Sector of the work"), groups.group("sector", worker.sector)),
        Fact(
            _("Training in the last two years"),
            _("%(hours)s hours") % {"hours": worker.training_hours_two_years or 0},
        ),
        Fact(_("Goal"), asked.goal or "–"),
    ]
    if line is not None:
        facts.insert(0, Fact(_("Points"), numbers.count(line.outcome.points)))
    return facts


def choices_of(asked: TrainingRequest) -> Table:
    return Table(
        [
            Column(_("Choice")),
            Column(_("Training")),
            Column(_("School")),
            Column(_("Start")),
            Column(_("Costs"), numeric=True),
        ],
        [
            [
                numbers.count(choice.rank),
                choice.title,
                choice.provider_name,
                numbers.day(choice.starts_on),
                numbers.euros(choice.amount_cents),
            ]
            for choice in asked.choices.all()
        ],
    )


def _decided(decided: list[tuple[Scenario, Verdict]]) -> Table:
    return Table(
        [Column(_("Way of dividing")), Column(_("Outcome")), Column(_("Why"), long=True)],
        [
            [
                label(scenario),
                _("Yes") if outcome.awarded else _("No"),
                "" if scenario.is_baseline else " ".join(requests_of.why(outcome)),
            ]
            for scenario, outcome in decided
        ],
    )
