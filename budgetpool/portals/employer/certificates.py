"""Certificates of contribution: make one, print it, and the public page that confirms it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgetpool.mail import paper
from budgetpool.portals.access import employer_member_required, person
from budgetpool.portals.components import numbers
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.employer import impact
from budgetpool.portals.employer.forms import CertificateForm, CodeLookUpForm
from budgetpool.refusals import Refusal
from employers import certificates, statements
from employers.access import allows
from employers.models import Certificate, Employer
from employers.models.employer import Role


@require_http_methods(["GET", "HEAD", "POST"])
@employer_member_required()
def listing(request: HttpRequest, employer: Employer) -> HttpResponse:
    """The employer's certificates, and a new one."""
    funds = statements.funds_of(employer)
    form = CertificateForm(request.POST if request.method == "POST" else None, funds=funds)
    if request.method == "POST" and form.is_valid():
        fund, year = form.cleaned_data["fund"], form.cleaned_data["year"]
        people = impact.trained_people(fund, year=year)
        try:
            made = certificates.issue(
                employer=employer,
                fund=fund,
                year=year,
                people_count=people if people >= impact.LEAST else None,
                by=person(request),
            )
        except Refusal:
            form.add_error("year", _("You paid nothing into this fund in that year."))
        else:
            messages.success(request, _("The certificate %(code)s is made.") % {"code": made.code})
            return redirect("employer:certificates", employer.pk)
    context = {
        "employer": employer,
        "certificates": certificates.of_employer(employer),
        "form": form,
        "may_withdraw": allows(request.member, Role.MANAGER),  # type: ignore[attr-defined]
    }
    return render(request, "employer/certificates.html", context)


@require_safe
@employer_member_required()
def as_pdf(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """A certificate on paper, with its code."""
    found = certificates.of_employer(employer).filter(pk=pk, withdrawn_at__isnull=True).first()
    if found is None:
        raise Http404
    address = settings.SITE_URL + reverse("employer:certificate-confirm", args=[found.code])
    context = {"certificate": found, "facts": facts(found), "address": address}
    answer = HttpResponse(
        paper.pdf(render_to_string("employer/pdf/certificate.html", context)),
        content_type="application/pdf",
    )
    answer["Content-Disposition"] = f'attachment; filename="budgetpool-{found.code}.pdf"'
    return answer


@require_POST
@employer_member_required(Role.MANAGER)
def withdraw(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """Let a certificate no longer be confirmed; its code stays in use."""
    found = certificates.of_employer(employer).filter(pk=pk, withdrawn_at__isnull=True).first()
    if found is None:
        raise Http404
    certificates.withdraw(certificate=found, by=person(request))
    messages.success(request, _("The certificate %(code)s is withdrawn.") % {"code": found.code})
    return redirect("employer:certificates", employer.pk)


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Where anybody types the code of a certificate."""
    form = CodeLookUpForm(request.GET or None)
    if request.GET and form.is_valid():
        return redirect("employer:certificate-confirm", form.cleaned_data["code"])
    return render(request, "employer/certificate_look_up.html", {"form": form})


@require_safe
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether there is such a certificate, and what it says. For everybody."""
    found = certificates.confirm(code)
    if found is None or found.withdrawn_at is not None:
        context = {"code": code, "is_withdrawn": found is not None}
        return render(request, "employer/certificate_unknown.html", context, status=404)
    context = {"certificate": found, "facts": facts(found)}
    return render(request, "employer/certificate.html", context)


def facts(certificate: Certificate) -> list[Fact]:
    """What a certificate says, line by line."""
    return [
        Fact(_("Organisation"), certificate.employer_name),
        Fact(_("KvK number"), certificate.kvk),
        Fact(_("Fund"), certificate.fund.name),
        Fact(_("Year"), str(certificate.year)),
        Fact(_("Paid into the fund"), numbers.euros_exact(certificate.paid_cents)),
        Fact(_("Paid in by all employers"), numbers.euros_exact(certificate.fund_paid_cents)),
        Fact(
            _("People to whom the fund gave a training"),
            _("fewer than 10 people")
            if certificate.people_count is None
            else numbers.count(certificate.people_count),
        ),
        Fact(_("Made on"), numbers.day(certificate.made_at)),
    ]
