"""The forms of the treasurer's desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from budgetpool.fund.models import Fund
from budgetpool.portals.components.fields import EurosField, day_field
from budgetpool.register.models import Provider
from employers.models import Contribution, Employer


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


class BatchForm(forms.Form):
    execution_on = day_field(_("To be paid on"), _("Today or later."))


class PayeeForm(forms.Form):
    provider = forms.ModelChoiceField(Provider.objects.all(), label=_("Provider"))
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    holder_name = forms.CharField(label=_("Name of the account holder"), max_length=70)


class WorkerPayeeForm(forms.Form):
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    holder_name = forms.CharField(label=_("Name of the account holder"), max_length=70)
