"""The board's forms. They read text into values; what is allowed is for the services to say."""

from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from allocation.models import Adjustment, Policy, Round, Scenario
from allocation.rounds import pot
from allocation.rules import draws
from allocation.rules.draws import Draw
from budgetpool.fund.models import Fund
from budgetpool.money import to_cents
from budgetpool.portals.board import policy_forms
from budgetpool.portals.components import numbers, pools
from budgetpool.portals.components.divisions import not_proven
from budgetpool.portals.components.fields import EurosField, day_field
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.twice import AskTwice

# The hour at which the last day ends: help can be reached until then.
CLOSING: Final = time(17)


def number_field(label: Any, help_text: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        initial=initial,
        min_value=0,
        max_value=draws.HIGHEST,
        widget=forms.TextInput(attrs={"data-size": "short", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write a whole number."),
            "min_value": _("Write a whole number."),
            "max_value": _("This number is too large."),
        },
    )


class RoundForm(AskTwice):
    """A new round, or the changes to a draft."""

    code = forms.RegexField(
        r"^[0-9]{4}-[0-9]{1,2}$",
        label=_("Name of the round"),
        help_text=_("The year and a number, such as 2027-2."),
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={"invalid": _("Write the name like this: 2027-2.")},
    )
    first_day = day_field(_("First day to ask"), _("From then on the rule is public and fixed."))
    last_day = day_field(_("Last day to ask"), _("People can ask until 17:00 on this day."))
    decided_on = day_field(
        _("Day of the decision"),
        _("Everybody who asks reads this day. Empty: two weeks after the last day."),
        required=False,
    )
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
    draw_on = day_field(
        _("Day of the draw"), _("After the last day to ask. The draw is filled in from that day.")
    )
    draw_count = number_field(
        _("How many numbers are drawn"), _("Without a bonus number. The Lotto draws 6."), 6
    )
    draw_lowest = number_field(_("Lowest number that can be drawn"), "", 1)
    draw_highest = number_field(_("Highest number that can be drawn"), _("In the Lotto 45."), 45)
    draw_order = forms.ChoiceField(
        label=_("In which order do the numbers count"),
        choices=lambda: [(code, capfirst(label)) for code, label in Round.DrawOrder.choices],
        widget=forms.RadioSelect,
        initial=Round.DrawOrder.SORTED,
    )

    def __init__(self, *args: Any, fund: Fund, draft: Round | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pot = pot.of(fund, but=draft)
        policies: Any = self.fields["policy"]
        policies.queryset = Policy.objects.filter(fund=fund).order_by("name", "-version")
        self.fund = fund
        pools.add_fields(self, fund)
        if draft is not None:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error(
                "last_day", _("The last day comes before the first. Choose a later one.")
            )
        decided = data.get("decided_on")
        if last and decided and decided <= last:
            self.add_error(
                "decided_on", _("The decision comes after the last day. Choose a later one.")
            )
        pools.check(self, data, self.fund)
        ceiling, reserve = data.get("ceiling"), data.get("reserve")
        if ceiling and reserve is not None:
            self._compare_with_pot(to_cents(ceiling) + to_cents(reserve))
        return data

    def _compare_with_pot(self, asked: int) -> None:
        if asked > self.pot.free:
            self.ask_twice(
                _(
                    "This round asks %(asked)s. In the pot %(free)s is free now. "
                    "It can open only when there is enough. Is this right?"
                )
                % {
                    "asked": numbers.euros_exact(asked),
                    "free": numbers.euros_exact(self.pot.free),
                }
            )

    def values(self) -> dict[str, Any]:
        """The values as `rounds.plan` and `rounds.change` take them."""
        data = self.cleaned_data
        return {
            "policy": data["policy"],
            "ceiling": data["ceiling"],
            "reserve": data["reserve"],
            "pools": pools.chosen(data, self.fund),
            "draw": self.draw(),
            "span": self.moments(),
            "decided_on": data["decided_on"],
        }

    def draw(self) -> Draw:
        """The public draw: its source, day and form."""
        data = self.cleaned_data
        return Draw(
            data["seed_source"],
            data["draw_on"],
            data["draw_count"],
            data["draw_lowest"],
            data["draw_highest"],
            data["draw_order"],
        )

    def moments(self) -> tuple[datetime, datetime]:
        """The window: from the first day's midnight to the closing hour of the last day."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        return _at(first, time.min), _at(last, CLOSING)


# Where a page says what a service refused.
ROUND_FIELDS: Final = {
    "starts_in_the_past": "first_day",
    "draw_before_end": "draw_on",
    "draw_form_wrong": "draw_count",
    "pools_do_not_add_up": "ceiling",
}


def initial(round: Round) -> dict[str, Any]:
    """The form's values for a draft."""
    names = ("ceiling", "reserve", "policy", "seed_source", "draw_on", "draw_order")
    numbers_of = ("draw_count", "draw_lowest", "draw_highest")
    return {
        "first_day": timezone.localdate(round.window.opens_at),
        "last_day": timezone.localdate(round.window.closes_at),
        "decided_on": round.window.decided_on,
        **{name: getattr(round, name) for name in (*names, *numbers_of)},
    }


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


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
    sha256 = forms.CharField(widget=forms.HiddenInput)


class DrawForm(forms.Form):
    """What the public draw gave."""

    outcome = forms.CharField(
        label=_("Outcome of the public draw"),
        help_text=_(
            "The numbers as they were published: 4 11 19 27 33 41. Another member fills them in "
            "too. Only when both are alike they count."
        ),
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
    waiting = forms.ChoiceField(
        label=_("After how many refusals for lack of money does somebody go first?"),
        help_text=_("This changes only the fund’s rule. So you see what the rule costs in points."),
        choices=lambda: [
            ("", _("As in the rule of this round")),
            ("0", _("Never")),
            *((str(n), str(n)) for n in range(1, 6)),
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
        fairness, waiting = self.cleaned_data["fairness"], self.cleaned_data["waiting"]
        changed: dict[str, Any] = {}
        if self.cleaned_data["rule"] != Scenario.Rule.OPTIMISER:
            return changed
        if fairness:
            changed["fairness"] = fairness
        if waiting:
            changed["waiting"] = policy_forms.waiting(int(waiting)) if int(waiting) else None
        return changed


class ChangeForm(forms.Form):
    """After a decision of the board: the new best division, and one that changes few people."""

    mark_optional = False
    instead_of = forms.ModelChoiceField(
        label=_("Compared with which scenario?"),
        queryset=Scenario.objects.none(),
        empty_label=None,
    )
    name = forms.CharField(
        label=_("Name"), help_text=_("For example: after the hardship case"), max_length=60
    )
    most = forms.IntegerField(
        label=_("How many people may get another outcome, at most?"),
        help_text=_("Empty: as few as possible, beside the division with the most points."),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"data-size": "short", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write a whole number."),
            "min_value": _("Write a whole number."),
        },
    )

    def __init__(self, *args: Any, scenarios: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["instead_of"]
        field.queryset = scenarios
        field.label_from_instance = lambda scenario: scenario.name


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
        error_messages={
            "invalid_choice": _(
                "This scenario cannot be chosen: it was not checked, or it is from before a "
                "decision of the board. Choose one that stands here."
            )
        },
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
    if not scenario.is_proven:
        figures.append(not_proven(scenario))
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
    """Which requests to show, and what which scenario decides about them.

    `scenarios` are pairs of a key and a name.
    """

    mark_optional = False
    scenario = forms.ChoiceField(label=_("Scenario"), required=False)
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

    def __init__(self, *args: Any, scenarios: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scenario"].choices = scenarios  # type: ignore[attr-defined]


# How an outcome differs from that of another scenario.
MOVES: Final = {
    "gained": _("Gains a training"),
    "lost": _("Loses a training"),
    "other": _("Gets another training or amount"),
}


class MovedForm(forms.Form):
    """Between which two scenarios, and who of those whose outcome differs."""

    mark_optional = False
    before = forms.ChoiceField(label=_("Instead of"), required=False)
    after = forms.ChoiceField(label=_("Choose"), required=False)
    move = forms.ChoiceField(
        label=_("What changes"),
        required=False,
        choices=lambda: [("", _("All")), *MOVES.items()],
    )
    words = forms.CharField(label=_("Request, training or school"), required=False, max_length=100)

    def __init__(self, *args: Any, scenarios: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("before", "after"):
            self.fields[name].choices = scenarios  # type: ignore[attr-defined]
