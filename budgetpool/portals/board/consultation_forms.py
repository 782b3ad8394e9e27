"""The board's side of a consultation: ask, read, answer, say what was done."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from allocation.models import Comment, Consultation, Policy
from budgetpool.portals.components import consultations
from budgetpool.portals.components.fields import day_field


class BeginForm(forms.Form):
    """Put a draft before the public."""

    question = forms.CharField(
        label=_("What do you ask the public?"),
        help_text=_("This stands on top of the public page. Say what is new, and what you doubt."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    last_day = day_field(
        _("Last day to comment"), _("The clock ends it. It cannot be made shorter.")
    )


class WithholdForm(forms.Form):
    """Do not show a comment."""

    why = forms.ChoiceField(
        label=_("Why is it not shown?"),
        choices=lambda: [(code, capfirst(label)) for code, label in Comment.Why.choices],
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """Answer a comment in public."""

    text = forms.CharField(
        label=_("Answer"),
        help_text=_("Everybody reads it beside the comment. It cannot be changed afterwards."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ConcludeForm(forms.Form):
    """What the board does with it."""

    outcome = forms.ModelChoiceField(
        label=_("With which version does the board go on?"),
        help_text=_("The draft, or a version that you wrote after it."),
        queryset=Policy.objects.none(),
        empty_label=None,
    )
    conclusion = forms.CharField(
        label=_("What did you do with the comments, and why?"),
        help_text=_("This comes on the public page, beside what changed."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = Policy.objects.filter(
            fund=consultation.policy.fund, pk__gte=consultation.policy_id, frozen_at__isnull=True
        )
        self.fields["outcome"].queryset = versions.order_by("-pk")  # type: ignore[attr-defined]


class CommentsForm(forms.Form):
    """Which comments to show."""

    mark_optional = False
    state = forms.ChoiceField(
        label=_("Which comments"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            ("waiting", _("Not read yet")),
            ("unanswered", _("Without an answer")),
            ("answered", _("Answered")),
            ("withheld", _("Not shown")),
        ],
    )
    lever = forms.ChoiceField(label=_("About which part of the rule?"), required=False)
    words = forms.CharField(label=_("Words"), required=False, max_length=100)

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = consultations.choices(consultation)[1:]
        self.fields["lever"].choices = [("", _("All")), *parts]  # type: ignore[attr-defined]
