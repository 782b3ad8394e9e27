"""After the training: send the proof, or say that one stopped."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from allocation.decisions import proofs
from allocation.lives import AWARD
from allocation.models import Award, PaperSignature, Proof
from allocation.models.proof import ATTENDANCE_PERCENT_LEAST
from budgetpool.bsn import refuse_bsn
from budgetpool.portals.access import person
from budgetpool.portals.application.attaching import UPLOADS_PER_HOUR, receive
from budgetpool.portals.application.door import page, request_required
from budgetpool.portals.components import standing
from budgetpool.portals.components.answer_fields import CountField, PlainDateField
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.rate_limits import limited
from budgetpool.portals.components.refusals import say
from budgetpool.refusals import Refusal
from workers.models import Document, TrainingRequest

KINDS: Final = [
    (Proof.Kind.DIPLOMA.value, gettext_lazy("A diploma")),
    (Proof.Kind.CERTIFICATE.value, gettext_lazy("A certificate")),
    (
        Proof.Kind.PRACTICE.value,
        OptionLabel(
            gettext_lazy("A practice declaration"), hint=gettext_lazy("With three signatures.")
        ),
    ),
    (
        Proof.Kind.ATTENDANCE.value,
        OptionLabel(
            gettext_lazy("A paper that shows that I was there"),
            hint=gettext_lazy("For 80% of the lessons or more."),
        ),
    ),
]
ROLES: Final = {
    PaperSignature.Role.LEARNER.value: gettext_lazy("Your own signature"),
    PaperSignature.Role.TRAINER.value: gettext_lazy("Signature of the trainer at work"),
    PaperSignature.Role.ASSESSOR.value: gettext_lazy("Signature of the school"),
}


class KindForm(forms.Form):
    """What somebody has in hand."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What did you get?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you got.")},
    )


