"""A draft rule before the public, as the board sees it: ask, read, answer, conclude."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocation import consultations as services
from allocation.consultations import concluding, tasks
from allocation.models import Comment, Consultation, Policy
from budgetpool.audit import trail
from budgetpool.fund.models import Fund, Seat
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.board.consultation_forms import (
    AnswerForm,
    BeginForm,
    CommentsForm,
    ConcludeForm,
    WithholdForm,
)
from budgetpool.portals.components import consultations as words
from budgetpool.portals.components import lists, numbers
from budgetpool.portals.components import policy as plain
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.refusals import refuse, say
from budgetpool.portals.components.tables import Column
from budgetpool.refusals import Refusal

PER_PAGE = 25
GET_OR_POST = ["GET", "HEAD", "POST"]
BADGES = {
    Comment.Shown.WAITING: "warning",
    Comment.Shown.SHOWN: "success",
    Comment.Shown.WITHHELD: "inactive",
}


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def begin(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Put a version of the rule before the public."""
    policy = get_object_or_404(Policy, fund=fund, pk=pk)
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            begun = services.begin(policy=policy, member=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            refuse(form, error, {"consultation_term": "last_day", "question": "question"})
        else:
            messages.success(request, _("The draft is before the public now."))
            return redirect("board-consultation", fund.region.slug, begun.pk)
    context = {"fund": fund, "policy": policy, "levers": plain.levers(policy.rules), "form": form}
    status = 422 if form.errors else 200
    return render(request, "board/consultation_begin.html", context, status=status)


@require_safe
@seat_required(Seat.Role.BOARD)
def detail(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """How it stands: the comments with their answers, and what is still to do."""
    return _page(request, _found(fund, pk))


@require_POST
@seat_required(Seat.Role.BOARD)
def conclude(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Say with which version the board goes on."""
    shown = _found(fund, pk)
    form = ConcludeForm(request.POST, consultation=shown)
    if form.is_valid():
        try:
            services.conclude(consultation=shown, member=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The public page says what the board does, and why."))
            return redirect("board-consultation", fund.region.slug, pk)
    return _page(request, shown, form)


@require_POST
@seat_required(Seat.Role.BOARD)
def measure(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """Ask once more what each part of the rule does, where that failed."""
    shown = _found(fund, pk)
    if shown.effects is None:
        tasks.ask_effects(shown, person(request))
        messages.success(request, _("What each part does is being measured."))
    return redirect("board-consultation", fund.region.slug, pk)


@require_http_methods(GET_OR_POST)
@seat_required(Seat.Role.BOARD)
def comment(request: HttpRequest, fund: Fund, pk: int, number: int) -> HttpResponse:
    """One comment: show it or say why not, and answer it."""
    shown = _found(fund, pk)
    asked = get_object_or_404(shown.comments, pk=number)
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    opened: dict[str, forms.Form] = {"withhold": WithholdForm(), "answer": AnswerForm()}
    if request.method == "POST":
        if verb not in ("show", *opened):
            raise Http404
        form = {"withhold": WithholdForm, "answer": AnswerForm}.get(verb, forms.Form)(request.POST)
        if form.is_valid():
            try:
                _take(verb, asked, request, form)
            except (Refusal, ValidationError) as error:
                form.add_error(None, say(error))
            else:
                return redirect("board-consultation", fund.region.slug, pk)
        opened[verb] = form
    trail.record(
        actor=person(request),
        action="consultation.comment_seen",
        subject=asked,
        region_code=fund.region.code,
    )
    failed = opened[verb] if verb else None
    context = {
        "fund": fund,
        "consultation": shown,
        "comment": asked,
        "badge": BADGES[Comment.Shown(asked.state)],
        "about": words.about(shown, asked),
        "form": failed,
        "withhold": opened["withhold"],
        "answer": opened["answer"],
    }
    return render(request, "board/comment.html", context, status=422 if failed else 200)


def _take(verb: str, asked: Comment, request: HttpRequest, form: forms.Form) -> None:
    member = person(request)
    if verb == "show":
        services.show(comment=asked, member=member)
        messages.success(request, _("Everybody can read the comment now."))
    elif verb == "withhold":
        services.withhold(comment=asked, member=member, why=form.cleaned_data["why"])
        messages.success(request, _("The comment is not shown. The page counts it."))
    else:
        services.answer(comment=asked, member=member, text=form.cleaned_data["text"])
        messages.success(request, _("Your answer stands beside the comment."))


def _page(
    request: HttpRequest, shown: Consultation, conclude_form: ConcludeForm | None = None
) -> HttpResponse:
    find = CommentsForm(request.GET, consultation=shown)
    wanted = find.cleaned_data if find.is_valid() else {}
    found = words.matching(
        _in_state(shown.comments.all(), wanted.get("state", "")),
        wanted.get("words", ""),
        wanted.get("lever", ""),
    )
    columns = [
        Column(_("Sent"), orders=("sent_at",)),
        Column(_("About")),
        Column(_("Name")),
        Column(_("Comment"), long=True),
        Column(_("State")),
        Column(_("Answer"), long=True),
    ]

    def row(one: Comment) -> list[object]:
        state = " ".join([one.get_state_display(), one.get_why_display()]).strip()
        sent = numbers.moment(one.sent_at)
        return [sent, words.about(shown, one), one.shown_name, one.text, state, one.answer or ""]

    rows = Rows(
        f"comments-{shown.pk}",
        found,
        columns,
        row,
        form=find,
        per_page=PER_PAGE,
        exported="consultation.exported",
    )
    if lists.wants_sheet(request):
        return lists.sheet(request, rows, subject=shown, region_code=shown.policy.fund.region.code)
    listed = lists.of(request, rows)
    job = work.latest(tasks.key_of(shown))
    waits = concluding.unanswered(shown)
    context: dict[str, Any] = {
        "fund": shown.policy.fund,
        "consultation": shown,
        "levers": words.levers(shown),
        "basis": words.basis(shown),
        "changes": words.changes(shown),
        "measure_failed": shown.effects is None
        and (job is None or job.state in (Job.State.FAILED, Job.State.CANCELLED)),
        "list": listed,
        "comments": [(one, words.about(shown, one)) for one in listed.shown],
        "waits": waits,
        "form": conclude_form,
        "conclude": conclude_form or ConcludeForm(consultation=shown),
        "can_conclude": not shown.is_open and shown.concluded_at is None and not waits,
    }
    status = 422 if conclude_form else 200
    return render(request, "board/consultation.html", context, status=status)


def _in_state(found: QuerySet[Comment], state: str) -> QuerySet[Comment]:
    """Those that a filter asks for."""
    if state == "unanswered":
        return found.exclude(state=Comment.Shown.WITHHELD).filter(answered_at__isnull=True)
    if state == "answered":
        return found.filter(answered_at__isnull=False)
    return found.filter(state=state) if state else found


def _found(fund: Fund, pk: int) -> Consultation:
    rows = Consultation.objects.select_related("policy__fund__region", "outcome")
    return get_object_or_404(rows, pk=pk, policy__fund=fund)
