"""The forms at the door, where they differ from those of django-allauth."""

from allauth.account.forms import LoginForm, RequestLoginCodeForm

from budgetpool.users import addresses


class PasswordForm(LoginForm):
    """E-mail address and password; django-allauth drops the field where no account needs one."""

    def _setup_password_field(self) -> None:
        self.fields["password"].help_text = ""


class CodeForm(RequestLoginCodeForm):
    """An e-mail address that a code goes to; entering the code proves the address."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self._user is not None:
            addresses.known(self._user)
        return email
