"""The board's rounds: the list, a new one, one round in six steps, and the steps themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocation import rounds as services
from allocation.errors import AllocationError
from allocation.models import Round
from budgetpool.fund.ledger import LedgerError
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.access import person, proof_url, proven_just_now, seat_required
from budgetpool.portals.board import jobs, rounds, steps, words
from budgetpool.portals.board.forms import RoundForm
from budgetpool.portals.components import policy
from budgetpool.portals.treasurer import pools
from workers import windows

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@seat_required(Seat.Role.BOARD)
def home(request: HttpRequest, fund: Fund) -> HttpResponse:
    """All rounds, and what to do now."""
    listed = list(rounds.of_fund(fund))
    member = person(request)
    busy = [r for r in listed if r.status not in (Round.Status.FINISHED, Round.Status.CANCELLED)]
    todo = [(r, rounds.next_step(r, member)) for r in busy]
    context = {
        "fund": fund,
        "rounds": [(r, rounds.BADGES[Round.Status(r.status)]) for r in listed],
        "todo": [(r, step) for r, step in todo if step.url and r.status != "published"][:3],
    }
    return render(request, "board/home.html", context)


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
    return render(request, "board/round_form.html", {"fund": fund, "form": form})


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def change_round(request: HttpRequest, fund: Fund, code: str) -> HttpResponse:
    """Change a draft."""
    shown = rounds.find(fund, code)
    names = ("ceiling", "reserve", "policy", "seed_source")
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        fund=fund,
        is_change=True,
        initial={name: getattr(shown, name) for name in names} | pools.initial(shown),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                round=shown,
                member=person(request),
                pools=pools.chosen(form.cleaned_data, fund),
                **{n: form.cleaned_data[n] for n in names},
            )
        except (AllocationError, ValidationError) as error:
            form.add_error(None, told(error))
        else:
            messages.success(request, _("The draft is changed."))
            return redirect("board-round", fund.region.slug, code)
    return render(request, "board/round_form.html", {"fund": fund, "form": form, "round": shown})


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
    except (AllocationError, LedgerError, ValidationError) as error:
        form.add_error(None, told(error))
        return _page(request, rounds.find(fund, code), verb, form)
    messages.success(request, done)
    # Long work shows how far it is; that page leads back here when it is over.
    page = "board-work" if verb in steps.LONG else "board-round"
    return redirect(page, fund.region.slug, code)


def told(error: AllocationError | LedgerError | ValidationError) -> Any:
    """A refusal of a service in words, whichever layer it came from."""
    if isinstance(error, AllocationError):
        return words.refusal(error)
    if isinstance(error, ValidationError):
        return error.messages
    return _("The books do not allow this: %(error)s") % {"error": error}


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
        "under_way": jobs.active(shown),
        "stopped": jobs.stopped(shown),
        **rounds.comparison(shown),
    }
    return render(request, "board/round.html", context, status=422 if form else 200)


def _draft(form: RoundForm, fund: Fund, request: HttpRequest) -> Round | None:
    data = form.cleaned_data
    opens_at, closes_at = form.moments()
    member = person(request)
    try:
        # The window and its round are one thing to the board: both are made, or neither.
        with transaction.atomic():
            window = windows.announce(
                actor=member,
                fund=fund,
                code=data["code"],
                opens_at=opens_at,
                closes_at=closes_at,
            )
            return services.draft(
                window=window,
                policy=data["policy"],
                ceiling=data["ceiling"],
                reserve=data["reserve"],
                seed_source=data["seed_source"],
                member=member,
                pools=pools.chosen(data, fund),
            )
    except (AllocationError, ValidationError) as error:
        form.add_error(None, told(error))
        return None
