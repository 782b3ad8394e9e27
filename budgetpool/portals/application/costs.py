"""The forms about money: an own training, and what comes on top of a training, one by one."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djmoney.money import Money

from budgetpool.bsn import refuse_bsn
from budgetpool.money import from_cents, to_cents
from budgetpool.portals.components.answer_fields import EuroField, PlainDateField
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.numbers import day
from budgetpool.written import euros
from workers.models import Choice, Host
from workers.models.requests import GAP_MONTHS_LEAST, GAP_MONTHS_MOST
from workers.requests.norms import Norm, norm_of, norms


class AsksTwice(forms.Form):
    """Asks again, once, when an amount is more than usual; nothing is stored before the yes."""

    def ask_twice(self, amount: Money | None, norm: Norm) -> None:
        """Refuse what nobody can ask for, and ask whether an unusual amount is right."""
        if amount is None:
            return
        cents = to_cents(amount)
        if cents > norm.most:
            self.add_error(
                None, _("You can ask %(amount)s at most for this.") % {"amount": euros(norm.most)}
            )
        elif cents > norm.ordinary:
            said = {"amount": euros(cents)}
            self.fields["sure"] = forms.BooleanField(
                label=_("Yes, %(amount)s is right") % said, required=False
            )
            if self.data.get("sure") != "on":
                self.add_error(
                    "sure", _("%(amount)s is more than usual. Is it right? Tick the box.") % said
                )


class StartsAfterTheAnswer(AsksTwice):
    """A form with a `start`, which lies after the days in which people say yes or no.

    Args:
        first_start: the first day on which what is asked for may start.
    """

    def __init__(self, *args: Any, first_start: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_start = first_start
        self.fields["start"].help_text = _(
            "From %(day)s on: until then you can still say yes or no."
        ) % {"day": day(first_start)}

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if start < self.first_start:
            raise ValidationError(
                _("That is too early. Choose a start from %(day)s.")
                % {"day": day(self.first_start)}
            )
        if start.year > self.first_start.year + 2:
            raise ValidationError(_("Look at the year. Write the date like this: 01-03-2027."))
        return start


class ProposalForm(StartsAfterTheAnswer):
    """A training that the register does not have."""

    title = forms.CharField(
        label=gettext_lazy("Name of the training"),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write the name of the training.")},
    )
    provider = forms.CharField(
        label=gettext_lazy("Name of the school"),
        max_length=200,
        validators=[refuse_bsn],
        error_messages={"required": gettext_lazy("Write the name of the school.")},
    )
    start = PlainDateField(
        label=gettext_lazy("When does it start?"),
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write when the training starts."),
            "invalid": gettext_lazy("Write the date like this: 01-03-2027."),
        },
    )
    price = EuroField(
        label=gettext_lazy("What does it cost, in euros?"),
        help_text=gettext_lazy("You find this in the letter or e-mail from the school."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write what the training costs."),
            "invalid": gettext_lazy("Write the amount like this: 450 or 450,50."),
        },
    )

    def clean_price(self) -> Money:
        price: Money = self.cleaned_data["price"]
        if not to_cents(price):
            raise ValidationError(_("Write what the training costs."))
        return price

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.ask_twice(data.get("price"), norms()["training"])
        return data

    def wish(self) -> dict[str, Any]:
        """The arguments of `requests.propose`."""
        return {name: self.cleaned_data[name] for name in ("title", "provider", "start", "price")}


class GapYearForm(StartsAfterTheAnswer):
    """A gap year as a trainee: where, from when, how long, and what it costs."""

    host = forms.ChoiceField(
        label=gettext_lazy("Where do you want to learn?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a place.")},
    )
    other = forms.CharField(
        label=gettext_lazy("Name of the other place"),
        max_length=200,
        required=False,
        validators=[refuse_bsn],
    )
    start = PlainDateField(
        label=gettext_lazy("When does it start?"),
        widget=forms.TextInput(attrs={"data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write when it starts."),
            "invalid": gettext_lazy("Write the date like this: 01-03-2027."),
        },
    )
    months = forms.IntegerField(
        label=gettext_lazy("How many months?"),
        help_text=gettext_lazy("From 3 to 12."),
        min_value=GAP_MONTHS_LEAST,
        max_value=GAP_MONTHS_MOST,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-size": "short"}),
        error_messages={
            name: gettext_lazy("Write a number of months, from 3 to 12.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    living = EuroField(
        label=gettext_lazy("What do you need to live on each month, in euros?"),
        help_text=gettext_lazy("Beside what the place pays you. Nothing? Then write 0."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-size": "short"}),
        error_messages={
            "required": gettext_lazy("Write an amount. Nothing? Then write 0."),
            "invalid": gettext_lazy("Write the amount like this: 450 or 450,50."),
        },
    )
    guidance = EuroField(
        label=gettext_lazy("What does the place ask for guidance, in all these months?"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-size": "short"}),
        error_messages={"invalid": gettext_lazy("Write the amount like this: 450 or 450,50.")},
    )

    def __init__(self, *args: Any, places: list[Host], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        field = self.fields["host"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *(
                (key, OptionLabel(one.name, hint=f"{one.municipality}. {one.about}"))
                for key, one in self.places.items()
            ),
            ("other", OptionLabel(_("Another place"))),
        ]
        if not places:
            field.initial, field.widget = "other", forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("host") == "other" and not data.get("other"):
            self.add_error("other", _("Write the name of the place."))
        months, living = data.get("months"), data.get("living")
        if months and living is not None and not self.errors:
            total = to_cents(living) * months
            if not total and not (data.get("guidance") and to_cents(data["guidance"])):
                self.add_error("living", _("Write what you ask. The fund has nothing to pay now."))
            for kind, amount in (("wage_loss", from_cents(total)), ("training", data["guidance"])):
                norm = norm_of(kind, months=months)
                assert norm is not None
                self.ask_twice(amount, norm)
        return data

    def wish(self) -> dict[str, Any]:
        """The arguments of `requests.propose_gap_year`."""
        chosen = self.places.get(self.cleaned_data["host"])
        return {
            "host": chosen.name if chosen else self.cleaned_data["other"],
            **{name: self.cleaned_data[name] for name in ("start", "months", "living", "guidance")},
        }


KINDS: Final = {
    "travel": OptionLabel(
        gettext_lazy("Travel"), hint=gettext_lazy("Bus, train or petrol, for the whole training")
    ),
    "wage_loss": OptionLabel(
        gettext_lazy("Lost wages"), hint=gettext_lazy("Pay that you miss while you learn")
    ),
    "childcare": OptionLabel(
        gettext_lazy("Childcare"), hint=gettext_lazy("Extra childcare while you learn")
    ),
    "coach": OptionLabel(
        gettext_lazy("A coach"), hint=gettext_lazy("Somebody who guides you in your work")
    ),
    "buddy": OptionLabel(
        gettext_lazy("A buddy"), hint=gettext_lazy("A colleague who helps you learn")
    ),
}


class ExtraForm(forms.Form):
    """Which other costs somebody has for a training; none is an answer too."""

    mark_optional = False

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Do you have other costs for this training?"),
        help_text=gettext_lazy(
            "The fund can pay these too. Tick what you need. Nothing? Then go on."
        ),
        choices=list(KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


UNIT: Final = re.compile(r"\s*(?:kilometers?|km|uur|uren|u|dagen|dag|hours?|days?)$")


def _number(label: Any) -> forms.DecimalField:
    return NumberField(
        label=label,
        min_value=0,
        max_value=9999,
        decimal_places=1,
        required=False,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-size": "short"}),
        error_messages={
            name: gettext_lazy("Write a number, such as 8 or 7,5.")
            for name in ("invalid", "min_value", "max_value", "max_decimal_places")
        },
    )


class NumberField(forms.DecimalField):
    """A number in plain spelling: 16, 7,5, "16 uur", "12 km"."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").lower().strip()
        return super().to_python(UNIT.sub("", text).replace(",", "."))


