"""A new version of the fund's rule, lever by lever; what is consistent the service says."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from budgetpool.portals.components import groups
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.policy import share
from budgetpool.portals.components.twice import AskTwice

# What the first, second and third choice count for.
CHOICE_PERCENT: Final = (100, 90, 80)
PERCENT: Final = re.compile(r"(\d{1,3})\s?(?:%|procent|percent|per cent)", re.IGNORECASE)


def percent_field(label: Any, help_text: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=100,
        required=required,
        widget=forms.TextInput(attrs={"data-size": "short", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write a whole number from 0 to 100."),
            "min_value": _("Write a whole number from 0 to 100."),
            "max_value": _("Write a whole number from 0 to 100."),
        },
    )


class PolicyForm(AskTwice):
    """The levers of the rule, each with one sentence on what it does."""

    name = forms.CharField(label=_("Name of the rule"), max_length=120)
    target_percent = percent_field(
        _("Promised to people up to MBO 4 without training, in percent"),
        _("At least this part of the money goes to them, as long as they ask for it."),
    )
    coverage = forms.ChoiceField(
        label=_("By which groups do you look at chances?"),
        help_text=_("The group with the smallest chance is helped first."),
        choices=lambda: [
            (code, groups.column(code)) for code in ("education_level", "contract", "sector")
        ],
    )
    fairness_percent = percent_field(
        _("How strongly does the smallest group count, in percent?"),
        _("100: fully. 0: only points count."),
    )
    coverage_cap_percent = percent_field(
        _("From which share is a group served well enough, in percent?"),
        _("Above this, points count. 100 makes all chances as equal as possible."),
    )
    value = forms.ChoiceField(
        label=_("What does a training weigh?"),
        widget=forms.RadioSelect,
        choices=lambda: [
            ("points", OptionLabel(_("Its points"), hint=_("So more people get a training."))),
            (
                "points_times_amount",
                OptionLabel(
                    _("Its points, times its price"), hint=_("So a dear one has a chance.")
                ),
            ),
        ],
    )
    provider_percent = percent_field(
        _("At most to one school, in percent of the money"),
        _("Without a maximum, a few schools would take most of it."),
    )
    training_count = forms.IntegerField(
        label=_("At most so many people in one training"),
        min_value=1,
        widget=forms.TextInput(attrs={"data-size": "short", "inputmode": "numeric"}),
    )
    give_back_percent = percent_field(
        _("Back to the sectors that paid in, in percent"),
        _("0: a sector has no right to its own money back."),
    )
    waiting_rounds = forms.IntegerField(
        label=_("After how many refusals for lack of money does somebody go first?"),
        help_text=_("So nobody waits for ever. Empty: nobody goes first."),
        required=False,
        min_value=1,
        max_value=20,
        widget=forms.TextInput(attrs={"data-size": "short", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write a whole number from 1 to 20."),
            "min_value": _("Write a whole number from 1 to 20."),
            "max_value": _("Write a whole number from 1 to 20."),
        },
    )
    explanation = forms.CharField(
        label=_("Explanation in plain words"),
        help_text=_("This text comes on the public page."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        odd: list[Any] = []
        if data.get("provider_percent") == 0:
            odd.append(_("With 0% per school no school gets any money."))
        if data.get("target_percent") == 100:
            odd.append(_("With a promise of 100% nothing is promised to anybody else."))
        strange = percents_without_lever(data)
        if strange:
            odd.append(
                _("The explanation says %(percents)s. No part of the rule does.")
                % {"percents": ", ".join(f"{number}%" for number in strange)}
            )
        if odd:
            self.ask_twice(" ".join(str(sentence) for sentence in [*odd, _("Is this right?")]))
        return data

    def rules(self) -> dict[str, Any]:
        """The fields of `policy.toml` that these levers mean."""
        data = self.cleaned_data
        rules: dict[str, Any] = {
            "awards_per_worker": 1,
            "value": data["value"],
            "choice_percent": list(CHOICE_PERCENT),
            "coverage": data["coverage"],
            "fairness": _share(data["fairness_percent"]),
            "coverage_cap": _share(data["coverage_cap_percent"]),
            "tolerance": "1/10000",
            "cap": [
                {
                    "name": "provider",
                    "column": "provider_id",
                    "share_of_ceiling": _share(data["provider_percent"]),
                },
                {"name": "training", "column": "training_id", "count": data["training_count"]},
            ],
        }
        if data["target_percent"]:
            rules["floor"] = [
                {
                    "name": "MBO without training",
                    "column": "target",
                    "equals": "yes",
                    "share_of_ceiling": _share(data["target_percent"]),
                }
            ]
        if data["give_back_percent"]:
            rules["solidarity"] = {
                "column": "sector",
                "give_back": _share(data["give_back_percent"]),
            }
        if data["waiting_rounds"]:
            rules["waiting"] = waiting(data["waiting_rounds"])
        return rules


def percents_without_lever(data: dict[str, Any]) -> list[int]:
    """Percentages that the explanation names and no lever has: what stood there before, mostly.

    >>> percents_without_lever({"explanation": "Minstens 60 procent.", "target_percent": 50})
    [60]
    """
    levers = {value for name, value in data.items() if name.endswith("_percent")}
    levers |= set(CHOICE_PERCENT)
    named = {int(number) for number in PERCENT.findall(data.get("explanation") or "")}
    return sorted(named - levers)


def waiting(rounds: int) -> dict[str, Any]:
    """The clause of the rule that lets people go first after so many refusals."""
    return {"column": "refused_for_money", "bound": rounds}


def initial(rules: dict[str, Any]) -> dict[str, Any]:
    """The form's values for rules that exist; a lever that they do not have stands at its end."""
    floor = next((f for f in rules.get("floor", []) if f["column"] == "target"), None)
    caps = {cap["column"]: cap for cap in rules.get("cap", [])}
    return {
        "target_percent": _percent(floor["share_of_ceiling"]) if floor else 0,
        "coverage": rules.get("coverage") or "education_level",
        "fairness_percent": _percent(rules.get("fairness", 1)),
        "coverage_cap_percent": _percent(rules.get("coverage_cap", 1)),
        "value": rules.get("value", "points"),
        "provider_percent": _percent(caps.get("provider_id", {}).get("share_of_ceiling", 1)),
        "training_count": caps.get("training_id", {}).get("count", 300),
        "give_back_percent": _percent((rules.get("solidarity") or {}).get("give_back", 0)),
        "waiting_rounds": (rules.get("waiting") or {}).get("bound", ""),
    }


def _share(percent: int) -> str:
    return f"{percent}/100"


def _percent(value: Any) -> int:
    return round(share(value) * 100)
