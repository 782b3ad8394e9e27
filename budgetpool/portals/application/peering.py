"""The group of who begins the same training on the same day: join it, see it, leave it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allocation.decisions import peers as services
from budgetpool.bsn import refuse_bsn
from budgetpool.portals.access import person
from budgetpool.portals.application.door import is_helped, page, request_required
from budgetpool.portals.components.standing import award_of
from workers.models import TrainingRequest


class JoinForm(forms.Form):
    """What the group sees of somebody."""

    shown_name = forms.CharField(
        label=gettext_lazy("Which name may the group see?"),
        help_text=gettext_lazy("For example only your first name."),
        max_length=60,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write a name.")},
    )
    contact = forms.CharField(
        label=gettext_lazy("How can the group reach you?"),
        help_text=gettext_lazy("A phone number or an e-mail address."),
        max_length=100,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write a phone number or an e-mail address.")},
    )


@require_http_methods(["GET", "POST"])
@request_required
def peers(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """The person's own page alone: nobody joins a group for somebody."""
    award = award_of(asked)
    if is_helped(request, asked) or award is None or not services.is_open(award):
        raise Http404
    mine = services.own(award)
    known = {"shown_name": mine.shown_name, "contact": mine.contact} if mine else {}
    form = JoinForm(request.POST or None, initial=known)
    if request.method == "POST" and "leave" in request.POST:
        services.leave(actor=person(request), award=award)
        messages.success(request, _("You left the group. Your name and contact are removed."))
        return redirect("apply:request", asked.pk)
    if request.method == "POST" and form.is_valid():
        try:
            services.join(actor=person(request), award=award, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("You are in the group."))
            return redirect("apply:peers", asked.pk)
    context = {"form": form, "mine": mine, "award": award, "group": services.group_of(award)}
    return page(request, asked, "application/peers.html", context)
