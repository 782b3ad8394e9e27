"""Help: a call back for everybody, and who may act for a worker."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models import Fund, Region
from budgetpool.portals.access import person, worker_required
from budgetpool.portals.components.answer_fields import PhoneField
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.worker.door import page
from budgetpool.users.models import User
from workers.counter import desk
from workers.counter import mandates as services
from workers.models import HelpRequest, Mandate, Worker


class CallForm(forms.Form):
    """Who wants to be called, or to come by."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you want?"),
        choices=[
            ("call", gettext_lazy("Call me")),
            ("visit", gettext_lazy("I want to come by")),
        ],
        initial="call",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    phone = PhoneField(
        label=gettext_lazy("Your phone number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "data-size": "short"}),
        error_messages={"required": gettext_lazy("Write your phone number.")},
    )


@require_http_methods(["GET", "POST"])
@limited("help", most=10)
def ask(request: HttpRequest, region: str) -> HttpResponse:
    """Ask to be called; nobody needs an account for that."""
    here = get_object_or_404(Region, slug=region)
    fund = get_object_or_404(Fund, region=here)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        worker = (
            Worker.objects.filter(user=request.user, region=here).first()
            if isinstance(request.user, User)
            else None
        )
        desk.ask_help(
            region=here, language=get_language() or "nl", worker=worker, **form.cleaned_data
        )
        messages.success(request, _("We have your number. We call you within two working days."))
        return redirect("worker:start", here.slug)
    context = {"form": form, "region": here, "fund": fund, "worker": None}
    return render(request, "worker/ask_help.html", context)


class AdviserField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Advisers by name; their e-mail address is not the worker's to see."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MandateForm(forms.Form):
    """Who may help, and with what."""

    adviser = AdviserField(
        label=gettext_lazy("Who may help you?"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose an adviser.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What may the adviser do?"),
        choices=[
            (
                "read",
                OptionLabel(gettext_lazy("Read along"), hint=gettext_lazy("And change nothing.")),
            ),
            ("apply", gettext_lazy("Ask for training for me")),
            (
                "follow",
                OptionLabel(
                    gettext_lazy("Do everything with me"),
                    hint=gettext_lazy("Also what comes after the decision."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the adviser may do.")},
    )

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = services.advisers(worker.region)
        field = self.fields["adviser"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people])


@require_http_methods(["GET", "POST"])
@worker_required
def mandates(request: HttpRequest, worker: Worker) -> HttpResponse:
    """Who may help now, and a form to let somebody help for half a year."""
    form = MandateForm(request.POST or None, worker=worker)
    if request.method == "POST" and form.is_valid():
        try:
            services.give(
                actor=person(request),
                worker=worker,
                adviser=form.cleaned_data["adviser"],
                scope=form.cleaned_data["scope"],
                given=Mandate.Given.WEB,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("%(adviser)s may help you now.") % {"adviser": form.cleaned_data["adviser"].name},
            )
            return redirect("worker:help")
    waiting = HelpRequest.objects.filter(worker=worker, done_at__isnull=True).exists()
    context = {
        "form": form,
        "mandates": services.live(worker),
        "waiting": waiting,
        "advisers": services.advisers(worker.region),
    }
    return page(request, worker, "worker/help.html", context)


@require_POST
@worker_required
def revoke(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """Stop the help, at once."""
    mandate = services.live(worker).filter(pk=pk).first()
    if mandate is None:
        raise Http404
    services.revoke(actor=person(request), mandate=mandate)
    messages.success(
        request, _("%(adviser)s can no longer help you.") % {"adviser": mandate.adviser.name}
    )
    return redirect("worker:help")
