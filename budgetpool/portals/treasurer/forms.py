"""The forms of the treasurer's desk."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocation.models import Award, Replacement
from budgetpool.fund.models import Fund
from budgetpool.portals.components.fields import EurosField, day_field
from budgetpool.register.models import Provider
from employers.models import Contribution, Employer
from employers.pledges import earmarking


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Bank file"), help_text=_("CAMT.053 or MT940."))
    reason = forms.CharField(
        label=_("Reason, if the balances do not fit"),
        help_text=_("A second treasurer has to send the same file too."),
        required=False,
        max_length=500,
    )


class MatchForm(forms.Form):
    contribution = forms.ModelChoiceField(
        Contribution.objects.none(), label=_("Contribution request"), required=False
    )
    employer = forms.ModelChoiceField(
        Employer.objects.none(), label=_("Or a gift of this employer"), required=False
    )

    def __init__(self, *args: Any, fund: Fund, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = Contribution.objects.filter(fund=fund, withdrawn_at__isnull=True)
        self.fields["contribution"].queryset = asked  # type: ignore[attr-defined]
        self.fields["employer"].queryset = Employer.objects.filter(  # type: ignore[attr-defined]
            contributions__fund=fund
        ).distinct()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("contribution") and not data.get("employer"):
            raise forms.ValidationError(_("Choose a request or an employer."))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class VerifyForm(forms.Form):
    how = forms.CharField(
        label=_("How did you make sure?"),
        help_text=_("For instance: called the number that we knew before."),
        max_length=200,
    )


class InvoiceForm(forms.Form):
    number = forms.CharField(label=_("Invoice number"), max_length=35)
    dated_on = day_field(_("Date of the invoice"), _("For instance 01-03-2027."))
    amount = EurosField(label=_("Amount with VAT"))
    vat = EurosField(label=_("Of which VAT"), help_text=_("Zero for an exempt provider."))


class OwnCostsForm(forms.Form):
    amount = EurosField(label=_("Amount"))


class DetermineForm(forms.Form):
    amount = EurosField(label=_("What the fund bears"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    own_fault = forms.BooleanField(label=_("The worker is to blame"), required=False)


class ChargeForm(forms.Form):
    """A line of a statement that is the bank's own; the choice is the entry's key."""

    entry = forms.ChoiceField(label=_("Line of the statement"))
    reason = forms.CharField(
        label=_("What is it?"),
        help_text=_("For instance: costs of the account, last quarter."),
        max_length=200,
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["entry"].choices = lines  # type: ignore[attr-defined]


class EarmarkForm(forms.Form):
    """A new earmark: a name, what it pays for, and the most that may be earmarked."""

    name = forms.CharField(
        label=_("Name"), help_text=_("For instance: Transport and storage."), max_length=120
    )
    rule = forms.ChoiceField(label=_("What it pays for"))
    limit = EurosField(
        label=_("Most that employers may earmark in a year"),
        help_text=_("All pledges together. The rest of their money is for every request."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            (words, [(f"{column}:{value}", label) for value, label in values])
            for column, (words, values) in earmarking.RULES.items()
        ]


class LimitForm(forms.Form):
    limit = EurosField(label=_("Most that employers may earmark in a year"))


class DropoutForm(forms.Form):
    """A provider that dropped out, and until when people choose another training."""

    provider = forms.ModelChoiceField(Provider.objects.none(), label=_("Provider"))
    reason = forms.CharField(
        label=_("Why does it drop out?"),
        help_text=_("This stands in our books, not in the letters."),
        max_length=300,
    )
    choose_by = day_field(
        _("People choose another training before"), _("Give them some weeks. Later than today.")
    )

    def __init__(self, *args: Any, fund: Fund, **options: Any) -> None:
        super().__init__(*args, **options)
        awards = Award.objects.filter(round__fund=fund)
        moved = Replacement.objects.filter(award__in=awards, training__isnull=False)
        self.fields["provider"].queryset = Provider.objects.filter(  # type: ignore[attr-defined]
            Q(pk__in=awards.values("choice__training__provider"))
            | Q(pk__in=moved.values("training__provider"))
        )


class ExcludeProviderForm(forms.Form):
    provider = forms.ModelChoiceField(Provider.objects.all(), label=_("Provider"))
    until = day_field(_("Last day of the exclusion"), _("Two years from today at most."))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ExcludeWorkerForm(forms.Form):
    reference = forms.CharField(
        label=_("Request of the worker"), help_text=_("For instance: R-0412."), max_length=20
    )
    until = day_field(_("Last day of the exclusion"), _("Two years from today at most."))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Only for somebody’s own fault. A good reason to stop has no consequence."),
        max_length=300,
    )


class BatchForm(forms.Form):
    execution_on = day_field(_("To be paid on"), _("Today or later."))


class PayeeForm(forms.Form):
    provider = forms.ModelChoiceField(Provider.objects.all(), label=_("Provider"))
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    holder_name = forms.CharField(label=_("Name of the account holder"), max_length=70)


class WorkerPayeeForm(forms.Form):
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    holder_name = forms.CharField(label=_("Name of the account holder"), max_length=70)
