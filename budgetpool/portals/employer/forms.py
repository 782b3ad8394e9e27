"""The employer's forms. They read text into values; the services say what is allowed."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.fund.models import Fund
from budgetpool.money import from_cents, to_cents
from budgetpool.portals.components import numbers
from budgetpool.portals.components.fields import EurosField, day_field
from budgetpool.portals.components.forms import OptionLabel
from budgetpool.portals.components.twice import AskTwice
from budgetpool.register.codes import Sector
from employers import mirror
from employers.models import ContributionRule, Earmark, Pledge, SkillDemand
from employers.models.employer import Role
from employers.models.outreach import Answer
from employers.models.pledge import Kind, Schedule

SHORT = {"data-size": "short"}
# A promise above this a year, or this many times what it was, is asked twice.
UNUSUAL_CENTS: Final = 100_000_000
UNUSUAL_TIMES: Final = 10
PARTNERS: Final = ("earmark", "rule")


class PledgeForm(AskTwice):
    """A pledge, or its next version: what, how much, how often, from when."""

    MODEL_NAMES = {
        "amount_cents": "amount",
        "basis_points": "percentage",
        "payroll_cents": "payroll",
    }

    fund = forms.ModelChoiceField(
        label=_("Which fund"), queryset=Fund.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(
        label=_("How do you reckon"),
        choices=[
            (Kind.FIXED, OptionLabel(_("A fixed amount a year"))),
            (
                Kind.PAYROLL,
                OptionLabel(
                    _("A percentage of the flex payroll"),
                    hint=_("For comparison: 0.2% and 1.2% are used in the temp sector."),
                ),
            ),
            (Kind.PER_WORKER, OptionLabel(_("An amount per flex worker a year"))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    amount = EurosField(
        label=_("Amount"),
        help_text=_("A year, or per flex worker a year. For example: 12.000"),
        required=False,
    )
    percentage = forms.DecimalField(
        label=_("Percentage"),
        help_text=_("With at most two decimals. For example: 1,2"),
        required=False,
        localize=True,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"invalid": _("Write the percentage like this: 1,2.")},
    )
    payroll = EurosField(
        label=_("Flex payroll of a year"), help_text=_("For example: 1.000.000"), required=False
    )
    workers_count = forms.IntegerField(
        label=_("Number of flex workers"),
        required=False,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"invalid": _("Write a whole number.")},
    )
    schedule = forms.ChoiceField(
        label=_("How often do you pay"), choices=Schedule.choices, widget=forms.RadioSelect
    )
    starts_on = day_field(_("From"), _("For example: 01-01-2027"))
    ends_on = day_field(_("Last day"), _("Leave empty if the pledge goes on."))
    earmark = forms.ModelChoiceField(
        label=_("Only for"),
        help_text=_("Without a choice your money is for every request."),
        queryset=Earmark.objects.none(),
        empty_label=_("Every request"),
        required=False,
    )
    rule = forms.ModelChoiceField(
        label=_("By a collective agreement"),
        queryset=ContributionRule.objects.none(),
        empty_label=_("No agreement"),
        required=False,
    )

    def __init__(self, *args: Any, pledge: Pledge | None = None, **options: Any) -> None:
        if pledge is not None:
            options.setdefault("initial", _initial(pledge))
        super().__init__(*args, **options)
        self.pledge = pledge
        self.fields["ends_on"].required = False
        funds: Any = self.fields["fund"]
        earmarks: Any = self.fields["earmark"]
        funds.queryset = Fund.objects.select_related("region").order_by("name")
        earmarks.queryset = Earmark.objects.select_related("fund").order_by("fund", "name")
        if pledge is not None:
            del self.fields["fund"]
            earmarks.queryset = earmarks.queryset.filter(fund=pledge.fund_id)
        if not earmarks.queryset.exists():
            del self.fields["earmark"]
        rules: Any = self.fields["rule"]
        today = timezone.localdate()
        rules.queryset = ContributionRule.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today
        )
        if not rules.queryset.exists():
            del self.fields["rule"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        year = self._year_cents(data)
        before = self.pledge.year_cents if self.pledge else UNUSUAL_CENTS
        if year > min(UNUSUAL_CENTS, UNUSUAL_TIMES * before):
            self.ask_twice(
                _("You promise %(amount)s a year. That is much. Is this right?")
                % {"amount": numbers.euros_exact(year)}
            )
        return data

    def _year_cents(self, data: dict[str, Any]) -> int:
        """What the answers promise a year; 0 where they do not say it yet."""
        if not {"kind", "schedule", "starts_on"} <= set(data):
            return 0
        terms = {name: value for name, value in self.terms().items() if name not in PARTNERS}
        if (terms["basis_points"] or 0) > 10_000:
            return 0  # The service refuses a percentage above 100.
        return Pledge(**terms).year_cents

    def terms(self) -> dict[str, Any]:
        """The values as the fields of a pledge."""
        data = self.cleaned_data
        percentage, amount, payroll = (
            data.get("percentage"),
            data.get("amount"),
            data.get("payroll"),
        )
        return {
            "kind": data["kind"],
            "amount_cents": None if amount is None else to_cents(amount),
            "basis_points": None
            if percentage is None
            else int((percentage * 100).to_integral_value(ROUND_HALF_UP)),
            "payroll_cents": None if payroll is None else to_cents(payroll),
            "workers_count": data.get("workers_count"),
            "schedule": data["schedule"],
            "starts_on": data["starts_on"],
            "ends_on": data.get("ends_on"),
            "earmark": data.get("earmark"),
            "rule": data.get("rule"),
        }


def _initial(pledge: Pledge) -> dict[str, Any]:
    return {
        "kind": pledge.kind,
        "amount": None if pledge.amount_cents is None else from_cents(pledge.amount_cents),
        "percentage": None
        if pledge.basis_points is None
        else (Decimal(pledge.basis_points) / 100).normalize(),
        "payroll": None if pledge.payroll_cents is None else from_cents(pledge.payroll_cents),
        "workers_count": pledge.workers_count,
        "schedule": pledge.schedule,
        "starts_on": pledge.starts_on,
        "ends_on": pledge.ends_on,
        "earmark": pledge.earmark_id,
        "rule": pledge.rule_id,
    }


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What may this person do"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three roles.")},
    )


class InviteForm(forms.Form):
    """A colleague to invite."""

    email = forms.EmailField(
        label=_("E-mail address of your colleague"),
        error_messages={"invalid": _("Write the address like this: name@company.nl.")},
    )
    role = role_field()


class RoleForm(forms.Form):
    """Another role for a colleague."""

    role = role_field()


class FundField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Region"),
            queryset=Fund.objects.select_related("region").order_by("region__name"),
            empty_label=None,
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.region.name)


class CodeForm(forms.Form):
    """A code for one place where flex workers see it."""

    fund = FundField()
    channel = forms.CharField(
        label=_("Where does it hang or go"),
        help_text=_("For example: poster in the canteen, text message in May."),
        max_length=80,
    )


class MirrorForm(forms.Form):
    """The five statements; each may be left out."""

    mark_optional = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for item in mirror.ITEMS:
            self.fields[item.code] = forms.ChoiceField(
                label=str(item.statement),
                choices=Answer.choices,
                widget=forms.RadioSelect,
                required=False,
            )


class DemandForm(forms.Form):
    """Which work will grow, change or shrink."""

    fund = FundField()
    occupation = forms.CharField(
        label=_("Which work"), help_text=_("For example: order picker"), max_length=120
    )
    skill = forms.CharField(
        label=_("Which skill or diploma is needed"),
        help_text=_("For example: reach truck certificate"),
        max_length=160,
    )
    direction = forms.ChoiceField(
        label=_("What changes"), choices=SkillDemand.Direction.choices, widget=forms.RadioSelect
    )
    people_count = forms.IntegerField(
        label=_("For how many people"),
        min_value=1,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"invalid": _("Write a whole number.")},
    )
    from_year = forms.IntegerField(
        label=_("From which year"),
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"invalid": _("Write the year like this: 2028.")},
    )
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=[("", _("I don't know")), *Sector.choices],
        required=False,
    )


class CertificateForm(forms.Form):
    """Over which year and which fund."""

    fund = FundField()
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, funds: list[Fund], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["fund"]
        chosen.queryset = chosen.queryset.filter(pk__in=[fund.pk for fund in funds])
        years: Any = self.fields["year"]
        now = timezone.localdate().year
        years.choices = [(year, str(year)) for year in range(now, now - 5, -1)]


class CodeLookUpForm(forms.Form):
    """A certificate's code, as somebody types it from paper."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        help_text=_("For example: ABCD-EFGH-JKMN"),
        max_length=40,
        error_messages={"required": _("Type the code that stands on the certificate.")},
    )


class RegisterForm(forms.Form):
    """A new employer, as the fund's desk enters it."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    kvk = forms.CharField(
        label=_("KvK number"),
        help_text=_("8 digits. Zeros in front count too."),
        widget=forms.TextInput(attrs=SHORT),
    )
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", _("I don't know")), *Sector.choices], required=False
    )
    is_agency = forms.BooleanField(label=_("This is a temp agency"), required=False)
    municipality = forms.CharField(label=_("Municipality"), max_length=100, required=False)
    iban = forms.CharField(
        label=_("IBAN that it pays from"),
        help_text=_("Then we recognise its payments without a reference too."),
        required=False,
    )
    manager_email = forms.EmailField(
        label=_("E-mail address of the first manager"),
        help_text=_("This person gets an invitation and can invite colleagues."),
        error_messages={"invalid": _("Write the address like this: name@company.nl.")},
    )
