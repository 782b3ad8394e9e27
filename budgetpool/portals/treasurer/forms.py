"""The forms of the treasurer's desk."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocation.models import Award, Payee, Replacement
from api.models import Admission
from budgetpool.fund.models import Fund
from budgetpool.portals.components.fields import EurosField, day_field
from budgetpool.register.models import Provider
from employers.pledges import earmarking


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Bank file"),
        help_text=_("CAMT.053 or MT940, or the bank’s answer to payments (pain.002)."),
    )
    reason = forms.CharField(
        label=_("Reason, if the balances do not fit"),
        help_text=_("Then the file is kept, until a second person says the same."),
        required=False,
        max_length=500,
    )


class AdmissionForm(forms.Form):
    """Which program may come to the bank statements, and why."""

    client_id = forms.CharField(
        label=_("Name of the program"),
        help_text=_("As its organisation sent it to you. It begins with budgetpool_."),
        max_length=100,
    )
    may = forms.ChoiceField(label=_("What may it do?"), choices=Admission.May.choices)
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For instance: the contract with our accountant of 12 January 2027."),
        max_length=500,
    )


class OpeningForm(forms.Form):
    """What a bank account held before its first statement."""

    amount = EurosField(label=_("Opening balance"))
    starts_on = day_field(_("At the start of"), _("For instance: 01-01-2027."))
    reason = forms.CharField(
        label=_("Where is it written?"),
        help_text=_("For instance: the bank’s yearly statement of 2026."),
        max_length=500,
    )


class OpeningShareForm(forms.Form):
    """Which pool an opening balance, or a part of it, belongs to."""

    pool = forms.ChoiceField(label=_("Which pool?"))
    amount = EurosField(
        label=_("Amount"), help_text=_("Leave it empty for all that is left."), required=False
    )
    reason = forms.CharField(
        label=_("Where is it written?"),
        help_text=_("For instance: the minutes of the board of 12 January 2027."),
        max_length=500,
    )

    def __init__(self, *args: Any, choices: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pool"].choices = choices  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """Why a held file is booked although it does not fit, or set aside."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For instance: the bank lost the statement of 3 March; or: not our bank’s."),
        max_length=500,
    )


class LinesForm(forms.Form):
    """Which lines of the statements are shown."""

    show = forms.ChoiceField(
        label=_("Which lines"),
        choices=[
            ("", _("to be explained")),
            ("all", _("all lines")),
            ("in", _("money that came in")),
            ("out", _("money that went out")),
        ],
        required=False,
    )
    words = forms.CharField(label=_("Name, account, text or amount"), max_length=80, required=False)

    mark_optional = False


class AwardsForm(forms.Form):
    """What each line of the inbox leads to, and a search."""

    which = forms.ChoiceField(
        label=_("Which awards"),
        choices=[
            ("", _("all awards")),
            ("invoice", _("with an invoice without a payment")),
            ("determine", _("to determine")),
        ],
        required=False,
    )
    find = forms.CharField(
        label=_("Number of the request, provider or invoice"),
        max_length=100,
        required=False,
    )

    mark_optional = False


class FindForm(forms.Form):
    """Looks for what a part of a line is for."""

    find = forms.CharField(
        label=_("Look for a name or number"),
        help_text=_("Then the list below holds what fits."),
        max_length=80,
        required=False,
    )

    mark_optional = False


class PartForm(forms.Form):
    """What a part of a line was, and how much of it."""

    part = forms.ChoiceField(
        label=_("What was it?"), widget=forms.Select(attrs={"autofocus": True})
    )
    amount = EurosField(
        label=_("Amount"),
        help_text=_("Leave it empty for all that fits."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For costs, interest, tax and what is sent back or taken back."),
        max_length=200,
        required=False,
    )
    iban = forms.CharField(
        label=_("IBAN"),
        help_text=_("The bank shows none. Where money goes that is sent back."),
        max_length=42,
        required=False,
    )

    def __init__(
        self, *args: Any, choices: list[Any], asks_iban: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["part"].choices = choices  # type: ignore[attr-defined]
        if not asks_iban:
            del self.fields["iban"]


class UndoForm(forms.Form):
    """Why a part that was said is wrong."""

    reason = forms.CharField(label=_("Why is it wrong?"), max_length=200)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class VerifyForm(forms.Form):
    """What the second person saw that proves a bank account to be the payee's."""

    evidence = forms.ChoiceField(
        label=_("What did you see?"),
        help_text=_("An invoice or an e-mail with the new number proves nothing."),
        choices=[
            ("", _("Choose")),
            *(kind for kind in Payee.Evidence.choices if kind[0] != Payee.Evidence.OLD),
        ],
    )
    seen_on = day_field(_("When?"), _("Today or earlier, for instance 01-03-2027."))
    how = forms.CharField(
        label=_("What, and from whom?"),
        help_text=_("For instance: called Ms Smit on the number of last year’s contract."),
        max_length=200,
    )
    answer = forms.CharField(
        label=_("Why is it right, although Budgetpool warns?"),
        help_text=_("Answer each warning in a sentence of your own."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, payee: Payee, **options: Any) -> None:
        super().__init__(*args, **options)
        if not payee.warnings:
            del self.fields["answer"]


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


class WorkerPayeeForm(forms.Form):
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    holder_name = forms.CharField(label=_("Name of the account holder"), max_length=70)
    answer = forms.CharField(
        label=_("Answer to a warning"),
        help_text=_("Only if Budgetpool warned you when you saved it."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PayeeForm(WorkerPayeeForm):
    provider = forms.ModelChoiceField(Provider.objects.all(), label=_("Provider"))

    field_order = ("provider", "iban", "holder_name", "answer")
