"""Form fields that read what people write: amounts in euros, days."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from budgetpool.money import EUR, WHOLE_DIGITS

DATE_FORMATS = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %m %Y"]


class EurosField(forms.CharField):
    """An amount as people write it: 500000, 500.000, € 1.234,50."""

    default_error_messages = {
        "invalid": _("Write the amount like this: 500.000 or 1.234,50."),
        "too_large": _("This amount is too large."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"data-size": "short"}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Money):
            return f"{value.amount:.2f}".replace(".", ",").removesuffix(",00")
        return value

    def to_python(self, value: Any) -> Money | None:  # type: ignore[override]
        if isinstance(value, Money):
            return value
        text = re.sub(r"[€\s\u00a0]", "", super().to_python(value) or "")
        if not text:
            return None
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{2})?|[0-9]+(,[0-9]{2})?", text):
            text = text.replace(".", "").replace(",", ".")
        elif not re.fullmatch(r"[0-9]+(\.[0-9]{2})?", text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        # Counted before anything computes: decimals of more than 28 digits fail in many places.
        if len(text.partition(".")[0].lstrip("0")) > WHOLE_DIGITS:
            raise forms.ValidationError(self.error_messages["too_large"], code="too_large")
        return Money(Decimal(text), EUR)


def day_field(label: Any, help_text: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        required=required,
        label=label,
        help_text=help_text,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"data-size": "short"}),
        error_messages={"invalid": _("Write the date like this: 01-03-2027.")},
    )
