"""Objections: who handles which, the hearing, the corrected facts, the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from allocation.decisions import objections as services
from allocation.models import Objection
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.keys import key_of
from budgetpool.mail import reasons
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board import inbox
from budgetpool.portals.board.objection_forms import (
    CorrectForm,
    DecideForm,
    HearingForm,
    ReportForm,
    TakeForm,
    corrected,
)
from budgetpool.portals.components import lists, numbers, waits
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.parts import badge
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Column
from budgetpool.refusals import Refusal
from budgetpool.users.models import User
from workers.models import TrainingRequest

Status = Objection.Status
BADGES = {
    Status.FILED: "warning",
    Status.ASSIGNED: "neutral",
    Status.HEARING: "neutral",
    Status.UPHELD: "success",
    Status.DISMISSED: "inactive",
    Status.INADMISSIBLE: "inactive",
    Status.WITHDRAWN: "inactive",
}
BUSY = (Status.ASSIGNED, Status.HEARING)
WAITING = Q(decided_at__isnull=True) & ~Q(status=Status.WITHDRAWN)


class FindForm(forms.Form):
    """A request or who handles it, and how far it is."""

    mark_optional = False
    words = forms.CharField(
        label=gettext_lazy("Number of the request, or who handles it"),
        required=False,
        max_length=80,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("waiting", gettext_lazy("Without an answer")),
            ("over", gettext_lazy("Answered or withdrawn")),
        ],
    )


@dataclass(frozen=True)
class StepForm:
    verb: str
    title: str
    text: str
    button: str
    form: forms.Form


@require_safe
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def listing(request: HttpRequest, fund: Fund) -> HttpResponse:
    """All objections of the fund, those without an answer first, by their last day."""
    form = FindForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    columns = [
        Column(_("Request"), orders=("decision__request",)),
        Column(_("Status"), orders=("status", "decide_by")),
        Column(_("About"), orders=("cause", "decide_by")),
        Column(_("Handled by"), orders=("handler__name", "decide_by")),
        Column(_("Decide before the end of"), orders=("decide_by",)),
    ]

    def line(row: Objection) -> list[object]:
        url = reverse("board-objection", args=[fund.region.slug, row.pk])
        about, late = capfirst(row.get_cause_display()), _("too late")
        return [
            format_html('<a href="{}">{}</a>', url, row.decision.request.reference),
            badge(capfirst(row.get_status_display()), BADGES[Status(row.status)]),
            f"{about}, {late}" if row.is_late else about,
            row.handler.name if row.handler else "–",
            numbers.day(row.decide_by),
        ]

    rows = Rows(
        "objections",
        _matching(fund, wanted.get("words", "").strip(), wanted.get("state", "")),
        columns,
        line,
        empty=_("There is none."),
        form=form,
    )
    return lists.answer(
        request,
        "board/objections.html",
        rows,
        {"fund": fund, "inbox": _inbox(request, fund)},
        subject=fund,
        region_code=fund.region.code,
    )


def _matching(fund: Fund, words: str, state: str) -> QuerySet[Objection]:
    """Those that are looked for; without an answer first, by their last day."""
    found = (
        Objection.objects.filter(decision__round__fund=fund)
        .select_related("decision__request", "decision__round", "handler")
        .annotate(is_over=Case(When(WAITING, then=0), default=1))
        .order_by("is_over", "decide_by", "pk")
    )
    if state:
        found = found.filter(WAITING if state == "waiting" else ~WAITING)
    if words:
        meant = Q(handler__name__icontains=words)
        if (key := key_of(words.upper().removeprefix("R-"))) is not None:
            meant |= Q(decision__request=key)
        found = found.filter(meant)
    return found


def _inbox(request: HttpRequest, fund: Fund) -> waits.Inbox | None:
    """What waits for an administrator, whose first page this is; a member has their own."""
    if request.seat.role != Seat.Role.ADMINISTRATOR:  # type: ignore[attr-defined]
        return None
    shown = waits.inbox(inbox.of_administrator(fund, person(request)))
    waits.note(request, waits.desk_key("administrator", fund), shown)
    return shown


@require_safe
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def detail(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """One objection with the decision that it is against."""
    return _page(request, fund, _objection(fund, pk))


@require_POST
@seat_required(Seat.Role.BOARD, Seat.Role.ADMINISTRATOR)
def take_step(request: HttpRequest, fund: Fund, pk: int, verb: str) -> HttpResponse:
    """Take one step in handling an objection; what is refused is said above its form."""
    if verb not in TAKE:
        raise Http404
    objection = _objection(fund, pk)
    form: Any = _form(verb, objection, request.POST)
    if not form.is_valid():
        return _page(request, fund, objection, verb, form)
    try:
        done = TAKE[verb](objection, person(request), form)
    except (Refusal, ValidationError) as error:
        form.add_error(None, say(error))
        return _page(request, fund, _objection(fund, pk), verb, form)
    messages.success(request, done)
    return redirect("board-objection", fund.region.slug, pk)


def _objection(fund: Fund, pk: int) -> Objection:
    rows = Objection.objects.filter(decision__round__fund=fund).select_related(
        "decision__round__fund__region", "decision__request__worker", "handler", "award"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest,
    fund: Fund,
    objection: Objection,
    verb: str = "",
    form: forms.Form | None = None,
) -> HttpResponse:
    trail.record(
        actor=person(request),
        action="objection.seen",
        subject=objection,
        region_code=fund.region.code,
    )
    decision = objection.decision
    possible = _possible(objection, person(request))
    if verb and verb not in possible:
        possible.append(verb)
    context = {
        "fund": fund,
        "objection": objection,
        "decision": decision,
        "asked": TrainingRequest.objects.with_choices().get(pk=decision.request_id),
        "badge": BADGES[Status(objection.status)],
        "why": reasons.why(decision.reason, {"points": decision.points, **decision.params}),
        "replay_why": reasons.why(
            objection.replay.get("reason", ""), {"points": objection.replay.get("points")}
        ),
        "corrected": corrected(objection.corrections),
        "steps": [_show(one, objection, form if one == verb else None) for one in possible],
        "form": form,
    }
    return render(request, "board/objection.html", context, status=422 if form else 200)


def _possible(objection: Objection, member: User) -> list[str]:
    if objection.status == Status.FILED:
        return ["take"]
    if objection.status not in BUSY or objection.handler_id != member.pk:
        return []
    report = ["report"] if objection.status == Status.HEARING else []
    return ["hearing", *report, "correct", "decide"]


def _form(verb: str, objection: Objection, data: Any = None) -> forms.Form:
    options: dict[str, Any] = {"auto_id": f"{verb}_%s"}
    if verb == "correct":
        options["worker"] = objection.decision.request.worker
    if verb == "decide":
        options |= {"request": objection.decision.request, "is_late": objection.is_late}
    return FORMS[verb](data, **options)


def _show(verb: str, objection: Objection, form: forms.Form | None) -> StepForm:
    title, text, button = {
        "take": (
            _("Handle this objection"),
            _("Nothing is decided by this. Others see that you do it."),
            _("I handle this objection"),
        ),
        "hearing": (
            _("Plan a hearing"),
            _("The person gets a letter with the day and the place."),
            _("Invite to the hearing"),
        ),
        "report": (_("Report of the hearing"), "", _("Save the report")),
        "correct": (
            _("Correct facts and divide again"),
            _("You see what the person would have got. Nothing is decided by it yet."),
            _("Divide again with these facts"),
        ),
        "decide": (
            _("Decide"),
            _("This ends the objection. The letter goes out at once."),
            _("Decide and send the letter"),
        ),
    }[verb]
    return StepForm(verb, title, text, button, form or _form(verb, objection))


def _take(objection: Objection, member: User, form: Any) -> str:
    services.assign(objection=objection, handler=member, actor=member)
    return _("You handle this objection now.")


def _hearing(objection: Objection, member: User, form: Any) -> str:
    services.plan_hearing(
        objection=objection,
        at=form.moment(),
        place=form.cleaned_data["place"],
        actor=member,
    )
    return _("The hearing is planned.")


def _report(objection: Objection, member: User, form: Any) -> str:
    services.report_hearing(objection=objection, report=form.cleaned_data["report"], actor=member)
    return _("The report is saved.")


def _correct(objection: Objection, member: User, form: Any) -> str:
    done = services.correct(objection=objection, facts=form.facts(), actor=member)
    if done.replay.get("awarded"):
        return _("With these facts the request would have been awarded.")
    return _("With these facts the request would still have been refused.")


def _decide(objection: Objection, member: User, form: Any) -> str:
    data = form.cleaned_data
    services.decide(
        objection=objection,
        outcome=data["outcome"],
        answer=data["answer"],
        choice=data["choice"],
        late_excused=data.get("late_excused"),
        actor=member,
    )
    return _("Decided. The letter is on its way.")


FORMS: dict[str, type[forms.Form]] = {
    "take": TakeForm,
    "hearing": HearingForm,
    "report": ReportForm,
    "correct": CorrectForm,
    "decide": DecideForm,
}
TAKE: dict[str, Callable[[Objection, User, Any], str]] = {
    "take": _take,
    "hearing": _hearing,
    "report": _report,
    "correct": _correct,
    "decide": _decide,
}