class CostForm(AsksTwice):
    """One kind of cost: by its norm (kilometres, hours), or the amount where it is known."""

    mark_optional = False

    def __init__(self, data: Any, *, kind: str, amount: Money | None) -> None:
        super().__init__(data, initial={"amount": amount})
        self.norm = norms()[kind]
        if self.norm.unit == "km":
            self.fields["km"] = _number(_("How many kilometres is it, there and back?"))
            self.fields["days"] = _number(_("On how many days?"))
        else:
            self.fields["hours"] = _number(_("How many hours is it, for the whole training?"))
        self.counted = tuple(self.fields)
        self.fields["amount"] = EuroField(
            label=_("Or do you know the amount? Write it here, in euros."),
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "data-size": "short"}),
            error_messages={"invalid": _("Write the amount like this: 450 or 450,50.")},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["amount"] = self._reckoned(data)
            self.ask_twice(data["amount"], self.norm)
        return data

    def _reckoned(self, data: dict[str, Any]) -> Money | None:
        """By the norm when the numbers are there; an amount that somebody knows goes before."""
        given = [data.get(name) for name in self.counted]
        amount: Money | None = data.get("amount")
        is_new = amount is not None and amount != self.initial.get("amount")
        if is_new or any(value is None for value in given):
            return amount
        cents = Decimal(self.norm.rate)
        for value in given:
            cents *= value or Decimal(0)
        return from_cents(int(cents.quantize(Decimal(1), ROUND_HALF_UP)))


def extras_of(choice: Choice) -> list[str]:
    """The kinds that a choice has beside what the school asks, in the order of asking."""
    there = {line.kind for line in choice.cost_lines.all()}
    return [kind for kind in KINDS if kind in there]
