"""What a service refused, as a page says it: in words, and at the field that it is about."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgetpool.refusals import Refusal

# Rules of the database that people can break with a form, by the name that Django would say.
CONSTRAINTS: Final[Mapping[str, Promise]] = {
    "pledge_days_in_order": _("The last day comes before the first. Choose a later one."),
    "round_ceiling_positive": _("A round divides more than € 0."),
    "window_closes_after_opening": _("The last day comes before the first. Choose a later one."),
}
TAKEN: Final = _("This exists already. Choose another.")
UNKNOWN: Final = _("These answers do not fit together. Look at them again, or call us.")


def say(error: Refusal | ValidationError) -> str:
    """Why, and what to do about it, in the reader's language."""
    if isinstance(error, Refusal):
        return str(error)
    return " ".join(message for _name, message in _told(error))


def refuse(
    form: forms.Form, error: Refusal | ValidationError, fields: Mapping[str, str] | None = None
) -> None:
    """Put a refusal at the field of the form that it is about, or above the form.

    Args:
        fields: the form's field for a refusal's code, or for a field of the model; the form's
            own `MODEL_NAMES` if absent.
    """
    fields = fields or getattr(form, "MODEL_NAMES", {})
    if isinstance(error, Refusal):
        _add(form, fields.get(error.code), str(error))
        return
    for name, message in _told(error):
        _add(form, fields.get(name, name), message)


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Each message of a model in plain words, with the name of the model's field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in by_field.items():
        for one in errors:
            if one.code in ("unique", "unique_together"):
                # The last of several fields is the one that people choose: the name in a fund.
                checked = (one.params or {}).get("unique_check", (name,))
                yield checked[-1], str(TAKEN)
            else:
                yield from ((name, _plain(message)) for message in one.messages)


def _plain(message: str) -> str:
    """A message without the name of a rule of the database."""
    template = re.escape(str(BaseConstraint.default_violation_error_message))
    named = re.fullmatch(template.replace(re.escape("%(name)s"), "(.+)"), message)
    return message if named is None else str(CONSTRAINTS.get(named[1], UNKNOWN))


def _add(form: forms.Form, field: str | None, message: str) -> None:
    form.add_error(field if field in form.fields else None, message)
