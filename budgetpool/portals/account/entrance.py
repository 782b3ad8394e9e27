"""The forms at the door, where they differ from those of django-allauth.

One field takes an e-mail address or a mobile number: nobody has to choose which of the two first.
"""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ChangePhoneForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SetPasswordForm,
    SignupForm,
    VerifyPhoneForm,
)
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from budgetpool.portals.account import tries
from budgetpool.users import addresses, phones

REASONS = {
    "spelling": _("Write your number like this: 06 12345678."),
    "landline": _("Write a mobile number. It begins with 06."),
    "country": _("We cannot send a text message to this country. Use your e-mail address."),
}


class MobileField(forms.CharField):
    """A mobile number in any spelling; gives it as it is written all over the world."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "data-size": "short"})
        super().__init__(
            **{
                "label": _("Mobile number"),
                "max_length": 30,
                "widget": widget,
                "error_messages": {"required": _("Write your mobile number.")},
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return phones.normal(text)
        except phones.NotAMobileNumber as error:
            raise ValidationError(REASONS[error.code], code=error.code) from error


class ReachField(forms.CharField):
    """An e-mail address or a mobile number: gives ("email", ADDRESS) or ("phone", NUMBER)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Your e-mail address or mobile number"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
            error_messages={"required": _("Write your e-mail address or your mobile number.")},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if "@" not in text and any(sign.isdigit() for sign in text):
            return "phone", MobileField().clean(text)
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError(
                _("Write an e-mail address like name@example.nl, or a number like 06 12345678."),
                code="invalid",
            ) from error
        return "email", text.lower()


class PasswordForm(LoginForm):
    """Password with an e-mail address or a mobile number; the field is there for every account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address or mobile number")
        self.fields["login"].widget.attrs.update(autocomplete="username", autocapitalize="none")

    def _setup_password_field(self) -> None:
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # it would only repeat the label

    def clean_login(self) -> str:
        """The number in one spelling, so that every spelling of it works."""
        login: str = super().clean_login()
        try:
            return phones.normal(login)
        except phones.NotAMobileNumber:
            return login


class CodeForm(RequestLoginCodeForm):
    """Where a code goes to; entering the code proves the address or the number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"to": ReachField()}

    def clean_to(self) -> Any:
        way, value = self.cleaned_data["to"]
        count_message(value)
        self.cleaned_data[way] = value
        getattr(self, f"clean_{way}")()
        if way == "email" and self._user is not None:
            addresses.known(self._user)
        return value


class JoinForm(SignupForm):
    """A new account: a name, and an e-mail address or a mobile number."""

    field_order = ("name", "to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"], self.fields["phone"]
        self.fields["to"] = ReachField()

    def clean_to(self) -> Any:
        way, value = self.cleaned_data["to"]
        count_message(value)
        self.cleaned_data.update(email="", phone="")
        self.cleaned_data[way] = value
        if way == "email":
            self.cleaned_data["email"] = self.clean_email()
        return value


class ForgottenForm(ResetPasswordForm):
    """Where a code goes to of somebody who forgot their password."""

    def clean_email(self) -> str:
        count_message(self.cleaned_data["email"])
        email: str = super().clean_email()
        return email


class OtherNumberForm(ChangePhoneForm):
    """Another number to sign in with."""

    def clean_phone(self) -> str:
        phone: str = super().clean_phone()
        count_message(phone)
        return phone


def count_message(to: str) -> None:
    """Count that a message is asked for, before anything is looked up."""
    answer = tries.message(context.request, to)
    if not answer.allowed:
        raise tries.too_often(answer)


class EnterCodeForm(ConfirmLoginCodeForm):
    """The code that came."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain_code(self)


class EnterPhoneCodeForm(VerifyPhoneForm):
    """The code that came to a new number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain_code(self)


def plain_code(form: forms.Form) -> None:
    """Ask for a code without repeating the label inside the field."""
    field = form.fields["code"]
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"autocapitalize": "characters", "data-size": "short"}
    field.error_messages["required"] = _("Write the code that we sent you.")


class NewPasswordForm(SetPasswordForm):
    """A first password; the page says what makes a good one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_passwords(self)


class OtherPasswordForm(ChangePasswordForm):
    """Another password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your password now")
        name_passwords(self)


def name_passwords(form: forms.Form) -> None:
    """Name both fields of a new password in plain words; the page says what makes a good one."""
    form.fields["password1"].label = _("Your new password")
    form.fields["password1"].help_text = ""
    form.fields["password2"].label = _("Write it once more")
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
