"""Views of the public pages: find, gather, render."""

import io

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allocation.models import Consultation, Round
from allocation.rules import points
from budgetpool.fund import standing
from budgetpool.fund.models import Fund
from budgetpool.portals.components import check_files as files
from budgetpool.portals.components import groups, numbers, policy
from budgetpool.portals.components.parts import Figure
from budgetpool.portals.components.tables import Column, Table
from budgetpool.portals.public import algorithm, check_words, outcome, rounds
from budgetpool.register.codes import Contract, EducationLevel
from employers import outreach
from workers.around import stories
from workers.counter import outreach as counter_outreach
from workers.models import OutreachCode


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The way in: what this is, and every region that has a fund."""
    funds = Fund.objects.select_related("region").order_by("region__name")
    return render(request, "public/front.html", {"funds": funds})


@require_safe
def region(request: HttpRequest, region: str) -> HttpResponse:
    """One region: what the fund is, where its money is, its rounds."""
    fund = get_object_or_404(Fund.objects.select_related("region"), region__slug=region)
    listed = list(rounds.visible(fund))
    now_open = next(
        (r for r in listed if rounds.state(r).kind == "success" and not _known(r)), None
    )
    stand = standing.of(fund)
    context = {
        "fund": fund,
        "open_round": now_open,
        "last_moment": now_open.window.closes_at if now_open else None,
        "figures": [
            Figure(_("Paid in by employers"), numbers.euros_whole(stand.paid_in)),
            Figure(_("Still to be divided"), numbers.euros_whole(stand.free)),
            Figure(_("In rounds"), numbers.euros_whole(stand.in_rounds)),
            Figure(_("Promised to people"), numbers.euros_whole(stand.awarded)),
            Figure(_("Paid for trainings"), numbers.euros_whole(stand.paid_out)),
        ],
        "rounds": [(r, rounds.state(r)) for r in listed],
        "levers": policy.levers(listed[0].policy.rules) if listed else [],
        "draft_rule": Consultation.objects.filter(policy__fund=fund, closes_at__gt=timezone.now())
        .select_related("policy")
        .first(),
        "draft_rules": Consultation.objects.filter(policy__fund=fund).exists(),
        "stories": stories.shown(fund.region),
        "short_url": settings.SITE_URL + reverse("short-link", args=[region]),
    }
    return render(request, "public/region.html", context)


@require_safe
def round(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """One round, from its announcement to its outcome beside the old rule's."""
    shown = _round(region, code)
    context = {
        "round": shown,
        "fund": shown.fund,
        "state": rounds.state(shown),
        "levers": policy.levers(shown.policy.rules),
        "algorithm": algorithm.fields(shown),
    }
    if _known(shown):
        context |= outcome.of(shown) | {"check_words": list(check_words.WORDS.items())}
    return render(request, "public/round.html", context)


@require_safe
def algorithm_record(request: HttpRequest, region: str, code: str) -> JsonResponse:
    """The round's record for the Algorithm Register, for machines."""
    answer = JsonResponse(
        algorithm.record(_round(region, code)), json_dumps_params={"ensure_ascii": False}
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def check_files(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """The archive with which anybody checks the round, and in which nobody finds a person."""
    shown = _round(region, code)
    if not _known(shown):
        raise Http404
    answer = HttpResponse(files.public(shown), content_type="application/zip")
    name = f"budgetpool-{region}-{code}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def rule(request: HttpRequest) -> HttpResponse:
    """How the money is divided, for everybody: the steps, the points, what never counts."""
    context = {"steps": _steps(), "points": _points(), "base": points.BASE}
    return render(request, "public/rule.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")


@require_safe
def short_link(request: HttpRequest, region: str) -> HttpResponse:
    """A short address for posters and messages; what stands behind it is kept."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("region", args=[region]) + query)


@require_safe
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """The address on a poster: it counts the visit and leads to the region.

    The code goes along with a request that is begun in this browser, so that the fund learns
    which channel reaches people; a code that leads nowhere leads to the front page.
    """
    of_counter = counter_outreach.visit(code)
    of_employer = None if of_counter else outreach.visit(code)
    if of_counter:
        request.session["outreach_code"] = of_counter.code
        return redirect("region", of_counter.region.slug)
    if of_employer:
        request.session["outreach_code"] = of_employer.code
        return redirect("region", of_employer.fund.region.slug)
    return redirect("front")


@require_safe
def qr_code(request: HttpRequest, region: str) -> HttpResponse:
    """The short address as a QR code, to print."""
    get_object_or_404(Fund, region__slug=region)
    return _qr(reverse("short-link", args=[region]))


@require_safe
def qr_code_of(request: HttpRequest, code: str) -> HttpResponse:
    """The address of one of the counter's codes as a QR code, to print."""
    known = get_object_or_404(OutreachCode, code=code, ended_at__isnull=True)
    return _qr(reverse("invited", args=[known.code]))


def _qr(path: str) -> HttpResponse:
    target = io.BytesIO()
    address = settings.SITE_URL + path
    segno.make(address, error="m").save(target, kind="svg", scale=8, dark="#10302d", border=4)
    return HttpResponse(target.getvalue(), content_type="image/svg+xml")


def _round(region: str, code: str) -> Round:
    fund = get_object_or_404(Fund.objects.select_related("region"), region__slug=region)
    return get_object_or_404(rounds.visible(fund), code=code)


def _known(round: Round) -> bool:
    return round.status in rounds.PUBLISHED


def _steps() -> list[tuple[str, str]]:
    return [
        (
            _("Promises first"),
            _("A part of the money is for people who got least training so far."),
        ),
        (_("Every group counts"), _("The group with the smallest chance is helped first.")),
        (_("Then points"), _("Who needs the training most has the most points.")),
        (_("Then people"), _("Are two ways equally good? Then more people get a training.")),
        (_("Then lots"), _("Are requests just alike? Then a public draw decides.")),
    ]


def _points() -> Table:
    education, contract = dict(EducationLevel.choices), dict(Contract.choices)
    rows = [
        *((groups.group("education", c), p) for c, p in points.EDUCATION.items() if c in education),
        *((groups.group("contract", c), p) for c, p in points.CONTRACT.items() if c in contract),
        (_("No training in the last two years"), points.UNTRAINED),
        (
            _("Less than %(hours)s hours of training in two years")
            % {"hours": points.HARDLY_TRAINED_BELOW_HOURS},
            points.HARDLY_TRAINED,
        ),
        (_("Each earlier round that refused you"), points.WAITING_CREDIT),
    ]
    return Table(
        [Column(_("What counts")), Column(_("Points"), numeric=True)],
        [[name, f"+{value}"] for name, value in rows if value],
    )
