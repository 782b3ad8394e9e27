"""Puts what a service refused into a form, next to its field where it names one."""

from django import forms
from django.core.exceptions import ValidationError

from employers.errors import EmployerError


def refuse(form: forms.Form, error: ValidationError | EmployerError) -> None:
    """Add an error of a service to the form that asked for it."""
    if isinstance(error, EmployerError):
        form.add_error(None, str(error))
        return
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    # A form may call a field of the model by another name.
    names = getattr(form, "MODEL_NAMES", {})
    for name, errors in error.error_dict.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, errors)
