"""What the employer does for its flex workers: codes to invite them, the mirror, the demand."""

import io

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgetpool.portals.access import employer_member_required, person
from budgetpool.portals.components.refusals import refuse
from budgetpool.portals.employer.forms import CodeForm, DemandForm, MirrorForm
from budgetpool.refusals import Refusal
from employers import demand as demands
from employers import mirror as mirrors
from employers import outreach, statements
from employers.access import allows
from employers.models import Employer, InviteCode
from employers.models.employer import Role

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@employer_member_required()
def overview(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Codes with how many people came by them, what is expected, and the mirror."""
    context = {
        "employer": employer,
        "codes": outreach.codes_of(employer),
        "demands": demands.of_employer(employer),
        "may_change": allows(request.member, Role.PAYER),  # type: ignore[attr-defined]
    }
    return render(request, "employer/flex.html", context)


@require_http_methods(GET_OR_POST)
@employer_member_required(Role.PAYER)
def new_code(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Make a code for one place where flex workers see it."""
    form = CodeForm(
        request.POST if request.method == "POST" else None, initial=_first_fund(employer)
    )
    if request.method == "POST" and form.is_valid():
        try:
            code = outreach.make_code(employer=employer, by=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            refuse(form, error)
        else:
            return redirect("employer:poster", employer.pk, code.pk)
    return render(request, "employer/code_form.html", {"employer": employer, "form": form})


def _first_fund(employer: Employer) -> dict[str, int]:
    funds = statements.funds_of(employer)
    return {"fund": funds[0].pk} if funds else {}


@require_safe
@employer_member_required()
def poster(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """A code as a poster to print and a text to send."""
    code = _code(employer, pk)
    address = f"{settings.SITE_URL}{reverse('invited', args=[code.code])}"
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        scale=7,
        dark="#10302d",
        light="#ffffff",
        border=4,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    context = {
        "employer": employer,
        "code": code,
        "address": address,
        "qr": mark_safe(out.getvalue().decode()),  # noqa: S308 (drawn by segno)
    }
    return render(request, "employer/poster.html", context)


@require_POST
@employer_member_required(Role.PAYER)
def end_code(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """Let a code lead nowhere any more."""
    outreach.end_code(code=_code(employer, pk), by=person(request))
    messages.success(request, _("The code does not work any more."))
    return redirect("employer:flex", employer.pk)


@require_http_methods(GET_OR_POST)
@employer_member_required()
def mirror(request: HttpRequest, employer: Employer) -> HttpResponse:
    """The five statements, and what to do."""
    last = mirrors.latest(employer)
    initial = {code: getattr(last, code) for code in mirrors.CODES} if last else {}
    form = MirrorForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        mirrors.answer(employer=employer, by=person(request), **form.cleaned_data)
        messages.success(request, _("Your answers are saved. Only your organisation sees them."))
        return redirect("employer:mirror", employer.pk)
    context = {
        "employer": employer,
        "form": form,
        "advice": [row for row in mirrors.advice_for(last) if row["advice"]] if last else [],
        "last": last,
    }
    return render(request, "employer/mirror.html", context)


@require_http_methods(GET_OR_POST)
@employer_member_required(Role.PAYER)
def demand(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Say which work will grow, change or shrink."""
    initial = {**_first_fund(employer), "from_year": timezone.localdate().year + 1}
    form = DemandForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            demands.tell(employer=employer, by=person(request), **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Thank you. Flex workers of your company can see it now."))
            return redirect("employer:flex", employer.pk)
    return render(request, "employer/demand.html", {"employer": employer, "form": form})


@require_POST
@employer_member_required(Role.PAYER)
def withdraw_demand(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """Take an expectation back."""
    found = demands.of_employer(employer).filter(pk=pk).first()
    if found is None:
        raise Http404
    demands.withdraw(demand=found, by=person(request))
    messages.success(request, _("The expectation is taken back."))
    return redirect("employer:flex", employer.pk)


def _code(employer: Employer, pk: int) -> InviteCode:
    found = outreach.codes_of(employer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
