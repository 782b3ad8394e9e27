"""Draft rules before the public: read, comment, find one's own comment again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allocation import consultations as services
from allocation.models import Comment, Consultation
from budgetpool.fund.models import Fund
from budgetpool.portals.components import consultations as words
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.components.refusals import refuse
from budgetpool.portals.public.consultation_forms import CommentForm, FindForm
from budgetpool.refusals import Refusal

PER_PAGE = 25
# A household or a library shares a network; a machine that floods does not get far.
COMMENTS_AN_HOUR = 10


@require_safe
def listing(request: HttpRequest, region: str) -> HttpResponse:
    """All draft rules that were before the public, the newest first."""
    fund = _fund(region)
    rows = Consultation.objects.filter(policy__fund=fund).select_related("policy", "outcome")
    shown = Count("comments", filter=Q(comments__state=Comment.Shown.SHOWN))
    rows = rows.annotate(shown=shown).order_by("-opened_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "public/consultations.html", {"fund": fund, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@limited("consultation comment", most=COMMENTS_AN_HOUR)
def detail(request: HttpRequest, region: str, pk: int) -> HttpResponse:
    """One draft: what each lever does, what people say, what the board answers and changed."""
    shown = _consultation(region, pk)
    form = CommentForm(request.POST if request.method == "POST" else None, consultation=shown)
    if request.method == "POST" and form.is_valid():
        try:
            _made, key = services.comment(consultation=shown, **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Thank you. The board reads your words before others do."))
            return redirect("own-comment", region, pk, key)
    return render(
        request,
        "public/consultation.html",
        _context(request, shown, form),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, region: str, pk: int, key: str) -> HttpResponse:
    """One's own comment, for whoever holds its address; here a name is taken back."""
    shown = _consultation(region, pk)
    comment = services.find_own(shown, key)
    if comment is None:
        raise Http404
    if request.method == "POST":
        services.take_name_back(comment=comment)
        messages.success(request, _("Your name is gone. Your words stay."))
        return redirect("own-comment", region, pk, key)
    context = {
        "fund": shown.policy.fund,
        "consultation": shown,
        "comment": comment,
        "about": words.about(shown, comment),
        "here": request.build_absolute_uri(),
    }
    answer = render(request, "public/own_comment.html", context)
    # Who holds the address may act with it: it is told to nobody else.
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _context(request: HttpRequest, shown: Consultation, form: CommentForm) -> dict[str, Any]:
    find = FindForm(request.GET, consultation=shown)
    wanted = find.cleaned_data if find.is_valid() else {}
    rows = shown.comments.filter(state=Comment.Shown.SHOWN)
    found = words.matching(rows, wanted.get("words", ""), wanted.get("lever", ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counts = dict(shown.comments.values_list("state").annotate(Count("pk")))
    withheld = shown.comments.filter(state=Comment.Shown.WITHHELD)
    whys = dict(withheld.values_list("why").annotate(Count("pk")))
    return {
        "fund": shown.policy.fund,
        "consultation": shown,
        "levers": words.levers(shown),
        "basis": words.basis(shown),
        "changes": words.changes(shown),
        "form": form,
        "find": find,
        "page": page,
        "comments": [(one, words.about(shown, one)) for one in page],
        "sent": sum(counts.values()),
        "shown_count": counts.get(Comment.Shown.SHOWN, 0),
        "waiting": counts.get(Comment.Shown.WAITING, 0),
        "withheld": [(Comment.Why(why).label, count) for why, count in sorted(whys.items())],
    }


def _consultation(region: str, pk: int) -> Consultation:
    rows = Consultation.objects.select_related("policy__fund__region", "outcome")
    return get_object_or_404(rows, pk=pk, policy__fund__region__slug=region)


def _fund(region: str) -> Fund:
    return get_object_or_404(Fund.objects.select_related("region"), region__slug=region)
