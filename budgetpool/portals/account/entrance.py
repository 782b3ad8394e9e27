"""The forms at the door, where they differ from those of django-allauth."""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm

from budgetpool.users import addresses


class PasswordForm(LoginForm):
    """E-mail address and password; django-allauth drops the field where no account needs one."""

    def _setup_password_field(self) -> None:
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # it would only repeat the label


class CodeForm(RequestLoginCodeForm):
    """An e-mail address that a code goes to; entering the code proves the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self._user is not None:
            addresses.known(self._user)
        return email
