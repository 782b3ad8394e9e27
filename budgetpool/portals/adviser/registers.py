"""Buddies and coaches of the region, and an adviser's own ties with providers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Fund
from budgetpool.portals.access import person, seat_required
from budgetpool.portals.components.answer_fields import PhoneField
from budgetpool.register.models import Provider
from workers.counter import desk
from workers.models import AdviserInterest, Companion


class CompanionForm(forms.Form):
    """A buddy or a coach."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=Companion.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a buddy or a coach.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    phone = PhoneField(label=gettext_lazy("Phone number"), required=False, max_length=30)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    is_trained = forms.BooleanField(
        label=gettext_lazy("Has followed the buddy training of two days"), required=False
    )


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def companions(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The register of buddies and coaches, and a form to add one."""
    form = CompanionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            desk.add_companion(adviser=person(request), region=fund.region, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("Added."))
            return redirect("adviser:companions", fund.region.slug)
    known = Companion.objects.filter(region=fund.region, is_active=True)
    context = {"fund": fund, "region": fund.region, "form": form, "companions": known}
    return render(request, "adviser/companions.html", context)


class InterestForm(forms.Form):
    """A provider that the adviser has a tie with."""

    provider = forms.ModelChoiceField(
        label=gettext_lazy("School"),
        queryset=Provider.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose a school.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Provider.objects.all()


@require_http_methods(["GET", "POST"])
@seat_required("adviser")
def interests(request: HttpRequest, fund: Fund) -> HttpResponse:
    """An adviser's own ties; with a tie, a colleague files requests for that school."""
    adviser = person(request)
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        desk.declare_interest(
            adviser=adviser, region=fund.region, provider=form.cleaned_data["provider"]
        )
        messages.success(request, _("Your tie is written down."))
        return redirect("adviser:interests", fund.region.slug)
    declared = AdviserInterest.objects.filter(
        adviser=adviser, ended_on__isnull=True
    ).select_related("provider")
    context = {"fund": fund, "region": fund.region, "form": form, "interests": declared}
    return render(request, "adviser/interests.html", context)


@require_POST
@seat_required("adviser")
def end_interest(request: HttpRequest, fund: Fund, pk: int) -> HttpResponse:
    """The tie ended."""
    declared = AdviserInterest.objects.filter(
        pk=pk, adviser=person(request), ended_on__isnull=True
    ).first()
    if declared is None:
        raise Http404
    desk.end_interest(adviser=person(request), interest=declared, region=fund.region)
    return redirect("adviser:interests", fund.region.slug)
