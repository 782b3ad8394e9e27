"""Forms about one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from budgetpool.users.models import User


class NameForm(forms.Form):
    """What a new person tells besides an e-mail address or a mobile number."""

    field_order = ("name", "email", "to")
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name, and the language in which the person read the page."""
        user.name = self.cleaned_data["name"]
        user.language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        user.full_clean(exclude=["password"])
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person may change about themselves without anybody's help."""

    language = forms.ChoiceField(
        label=_("Language of our messages"),
        choices=[("nl", "Nederlands"), ("en", "English"), ("pl", "Polski")],
    )

    wants_daily_mail = forms.BooleanField(
        label=_("In the morning an e-mail with what waits for me"),
        help_text=_("At most one a day, and none when nothing waits. It names nobody."),
        required=False,
    )

    class Meta:
        model = User
        fields = ["name", "phone", "language", "wants_daily_mail"]

    def __init__(self, *args: Any, has_desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_desk:
            del self.fields["wants_daily_mail"]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["phone"].widget.input_type = "tel"
