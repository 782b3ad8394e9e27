"""Pledges: what an employer promises a fund, version by version, and the rules for it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from employers.models.employer import Employer


class Kind(models.TextChoices):
    FIXED = "fixed", _("a fixed amount a year")
    PAYROLL = "payroll", _("a percentage of the flex payroll")
    PER_WORKER = "per_worker", _("an amount per flex worker a year")


class Schedule(models.TextChoices):
    """How many times a year is paid."""

    MONTHLY = "monthly", _("each month")
    QUARTERLY = "quarterly", _("each quarter")
    YEARLY = "yearly", _("once a year")

    @property
    def terms_per_year(self) -> int:
        return {self.MONTHLY: 12, self.QUARTERLY: 4, self.YEARLY: 1}[self]


class ContributionRule(models.Model):
    """What a collective agreement or training fund prescribes, as data with a period."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    source = models.CharField(_("source"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    basis_points = models.PositiveIntegerField(
        _("percentage in hundredths"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
    )
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"), null=True, blank=True)
    other_sectors_allowed = models.BooleanField(_("may pay for other sectors"), default=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("rule of a collective agreement")
        verbose_name_plural = _("rules of collective agreements")
        ordering = ["name", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="contribution_rule_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="payroll", basis_points__isnull=False, amount_cents=None)
                | (
                    models.Q(kind__in=["fixed", "per_worker"], basis_points=None)
                    & models.Q(amount_cents__isnull=False)
                ),
                name="contribution_rule_has_its_figure",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Earmark(models.Model):
    """A pool of a fund that pays for matching requests only, with the board's limit to it."""

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="earmarks")
    name = models.CharField(_("name"), max_length=120)
    account = models.OneToOneField("fund.Account", models.PROTECT, related_name="earmark")
    limit_cents = models.PositiveBigIntegerField(_("most that may be earmarked, in cents"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("earmark")
        verbose_name_plural = _("earmarks")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "name"], name="earmark_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """One version of what an employer promises a fund. A change is a new version."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="pledges")
    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="pledges")
    number = models.PositiveIntegerField(_("number"))
    version = models.PositiveIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"), null=True, blank=True)
    basis_points = models.PositiveIntegerField(
        _("percentage in hundredths"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
    )
    payroll_cents = models.PositiveBigIntegerField(
        _("flex payroll of a year in cents"), null=True, blank=True
    )
    workers_count = models.PositiveIntegerField(_("flex workers"), null=True, blank=True)
    schedule = models.CharField(_("paid"), max_length=12, choices=Schedule)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    earmark = models.ForeignKey(
        Earmark, models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    rule = models.ForeignKey(
        ContributionRule, models.PROTECT, null=True, blank=True, related_name="pledges"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["employer", "number", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "number", "version"], name="pledge_version_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind="fixed",
                    amount_cents__gt=0,
                    basis_points=None,
                    payroll_cents=None,
                    workers_count=None,
                )
                | models.Q(
                    kind="payroll",
                    amount_cents=None,
                    basis_points__gt=0,
                    payroll_cents__gt=0,
                    workers_count=None,
                )
                | models.Q(
                    kind="per_worker",
                    amount_cents__gt=0,
                    basis_points=None,
                    payroll_cents=None,
                    workers_count__gt=0,
                ),
                name="pledge_has_its_figures",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="pledge_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer} {self.number}.{self.version}"

    @property
    def year_cents(self) -> int:
        """What the pledge comes to in a whole year, in cents; half a cent is rounded up.

        >>> Pledge(kind="payroll", basis_points=120, payroll_cents=1_000_000_00).year_cents
        1200000
        """
        match self.kind:
            case Kind.FIXED:
                return self.amount_cents or 0
            case Kind.PER_WORKER:
                return (self.amount_cents or 0) * (self.workers_count or 0)
            case _:
                return ((self.payroll_cents or 0) * (self.basis_points or 0) + 5_000) // 10_000