class DetailsForm(forms.Form):
    """What else belongs to this kind of proof; nothing for a diploma or a certificate."""

    def __init__(self, *args: Any, kind: str, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == Proof.Kind.ATTENDANCE:
            self.fields["attendance_percent"] = CountField(
                label=_("How much of the lessons were you there?"),
                help_text=_("In percent. For example: 90"),
                min_value=ATTENDANCE_PERCENT_LEAST,
                max_value=100,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "data-size": "short"}),
                error_messages={
                    "required": _("Write how much you were there. For example: 90"),
                    "invalid": _("Write a number. For example: 90"),
                    "min_value": _("It must be 80 percent or more. Were you ill? Call us."),
                    "max_value": _("It cannot be more than 100 percent."),
                },
            )
        if kind == Proof.Kind.PRACTICE:
            self._practice(award)

    def _practice(self, award: Award) -> None:
        training = award.choice.training
        self.fields["work_processes"] = forms.CharField(
            label=_("Which work processes are on the paper?"),
            help_text=_("Copy them from the paper. Write each on a line of its own."),
            max_length=2000,
            validators=[refuse_bsn],
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": _("Copy at least one work process from the paper.")},
        )
        self.fields["crebo"] = forms.RegexField(
            r"^[0-9]{5}$",
            label=_("What is the CREBO code?"),
            help_text=_("This number has five digits. It is on the paper."),
            initial=training.crebo if training else "",
            widget=forms.TextInput(attrs={"inputmode": "numeric", "data-size": "short"}),
            error_messages={
                "required": _("Write the five digits that are on the paper."),
                "invalid": _("A CREBO code has five digits. For example: 25778"),
            },
        )
        for role, label in ROLES.items():
            self.fields[f"{role}_name"] = forms.CharField(
                label=_("%(signature)s: which name?") % {"signature": label},
                max_length=200,
                validators=[refuse_bsn],
                initial=award.request.worker.name if role == "learner" else "",
                error_messages={"required": _("Write the name of who signed.")},
            )
            self.fields[f"{role}_signed_on"] = PlainDateField(
                label=_("%(signature)s: which day?") % {"signature": label},
                widget=forms.TextInput(attrs={"data-size": "short"}),
                error_messages={
                    "required": _("Write the day that is on the paper."),
                    "invalid": _("Write the date like this: 31-03-2027."),
                },
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for role in ROLES:
            day = data.get(f"{role}_signed_on")
            if day is not None and day > timezone.localdate():
                self.add_error(f"{role}_signed_on", _("This day is still to come."))
        return data

    def details(self) -> dict[str, Any]:
        """The arguments of `proofs.send`."""
        data = self.cleaned_data
        signed = [
            proofs.Signed(role, data[f"{role}_name"], data[f"{role}_signed_on"])
            for role in ROLES
            if f"{role}_name" in data
        ]
        rest = {name: data[name] for name in data if not name.startswith(tuple(ROLES))}
        return {"kind": self.kind, "signatures": signed, **rest}


@require_http_methods(["GET", "POST"])
@request_required
def proof(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Ask what somebody has in hand; or say where the proof that was sent stands."""
    award = _award(asked)
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("apply:proof-of", asked.pk, form.cleaned_data["kind"])
    context = {
        "award": award,
        "form": form,
        "latest": proofs.latest(award),
        "running": award.status in AWARD.before("prove"),
    }
    return page(request, asked, "application/proof.html", context)


@require_http_methods(["GET", "POST"])
@limited("upload", most=UPLOADS_PER_HOUR)
@request_required
def proof_of(request: HttpRequest, asked: TrainingRequest, kind: str) -> HttpResponse:
    """The photos of one kind of proof, what else belongs to it, and the button that sends it."""
    award = _award(asked)
    if kind not in Proof.Kind.values:
        raise Http404
    if award.status not in AWARD.before("prove"):
        return redirect("apply:proof", asked.pk)
    sending = "send" in request.POST
    form = DetailsForm(request.POST if sending else None, kind=kind, award=award)
    documents = asked.documents.filter(purpose=Document.Purpose.PROOF)
    if request.method == "POST" and not sending:
        receive(request, asked, Document.Purpose.PROOF)
        return redirect("apply:proof-of", asked.pk, kind)
    if sending and form.is_valid():
        try:
            proofs.send(award=award, actor=person(request), **form.details())
        except Refusal as refused:
            messages.error(request, say(refused))
            return redirect("apply:proof-of", asked.pk, kind)
        messages.success(request, _("We have your proof. Somebody looks at it within a week."))
        return redirect("apply:request", asked.pk)
    context = {
        "award": award,
        "form": form,
        "kind": kind,
        "title": dict(KINDS)[kind],
        "documents": documents,
    }
    return page(request, asked, "application/proof_of.html", context)


class StopForm(forms.Form):
    """Why somebody stops, in one word; each is a good reason."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you stop?"),
        choices=[
            ("ill", gettext_lazy("I am ill")),
            ("care", gettext_lazy("I have to care for somebody")),
            ("work", gettext_lazy("I have new work, or other hours")),
            ("too_hard", gettext_lazy("It was too hard or too much")),
            ("training", gettext_lazy("The training was not good")),
            ("other", gettext_lazy("Something else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why you stop.")},
    )


@require_http_methods(["GET", "POST"])
@request_required
def stop(request: HttpRequest, asked: TrainingRequest) -> HttpResponse:
    """Stop with a training; nothing is asked back from the person."""
    award = _award(asked)
    if award.status not in AWARD.before("prove"):
        return redirect("apply:request", asked.pk)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        proofs.stop(award=award, actor=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("You stopped with the training. You pay nothing."))
        return redirect("apply:request", asked.pk)
    return page(request, asked, "application/stop.html", {"award": award, "form": form})


def _award(asked: TrainingRequest) -> Award:
    award = standing.award_of(asked)
    if award is None:
        raise Http404
    return award
