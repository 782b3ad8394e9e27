"""The people of the employer: who has a place, invitations, roles."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgetpool.portals.access import employer_member_required, person
from budgetpool.portals.components.refusals import refuse
from budgetpool.portals.employer.forms import InviteForm, RoleForm
from budgetpool.refusals import Refusal
from employers import people
from employers.access import allows
from employers.models import Employer
from employers.models.employer import Role


@require_safe
@employer_member_required()
def listing(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Everybody with a place, and who is invited."""
    context = {
        "employer": employer,
        "members": people.members(employer),
        "invitations": people.open_invitations(employer),
        "may_change": allows(request.member, Role.MANAGER),  # type: ignore[attr-defined]
    }
    return render(request, "employer/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@employer_member_required(Role.MANAGER)
def invite(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Invite a colleague."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, _secret = people.invite(
                employer=employer, by=person(request), **form.cleaned_data
            )
        except Refusal as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("We sent an invitation to %(email)s.") % {"email": invitation.email}
            )
            return redirect("employer:people", employer.pk)
    return render(request, "employer/invite.html", {"employer": employer, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@employer_member_required(Role.MANAGER)
def change(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """Give a colleague another role, or end their place."""
    member = people.members(employer).filter(pk=pk).first()
    if member is None:
        raise Http404
    form = RoleForm(
        request.POST if request.method == "POST" else None, initial={"role": member.role}
    )
    is_ending = request.method == "POST" and "end" in request.POST
    if request.method == "POST" and (is_ending or form.is_valid()):
        try:
            if is_ending:
                people.end_place(member=member, by=person(request))
            else:
                people.change_role(
                    member=member, role=form.cleaned_data["role"], by=person(request)
                )
        except Refusal as error:
            messages.error(request, str(error))
            return redirect("employer:person", employer.pk, pk)
        messages.success(request, _("Your change is saved."))
        if member.user_id == person(request).pk:
            # One's own role is another now, or there is no place any more.
            return redirect("home")
        return redirect("employer:people", employer.pk)
    context = {"employer": employer, "member": member, "form": form}
    return render(request, "employer/person.html", context)


@require_POST
@employer_member_required(Role.MANAGER)
def withdraw(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = people.open_invitations(employer).filter(pk=pk).first()
    if invitation is None:
        raise Http404
    people.withdraw(invitation=invitation, by=person(request))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("employer:people", employer.pk)
