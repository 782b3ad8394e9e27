"""The forms with which an objection is handled, one per step."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allocation.models import Objection
from budgetpool.portals.components import numbers
from budgetpool.portals.components.fields import day_field
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.register.codes import Contract, EducationLevel, Sector
from workers.models import TrainingRequest, Worker

UNCHANGED = ("", _("As it was"))
CHOICES: Final = {"education": EducationLevel, "contract": Contract, "sector": Sector}


class TakeForm(forms.Form):
    """Take an objection on."""


class HearingForm(forms.Form):
    """When and where the worker is heard."""

    day = day_field(_("Day of the hearing"), _("For example: 01-03-2027"))
    time = forms.TimeField(
        label=_("Time"),
        help_text=_("For example: 14:00"),
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={"invalid": _("Write the time like this: 14:00.")},
    )
    place = forms.CharField(label=_("Place, or by phone or video"), max_length=200)

    def moment(self) -> datetime:
        return timezone.make_aware(
            datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        )


class ReportForm(forms.Form):
    """What was said at the hearing."""

    report = forms.CharField(
        label=_("Report of the hearing"), widget=forms.Textarea(attrs={"rows": 6})
    )


class CorrectForm(forms.Form):
    """The facts as they should have been; the round is divided again with them."""

    mark_optional = False
    education = forms.ChoiceField(
        label=_("Highest diploma"),
        required=False,
        choices=lambda: [UNCHANGED, *EducationLevel.choices],
    )
    contract = forms.ChoiceField(
        label=_("Contract"), required=False, choices=lambda: [UNCHANGED, *Contract.choices]
    )
    sector = forms.ChoiceField(
        label=_("Sector of the work"),
        required=False,
        choices=lambda: [UNCHANGED, *Sector.choices],
    )
    hours_trained = forms.IntegerField(
        label=_("Hours of training in the last two years"),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"data-size": "short", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        hours = worker.training_hours_two_years
        in_the_file = {
            "education": worker.get_education_display(),
            "contract": worker.get_contract_display(),
            "sector": worker.get_sector_display(),
            "hours_trained": _("unknown") if hours is None else numbers.count(hours),
        }
        for name, value in in_the_file.items():
            said = _("In the file: %(value)s.") % {"value": value or _("unknown")}
            self.fields[name].help_text = said
        leave = _("Leave it empty when it was right.")
        self.fields["hours_trained"].help_text += f" {leave}"

    def facts(self) -> dict[str, Any]:
        """Only what is corrected."""
        return {k: v for k, v in self.cleaned_data.items() if v not in ("", None)}


def corrected(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """The facts that were corrected, by the names of their fields."""
    words = {}
    for name in ("education", "contract", "sector"):
        choices = {code: str(label) for code, label in CHOICES[name].choices}
        words[name] = choices.get(facts.get(name, ""), "")
    words["hours_trained"] = (
        numbers.count(facts["hours_trained"]) if "hours_trained" in facts else ""
    )
    fields = CorrectForm.base_fields
    return [(str(fields[name].label), value) for name, value in words.items() if value]


class DecideForm(forms.Form):
    """The decision on the objection, with its reasons."""

    mark_optional = False
    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        choices=lambda: [
            (
                Objection.Status.UPHELD,
                OptionLabel(
                    _("The objection is right"), hint=_("The award comes from the reserve.")
                ),
            ),
            (
                Objection.Status.DISMISSED,
                OptionLabel(_("The objection is not right"), hint=_("The decision stays.")),
            ),
            (
                Objection.Status.INADMISSIBLE,
                OptionLabel(
                    _("The objection cannot be handled"), hint=_("For example: it came too late.")
                ),
            ),
        ],
    )
    choice: Any = forms.ModelChoiceField(
        label=_("Which training is awarded?"),
        help_text=_("Only when the objection is right and the new division gives none."),
        queryset=None,
        required=False,
        empty_label=_("As the new division says"),
    )
    late_excused = forms.TypedChoiceField(
        label=_("Did it come too late for a good reason?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda text: text == "yes",
        empty_value=None,
        required=False,
    )
    answer = forms.CharField(
        label=_("Decision with its reasons"),
        help_text=_("This text stands in the letter. Write to the person, in plain words."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, request: TrainingRequest, is_late: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["choice"]
        field.queryset = request.choices.order_by("rank")
        if not is_late:
            del self.fields["late_excused"]
