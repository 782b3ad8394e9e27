"""Fields that take what people write: dates, amounts and phone numbers in many spellings."""

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from budgetpool.money import EUR

MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february", "maart mrt march mar", "april apr",
            "mei may", "juni jun june", "juli jul july", "augustus aug august",
            "september sep sept", "oktober okt october oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


class PlainDateField(forms.Field):
    """A date in any common spelling: 1-3-2027, 01/03/2027, 1 maart 2027, 2027-03-01, 01032027."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip().lower().replace("\u00a0", " ")
        if not text:
            return None
        if isinstance(value, date):
            return value
        day = _date(text)
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d-%m-%Y") if isinstance(value, date) else value


class FirstLessonField(PlainDateField):
    """The day of the first lesson of a training."""

    default_error_messages = {
        "required": _("Write the day of the first lesson."),
        "invalid": _("Write the date like this: 1 March 2027."),
    }


def _date(text: str) -> date | None:
    parts = re.findall(r"[a-z]+|[0-9]+", text)
    if len(parts) == 1 and len(parts[0]) == 8 and parts[0].isdecimal():
        parts = [text[:2], text[2:4], text[4:8]]
    if len(parts) != 3:
        return None
    if parts[1] in MONTH_NUMBERS:
        parts[1] = str(MONTH_NUMBERS[parts[1]])
    if not all(part.isdecimal() for part in parts):
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = map(int, parts)
    if year < 100:
        year += 2000 if year <= timezone.localdate().year % 100 + 2 else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


class EuroField(forms.Field):
    """An amount in any common spelling: 450, 450,50, € 1.234,50, 1234.50."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Money | None:
        text = re.sub(r"[€\s\u00a0]|euro", "", str(value or "").lower()).removesuffix(",-")
        if not text:
            return None
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,2})?", text):
            text = text.replace(".", "")
        text = text.replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Money(text, EUR)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Money):
            text = f"{value.amount:.2f}".replace(".", ",")
            return text.removesuffix(",00")
        return value


class CountField(forms.IntegerField):
    """A whole number as people write it: 90, "90%", "90 procent", "3 lessen", "16 uur"."""

    UNIT: Final = re.compile(
        r"\s*(?:%|procent|percent|lessen|les|lessons?|uren|uur|u|hours?|dagen|dag|days?)$"
    )

    def to_python(self, value: Any) -> int | None:
        number: int | None = super().to_python(self.UNIT.sub("", str(value or "").strip().lower()))
        return number


class PhoneField(forms.CharField):
    """A telephone number in any spelling; kept as digits with an optional plus."""

    def clean(self, value: Any) -> str:
        text = re.sub(r"[\s().\-/\u00a0]", "", super().clean(value) or "")
        if text.startswith("00"):
            text = f"+{text[2:]}"
        if text and not re.fullmatch(r"\+?[0-9]{10,15}", text):
            raise ValidationError(
                _("Write your phone number like this: 06 12345678."), code="invalid"
            )
        return text
