"""What is to be tried: one of the fund's rules, on how many invented people, how often."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allocation.models import Policy
from budgetpool.fund.models import Fund
from budgetpool.portals.components import numbers

YEARS, ROUNDS = 2, 2
REQUESTS = (300, 600, 1_500)
SEEDS = (5, 10, 20)


class LaboratoryForm(forms.Form):
    """A rule of this fund, and sizes that end in reasonable time."""

    policy = forms.ModelChoiceField(
        Policy.objects.none(),
        label=_("Which rule do you want to try?"),
        help_text=_("Rules that are not used yet stand here too."),
        empty_label=None,
    )
    requests = forms.TypedChoiceField(
        label=_("How many requests in a round?"),
        choices=lambda: [(number, numbers.count(number)) for number in REQUESTS],
        coerce=int,
        initial=REQUESTS[0],
    )
    seeds = forms.TypedChoiceField(
        label=_("In how many invented regions?"),
        help_text=_("More regions take longer, and show better what is chance."),
        choices=lambda: [(number, numbers.count(number)) for number in SEEDS],
        coerce=int,
        initial=SEEDS[0],
    )

    def __init__(self, data: Any = None, *, fund: Fund) -> None:
        super().__init__(data)
        field = self.fields["policy"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Policy.objects.filter(fund=fund).order_by("-pk")

    def asked(self) -> dict[str, Any]:
        """The arguments of `asking.ask`."""
        return {**self.cleaned_data, "rounds": ROUNDS, "years": YEARS}
