"""The forms of a school."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.decisions.proofs import Signed
from allocation.models import EditionCancellation, EditionMove, PaperSignature, Place, Proof
from budgetpool.bsn import refuse_bsn
from budgetpool.portals.components.answer_fields import CountField, FirstLessonField, PlainDateField
from budgetpool.portals.components.fields import EurosField
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.numbers import day

DAY_WRONG = gettext_lazy("Write the date like this: 1 March 2027.")


def number_field(label: Any) -> CountField:
    """A small count of lessons."""
    return CountField(
        label=label,
        min_value=0,
        max_value=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write a number. For example: 3"),
            "invalid": gettext_lazy("Write a number. For example: 3"),
        },
    )


def plain_day(label: Any, help_text: Any = "") -> PlainDateField:
    """A day in any common spelling."""
    return PlainDateField(
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write the day. For example: 1 March 2027."),
            "invalid": DAY_WRONG,
        },
    )


class BeginForm(forms.Form):
    started_on = FirstLessonField(label=gettext_lazy("First lesson on"))


class WeekForm(forms.Form):
    week_of = plain_day(gettext_lazy("A day in the week"))
    lessons = number_field(gettext_lazy("How many lessons were there?"))
    there = number_field(gettext_lazy("At how many was this person?"))


class GoneForm(forms.Form):
    on = plain_day(gettext_lazy("On which day?"))

    def __init__(self, *args: Any, begun: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.gone = Place.Gone.STOPPED if begun else Place.Gone.ABSENT


class MoveForm(forms.Form):
    """Another start of the same training."""

    edition = forms.ChoiceField(
        label=gettext_lazy("To which start?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a start.")},
    )
    cause = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=[
            (EditionMove.Cause.ASKED.value, gettext_lazy("The person asked for it")),
            (EditionMove.Cause.FULL.value, gettext_lazy("The start is full")),
            (EditionMove.Cause.OTHER.value, gettext_lazy("Something else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why.")},
    )

    def __init__(self, *args: Any, options: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = edition_choices(options)  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why a start does not go on, and where its people go."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Why does it not go on?"),
        choices=[
            (EditionCancellation.Cause.TOO_FEW.value, gettext_lazy("Too few people")),
            (EditionCancellation.Cause.NO_TEACHER.value, gettext_lazy("There is no teacher")),
            (EditionCancellation.Cause.NO_ROOM.value, gettext_lazy("No room or no machines")),
            (EditionCancellation.Cause.OTHER.value, gettext_lazy("Something else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why.")},
    )
    moved_to = forms.ChoiceField(
        label=gettext_lazy("Where do the people go?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where they go.")},
    )

    def __init__(self, *args: Any, options: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moved_to"].choices = [  # type: ignore[attr-defined]
            *edition_choices(options),
            (
                "none",
                OptionLabel(
                    gettext_lazy("To no other start of ours"),
                    hint=gettext_lazy("Everybody keeps the award and chooses another training."),
                ),
            ),
        ]


def edition_choices(editions: list[Any]) -> list[tuple[str, OptionLabel]]:
    """Starts as options: the day, then the place."""
    return [(str(one.pk), OptionLabel(day(one.starts_on), hint=one.place)) for one in editions]


class PriceForm(forms.Form):
    price = EurosField(
        label=gettext_lazy("The new price"),
        help_text=gettext_lazy("With everything: lessons, exam, books and VAT."),
        error_messages={"required": gettext_lazy("Write the new price.")},
    )
    valid_from = plain_day(
        gettext_lazy("From which day?"),
        gettext_lazy("A lower price may hold today. A higher price holds 60 days later or more."),
    )


class InvoiceForm(forms.Form):
    """An invoice for one person; who it is stands here as a number."""

    award = forms.ChoiceField(
        label=gettext_lazy("For which number?"),
        error_messages={"required": gettext_lazy("Choose a number.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Invoice number"),
        max_length=35,
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={"required": gettext_lazy("Write the number of your invoice.")},
    )
    dated_on = plain_day(gettext_lazy("Date of the invoice"))
    amount = EurosField(
        label=gettext_lazy("Amount with VAT"),
        error_messages={"required": gettext_lazy("Write the amount.")},
    )
    vat = EurosField(
        label=gettext_lazy("Of which VAT"),
        help_text=gettext_lazy("Write 0 if your school pays no VAT."),
        error_messages={"required": gettext_lazy("Write the VAT, or 0.")},
    )

    def __init__(self, *args: Any, awards: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["award"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((str(key), words) for key, words in awards),
        ]


class WithdrawalForm(forms.Form):
    """Why a school takes an invoice back."""

    reason = forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write what is wrong with it.")},
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("E-invoice (UBL)"),
        help_text=gettext_lazy("The XML file of your bookkeeping program. 2 MB at most."),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )


class ResultForm(forms.Form):
    """How the training ended."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What did this person get?"),
        choices=[
            (Proof.Kind.DIPLOMA.value, gettext_lazy("A diploma")),
            (Proof.Kind.CERTIFICATE.value, gettext_lazy("A certificate")),
            (
                Proof.Kind.PRACTICE.value,
                OptionLabel(
                    gettext_lazy("A practice declaration"),
                    hint=gettext_lazy("With three signatures."),
                ),
            ),
            (
                Proof.Kind.ATTENDANCE.value,
                OptionLabel(
                    gettext_lazy("No paper, but was there"),
                    hint=gettext_lazy("For 80% of the lessons or more. You wrote the weeks down."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what this person got.")},
    )


ROLES = {
    PaperSignature.Role.LEARNER.value: gettext_lazy("Signature of the person"),
    PaperSignature.Role.TRAINER.value: gettext_lazy("Signature of the trainer at work"),
    PaperSignature.Role.ASSESSOR.value: gettext_lazy("Signature of your school"),
}


class DetailsForm(forms.Form):
    """What a practice declaration says; nothing for the other results."""

    def __init__(self, *args: Any, kind: str, crebo: str, name: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind != Proof.Kind.PRACTICE:
            return
        self.fields["crebo"] = forms.RegexField(
            r"^[0-9]{5}$",
            label=_("What is the CREBO code?"),
            help_text=_("This number has five digits. It is on the paper."),
            initial=crebo,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "data-size": "short"}),
            error_messages={
                "required": _("Write the five digits that are on the paper."),
                "invalid": _("A CREBO code has five digits. For example: 25778"),
            },
        )
        self.fields["work_processes"] = forms.CharField(
            label=_("Which work processes does this person master?"),
            help_text=_("Write each on a line of its own, with its number."),
            max_length=2000,
            validators=[refuse_bsn],
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": _("Write at least one work process.")},
        )
        for role, label in ROLES.items():
            self.fields[f"{role}_name"] = forms.CharField(
                label=_("%(signature)s: which name?") % {"signature": label},
                max_length=200,
                validators=[refuse_bsn],
                initial=name if role == "learner" else "",
                error_messages={"required": _("Write the name of who signed.")},
            )
            self.fields[f"{role}_signed_on"] = plain_day(
                _("%(signature)s: which day?") % {"signature": label}
            )

    def details(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        if self.kind != Proof.Kind.PRACTICE:
            return {"kind": self.kind}
        return {
            "kind": self.kind,
            "crebo": data["crebo"],
            "work_processes": data["work_processes"],
            "signatures": [
                Signed(role, data[f"{role}_name"], data[f"{role}_signed_on"]) for role in ROLES
            ],
        }
