"""The board's forms. They read text into values; what is allowed is for the services to say."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from allocation.models import Adjustment, Policy, Scenario
from budgetpool.fund.models import Fund
from budgetpool.portals.components import numbers
from budgetpool.portals.components.fields import EurosField, day_field
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.treasurer import pools


class RoundForm(forms.Form):
    """A new round, or the changes to a draft."""

    code = forms.RegexField(
        r"^[0-9]{4}-[0-9]{1,2}$",
        label=_("Name of the round"),
        help_text=_("The year and a number, such as 2027-2."),
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={"invalid": _("Write the name like this: 2027-2.")},
    )
    first_day = day_field(_("First day to ask"), _("From then on the rule is public and fixed."))
    last_day = day_field(_("Last day to ask"), _("This day counts as much as the first."))
    ceiling = EurosField(label=_("Money to divide"), help_text=_("For example: 500.000"))
    reserve = EurosField(
        label=_("Kept apart for objections"),
        help_text=_("From this an objection is paid that turns out to be right."),
    )
    policy = forms.ModelChoiceField(
        label=_("Rule"), queryset=Policy.objects.none(), empty_label=None
    )
    seed_source = forms.CharField(
        label=_("Public draw for the lots"),
        help_text=_("A draw after the last day that nobody here can steer: Lotto of 3 April 2027."),
        max_length=200,
    )

    def __init__(self, *args: Any, fund: Fund, is_change: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        policies: Any = self.fields["policy"]
        policies.queryset = Policy.objects.filter(fund=fund).order_by("name", "-version")
        self.fund = fund
        pools.add_fields(self, fund)
        if is_change:
            for name in ("code", "first_day", "last_day"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error(
                "last_day", _("The last day comes before the first. Choose a later one.")
            )
        pools.check(self, data, self.fund)
        return data

    def moments(self) -> tuple[datetime, datetime]:
        """The window: from the first day's midnight to the midnight after the last day."""
        last: date = self.cleaned_data["last_day"]
        return _midnight(self.cleaned_data["first_day"]), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class ConfirmForm(forms.Form):
    """A step that asks nothing more."""


class ReasonForm(forms.Form):
    """A step with a text."""

    text = forms.CharField(
        label=_("Why?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class QuestionForm(ReasonForm):
    """Send a proposal back."""

    text = forms.CharField(
        label=_("Your question to the other board members"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class DrawForm(forms.Form):
    """What the public draw gave."""

    outcome = forms.CharField(
        label=_("Outcome of the public draw"),
        help_text=_("As it was published: 4 11 19 27 33 41. You can fill it in once."),
        max_length=200,
    )


class ComputeForm(forms.Form):
    """One more way to divide the same money."""

    rule = forms.ChoiceField(
        label=_("Way of dividing"),
        choices=lambda: [
            (
                Scenario.Rule.OPTIMISER,
                OptionLabel(_("The fund’s rule"), hint=_("The board can choose this one.")),
            ),
            *(
                (rule, OptionLabel(rule.label, hint=_("To compare with.")))
                for rule in (Scenario.Rule.FCFS, Scenario.Rule.LOTTERY, Scenario.Rule.RANKING)
            ),
        ],
        widget=forms.RadioSelect,
        initial=Scenario.Rule.OPTIMISER,
    )
    fairness = forms.ChoiceField(
        label=_("How strongly does the smallest group count?"),
        help_text=_("This changes only the fund’s rule."),
        choices=lambda: [
            ("", _("As in the rule of this round")),
            ("1", _("Fully")),
            ("3/4", _("For three quarters")),
            ("1/2", _("For one half")),
            ("0", _("Not at all: only points count")),
        ],
        required=False,
    )
    name = forms.CharField(
        label=_("Name of this scenario"),
        help_text=_("Short, so that everybody knows which one you mean."),
        max_length=80,
    )

    mark_optional = False

    def variation(self) -> dict[str, Any]:
        """The keys of the policy that this scenario changes."""
        fairness = self.cleaned_data["fairness"]
        if not fairness or self.cleaned_data["rule"] != Scenario.Rule.OPTIMISER:
            return {}
        return {"fairness": fairness}


class NoInterestField(forms.BooleanField):
    """A member's own statement; the service refuses a signature without it."""

    def __init__(self) -> None:
        super().__init__(
            label=_("I have no interest of my own in a request of this round"),
            help_text=_("Do you have one? Then you cannot vote on this round."),
            error_messages={"required": _("Tick that you have no interest of your own.")},
        )


class ProposeForm(forms.Form):
    """The first signature: which scenario, and why."""

    scenario = forms.ModelChoiceField(
        label=_("Scenario"),
        queryset=Scenario.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    motivation = forms.CharField(
        label=_("Why do you choose this scenario?"),
        help_text=_("This text comes on the public page."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    no_interest = NoInterestField()

    def __init__(self, *args: Any, scenarios: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["scenario"]
        field.queryset = scenarios
        field.label_from_instance = _with_figures


def _with_figures(scenario: Scenario) -> OptionLabel:
    people = ngettext("%(people)s person", "%(people)s people", scenario.people)
    figures = [
        people % {"people": numbers.count(scenario.people)},
        numbers.euros(scenario.spent_cents),
    ]
    return OptionLabel(scenario.name, hint=" · ".join(figures))


class SignForm(forms.Form):
    """The second signature, under the outcome that was on the screen."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    no_interest = NoInterestField()


class AdjustForm(forms.Form):
    """Give or withhold one request, against the rule."""

    kind = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=lambda: [
            (
                Adjustment.Kind.GIVE,
                OptionLabel(_("Give"), hint=_("Also when the rule refuses it.")),
            ),
            (
                Adjustment.Kind.WITHHOLD,
                OptionLabel(_("Withhold"), hint=_("Also when the rule awards it.")),
            ),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("At least 20 characters. The person can read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class FilterForm(forms.Form):
    """Which requests to show."""

    mark_optional = False
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            ("awarded", _("Awarded")),
            ("refused", _("Refused")),
            ("board", _("Decided by the board")),
        ],
    )
    words = forms.CharField(label=_("Request, training or school"), required=False, max_length=100)
