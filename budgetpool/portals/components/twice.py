"""Ask twice: an amount out of the ordinary is taken only when somebody says that it is right."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class AskTwice(forms.Form):
    """A form that can put one more question: is this right?"""

    def ask_twice(self, question: str) -> None:
        """Refuse the form until its user ticks, below everything else, that it is right."""
        field = forms.BooleanField(label=_("Yes, this is right"), required=False)
        self.fields["sure"] = field
        name = self.add_prefix("sure")
        if not field.widget.value_from_datadict(self.data, self.files, name):
            self.add_error("sure", question)

    def clean(self) -> dict[str, Any]:
        return super().clean() or self.cleaned_data
