"""The filter above the list of trainings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from budgetpool.register import search
from budgetpool.register.codes import EducationLevel, Sector, TeachingLanguage

ANY = ("", _("No preference"))
LENGTHS = [
    ANY,
    ("8", _("One day at most")),
    ("24", _("Three days at most")),
    ("80", _("Ten days at most")),
]
STARTS = [ANY, ("1", _("In the first month")), ("3", _("In the first three months"))]


class TrainingFilter(forms.Form):
    """What somebody is looking for; every field may stay empty."""

    mark_optional = False

    text = forms.CharField(label=_("What do you want to learn?"), required=False, max_length=80)
    sector = forms.ChoiceField(
        label=_("Kind of work"), required=False, choices=[ANY, *Sector.choices]
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=60)
    hours = forms.ChoiceField(label=_("How long"), required=False, choices=LENGTHS)
    months = forms.ChoiceField(label=_("Start"), required=False, choices=STARTS)
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[ANY, *((c, n) for c, n in EducationLevel.choices if c != "none")],
    )
    language = forms.ChoiceField(
        label=_("Language of the lessons"), required=False, choices=[ANY, *TeachingLanguage.choices]
    )
    evening = forms.BooleanField(label=_("In the evening"), required=False)
    online = forms.BooleanField(label=_("Online"), required=False)
    wheelchair = forms.BooleanField(label=_("Reachable by wheelchair"), required=False)
    plain_language = forms.BooleanField(label=_("Easy to read"), required=False)
    extra_guidance = forms.BooleanField(label=_("With extra guidance"), required=False)

    def wish(self) -> search.Wish:
        """The filter as the register understands it."""
        data = self.cleaned_data
        return search.Wish(
            text=data["text"],
            sector=data["sector"],
            place=data["place"],
            hours_max=int(data["hours"]) if data["hours"] else None,
            months_max=int(data["months"]) if data["months"] else None,
            level=data["level"],
            language=data["language"],
            evening=data["evening"],
            online=data["online"],
            wheelchair=data["wheelchair"],
            plain_language=data["plain_language"],
            extra_guidance=data["extra_guidance"],
        )
