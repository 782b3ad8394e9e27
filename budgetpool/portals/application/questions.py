"""The forms of the application: one question each, many spellings welcome."""

import math
import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.portals.components.answer_fields import PhoneField, PlainDateField
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.register.codes import Sector
from workers.models import Worker

ELSEWHERE = "elsewhere"
HOURS = re.compile(r"([0-9]{1,4}(?:[.,][0-9])?)\s*(?:u|uur|uren|h|hours?)?")


class Question(forms.Form):
    """A form over facts of the worker; `mark_optional` is off, the texts say it themselves."""

    mark_optional = False

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker = worker
        self.prepare()

    def prepare(self) -> None:
        """Fill what depends on the worker, such as the municipalities of their region."""


class PersonForm(Question):
    name = forms.CharField(
        label=_("Your first and last name"),
        max_length=200,
        validators=[refuse_bsn],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    birth_date = PlainDateField(
        label=_("Your date of birth"),
        help_text=_("For example: 31-03-1994"),
        widget=forms.TextInput(
            attrs={"autocomplete": "bday", "inputmode": "text", "data-size": "short"}
        ),
        error_messages={
            "required": _("Write your date of birth."),
            "invalid": _("Write the date like this: 31-03-1994."),
        },
    )

    municipality = forms.CharField(
        label=_("Your municipality"),
        max_length=100,
        validators=[refuse_bsn],
        error_messages={"required": _("Choose your municipality.")},
    )

    def prepare(self) -> None:
        places = sorted(self.worker.region.municipalities)
        if not places:
            return
        self.fields["municipality"] = forms.ChoiceField(
            label=_("Your municipality"),
            choices=[
                ("", _("Choose")),
                *((place, place) for place in places),
                (ELSEWHERE, _("Another municipality")),
            ],
            error_messages={"required": _("Choose your municipality.")},
        )

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if not 1920 <= born.year <= timezone.localdate().year:
            raise ValidationError(_("Look at the year. Write the date like this: 31-03-1994."))
        return born


class ReachForm(Question):
    email = forms.CharField(
        label=_("Your e-mail address (optional)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(
        label=_("Your phone number (optional)"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "data-size": "short"}),
    )
    address = forms.CharField(
        label=_("Your address, if you want letters on paper (optional)"),
        help_text=_("Street, number, postcode and place"),
        required=False,
        max_length=200,
        validators=[refuse_bsn],
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email:
            try:
                validate_email(email)
            except ValidationError as error:
                raise ValidationError(
                    _("Write your e-mail address like this: name@example.nl.")
                ) from error
        return email

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not self.errors and not any(facts.get(name) for name in ("email", "phone", "address")):
            self.add_error("email", _("Write an e-mail address, a phone number or an address."))
        return facts


CONTRACTS = [
    ("agency", OptionLabel(_("Through a temp agency"))),
    ("on_call", OptionLabel(_("On call"), hint=_("You work when they call you."))),
    ("no_fixed_hours", OptionLabel(_("A contract without fixed hours"))),
    ("temp_short", OptionLabel(_("Temporary, for less than a year"))),
    ("temp_long", OptionLabel(_("Temporary, for a year or more"))),
    (
        "temp_prospect",
        OptionLabel(_("Temporary, and it may become permanent"), hint=_("They told you so.")),
    ),
    ("permanent", OptionLabel(_("A permanent contract with fixed hours"))),
    ("self_employed", OptionLabel(_("For myself"), hint=_("You send invoices."))),
]


class WorkForm(Question):
    contract = forms.ChoiceField(
        label=_("How do you work?"),
        help_text=_("Do you have more than one job? Choose the one with the most hours."),
        choices=CONTRACTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you work.")},
    )
    sector = forms.ChoiceField(
        label=_("What kind of company is it?"),
        help_text=_("Do you work through an agency? Then choose where you do the work."),
        choices=[("", _("Choose")), *((code, label) for code, label in Sector.choices)],
        error_messages={"required": _("Choose the kind of company.")},
    )


EDUCATION = [
    ("none", _("No diploma")),
    ("vmbo", _("vmbo, mavo or lts")),
    ("mbo1", _("mbo 1")),
    ("mbo2", _("mbo 2")),
    ("mbo3", _("mbo 3")),
    ("mbo4", _("mbo 4")),
    ("havo_vwo", _("havo or vwo")),
    ("hbo", _("hbo")),
    ("wo", _("university")),
]


YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class LearningForm(Question):
    education = forms.ChoiceField(
        label=_("What is your highest diploma?"),
        help_text=_(
            "Choose the highest one that you finished. One from another country counts too: choose "
            "what is most like it."
        ),
        choices=EDUCATION,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your highest diploma.")},
    )
    training_hours_two_years = forms.CharField(
        label=_("How many hours of training did you have in the last two years?"),
        help_text=_("A day is about 8 hours. Did you have none? Then write 0."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-size": "short"}),
        error_messages={"required": _("Write a number. Write 0 if you had no training.")},
    )

    has_study_finance = forms.TypedChoiceField(
        label=_("Do you get study finance from DUO now?"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )

    def clean_training_hours_two_years(self) -> int:
        """Whole hours; "16 uur" and "7,5" are read too, a half hour counts as a whole one."""
        text = self.cleaned_data["training_hours_two_years"].strip().lower()
        number = HOURS.fullmatch(text)
        if number is None or float(number[1].replace(",", ".")) > 5000:
            raise ValidationError(_("Write a number of hours, such as 0, 8 or 40."))
        return math.ceil(float(number[1].replace(",", ".")))

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class GoalForm(Question):
    goal = forms.CharField(
        label=_("What do you want to reach with this training? (optional)"),
        help_text=_("For example: I want to work in the warehouse office."),
        required=False,
        max_length=1000,
        validators=[refuse_bsn],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
