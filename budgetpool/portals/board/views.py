"""The board's rounds: the list, a new one, one round in six steps, and the steps themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocation import rounds as services
from allocation.models import Round
from allocation.rounds import blind, odds
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, proof_url, proven_just_now, seat_required
from budgetpool.portals.board import decision_record, inbox, jobs, rounds, steps
from budgetpool.portals.board.forms import ROUND_FIELDS, RoundForm, initial
from budgetpool.portals.components import check_files, policy, pools, waits
from budgetpool.portals.components.refusals import refuse, say
from budgetpool.refusals import Refusal

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@seat_required(Seat.Role.BOARD)
def home(request: HttpRequest, fund: Fund) -> HttpResponse:
    """All rounds, and what to do now."""
    waiting = waits.inbox(inbox.of(fund, person(request)))
    waits.note(request, waits.desk_key("board", fund), waiting)
    context = {
        "fund": fund,
        "rounds": [(r, rounds.BADGES[Round.Status(r.status)]) for r in rounds.of_fund(fund)],
        "inbox": waiting,
    }
    return render(request, "board/home.html", context)


@require_safe
@seat_required(Seat.Role.BOARD)
def exact_lines(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """The exact lines of a published round, to hand to the auditor; that it was taken is kept.

    Whoever has an own interest in the round does not get them.
    """
    shown = rounds.find(fund, code)
    if shown.published_at is None or rounds.own(shown, person(request)):
        raise Http404
    trail.record(
        actor=person(request),
        action="round.exact_lines_taken",
        subject=shown,
        region_code=fund.region.code,
    )
    answer = HttpResponse(check_files.for_auditor(shown), content_type="application/zip")
    name = f"budgetpool-{fund.region.slug}-{code}-exact.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@seat_required(Seat.Role.BOARD)
def record(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """The record of the decision as a PDF, once the round is published; that it was taken is kept.

    Whoever has an own interest in the round does not get it: it names requests.
    """
    shown = rounds.find(fund, code)
    if shown.published_at is None or rounds.own(shown, person(request)):
        raise Http404
    trail.record(
        actor=person(request),
        action="round.record_taken",
        subject=shown,
        region_code=fund.region.code,
    )
    answer = HttpResponse(decision_record.on_paper(shown), content_type="application/pdf")
    name = f"budgetpool-{fund.region.slug}-{code}-record.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def new_round(request: HttpRequest, fund: Fund) -> HttpResponse:
    """Draft a round with its window; no money moves and nobody can ask yet."""
    form = RoundForm(request.POST if request.method == "POST" else None, fund=fund)
    if request.method == "POST" and form.is_valid():
        made = _draft(form, fund, request)
        if made is not None:
            messages.success(request, _("The draft is saved. Nobody outside the board sees it."))
            return redirect("board-round", fund.region.slug, made.code)
    context = {"fund": fund, "form": form, "pot": rounds.pot_figures(form.pot)}
    return render(request, "board/round_form.html", context)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def change_round(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """Change a draft."""
    shown = rounds.find(fund, code)
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        fund=fund,
        draft=shown,
        initial=initial(shown) | pools.initial(shown),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change(round=shown, member=person(request), **form.values())
        except (Refusal, ValidationError) as error:
            refuse(form, error, ROUND_FIELDS)
        else:
            messages.success(request, _("The draft is changed."))
            return redirect("board-round", fund.region.slug, code)
    context = {"fund": fund, "form": form, "round": shown, "pot": rounds.pot_figures(form.pot)}
    return render(request, "board/round_form.html", context)


@require_safe
@seat_required(Seat.Role.BOARD)
def round(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """One round in six steps."""
    return _page(request, rounds.find(fund, code))


@require_POST
@seat_required(Seat.Role.BOARD)
def take_step(request: HttpRequest, fund: Fund, code: str, verb: str) -> HttpResponse:
    """Take one step; what is refused is said above its form."""
    if verb not in steps.FORMS:
        raise Http404
    shown = rounds.find(fund, code)
    if verb in steps.RISKY and not proven_just_now(request):
        return redirect(proof_url(steps.page_of(shown, verb)))
    form: Any = steps.form_of(verb, shown, request.POST)
    if not form.is_valid():
        return _page(request, shown, verb, form)
    data = dict(form.cleaned_data)
    if verb == "compute":
        data["variation"] = form.variation()
    try:
        done = steps.take(verb, round=shown, member=person(request), data=data)
    except (Refusal, ValidationError) as error:
        form.add_error(None, say(error))
        return _page(request, rounds.find(fund, code), verb, form)
    messages.success(request, done)
    # Long work shows how far it is; that page leads back here when it is over.
    page = "board-work" if verb in steps.LONG else "board-round"
    shown.refresh_from_db(fields=["code"])  # A cancelled round leaves its name to a new one.
    return redirect(page, fund.region.slug, shown.code)


def _page(
    request: HttpRequest, shown: Round, verb: str = "", form: forms.Form | None = None
) -> HttpResponse:
    member = person(request)
    possible = steps.possible(shown, member)
    if verb and verb not in possible:
        possible.append(verb)
    context = {
        "fund": shown.fund,
        "round": shown,
        "badge": rounds.BADGES[Round.Status(shown.status)],
        "life": rounds.life(shown),
        "own_interest": rounds.own(shown, member),
        "figures": rounds.figures(shown),
        "levers": policy.levers(shown.policy.rules),
        "next": rounds.next_step(shown, member),
        "steps": [
            steps.show(v, shown, form if v == verb else None, proven=proven_just_now(request))
            for v in possible
        ],
        "form": form,
        "signatures": shown.signatures.filter(withdrawn_at__isnull=True).select_related("signer"),
        "adjustments": shown.adjustments.filter(withdrawn_at__isnull=True).count(),
        "is_divided": shown.closed_at is not None,
        "has_odds": odds.newest(shown) is not None,
        "can_look": blind.is_possible(shown),
        "waiting": rounds.waiting(shown, member),
        "draw_form": rounds.draw_form(shown),
        "under_way": jobs.active(shown),
        "stopped": jobs.stopped(shown),
        **rounds.comparison(shown),
    }
    return render(request, "board/round.html", context, status=422 if form else 200)


def _draft(form: RoundForm, fund: Fund, request: HttpRequest) -> Round | None:
    try:
        return services.plan(
            fund=fund, code=form.cleaned_data["code"], member=person(request), **form.values()
        )
    except (Refusal, ValidationError) as error:
        refuse(form, error, ROUND_FIELDS)
        return None
