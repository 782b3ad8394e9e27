"""What somebody says of a draft rule; no field but the words has to be filled in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allocation.models import Consultation
from budgetpool.portals.components import consultations


class CommentForm(forms.Form):
    """One comment."""

    text = forms.CharField(
        label=_("What do you want to say?"),
        help_text=_("Leave out names and private things. The board reads it before others do."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    lever = forms.ChoiceField(label=_("About which part of the rule?"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Only if you want it to stand beside your words."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    consent = forms.BooleanField(label=_("My name may be shown on this page."), required=False)

    # The form's field for a field of the model.
    MODEL_NAMES = {"text": "text", "shown_name": "name", "consent": "consent"}

    def __init__(self, *args: object, consultation: Consultation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["lever"].choices = consultations.choices(consultation)  # type: ignore[attr-defined]


class FindForm(forms.Form):
    """Which comments to show."""

    mark_optional = False
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    lever = forms.ChoiceField(label=_("About which part of the rule?"), required=False)

    def __init__(self, *args: object, consultation: Consultation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        parts = consultations.choices(consultation)[1:]
        self.fields["lever"].choices = [("", _("All")), *parts]  # type: ignore[attr-defined]
