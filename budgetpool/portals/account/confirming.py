"""The forms that prove once more who somebody is, and those about a second factor."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ConfirmReauthenticationCodeForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateWithFactorForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from budgetpool.limits import counters
from budgetpool.portals.account import devices, tries
from budgetpool.portals.account.entrance import name_passwords, plain_code
from budgetpool.users.models import User


class ConfirmPasswordForm(ReauthenticateForm):
    """One's password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Your password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ConfirmCodeForm(ConfirmReauthenticationCodeForm):
    """The code that came, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain_code(self)


class ForgottenPasswordForm(ResetPasswordKeyForm):
    """A new password in the place of a forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_passwords(self)


class CountedFactor(forms.Form):
    """Counts a code before it is looked at, and lets each open once."""

    user: User

    def clean_code(self) -> str:
        request, name = context.request, devices.person(self.user)
        answer = tries.SECOND_FACTORS.knock(request, name)
        if not answer.allowed:
            raise tries.too_often(answer)
        code: str = super().clean_code()  # type: ignore[misc]
        if not counters.hit(tries.OPENED.of(name, normalize_user_code(code))).allowed:
            raise get_adapter().validation_error("incorrect_code")
        tries.SECOND_FACTORS.give_back(request, name)
        return code


class AppCodeForm(CountedFactor, AuthenticateForm):
    """A code of the app, or a spare code, to come in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_app_code(self)


class ConfirmAppCodeForm(CountedFactor, ReauthenticateWithFactorForm):
    """A code of the app, or a spare code, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_app_code(self)


class AppForm(ActivateTOTPForm):
    """The first code of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_app_code(self)


class PasskeyForm(AddWebAuthnForm):
    """A passkey; one that opens the account by itself is what people expect of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_name(self)
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("I want to sign in with this alone")
            self.fields["passwordless"].help_text = ""
            self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_name(self)
        self.fields["name"].max_length = self.fields["name"].widget.attrs["maxlength"] = 100


def _ask_app_code(form: forms.Form) -> None:
    plain_code(form)
    form.fields["code"].label = _("The code in your app")
    form.fields["code"].error_messages["required"] = _("Write the code that your app shows.")


def _ask_name(form: forms.Form) -> None:
    form.fields["name"].label = _("Give it a name")
    form.fields["name"].help_text = _("For example: my phone")
