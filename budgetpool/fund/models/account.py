"""Accounts: the places where a euro can be, each with its running totals."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """One place for money in one fund. Opened by `ledger.open_account`, never removed.

    The totals belong to the database: a trigger adds every transfer to them, in the transaction
    of the transfer, and the two constraints on them refuse an overdraft whoever asks for it.
    """

    class Kind(models.TextChoices):
        BANK = "bank", _("bank account")
        PROVIDER = "provider", _("to be paid back by a provider")
        PERSON = "person", _("to be paid back by a person")
        COSTS = "costs", _("costs of the fund")
        UNEXPLAINED = "unexplained", _("left the bank, not explained yet")
        OPENING = "opening", _("held before the books began")
        SUSPENSE = "suspense", _("received, not explained yet")
        EMPLOYER = "employer", _("employer")
        POOL = "pool", _("pool")
        ROUND = "round", _("round")
        RESERVE = "reserve", _("objection reserve")
        AWARD = "award", _("award")

    # What the fund has or may ask for. All other kinds are claims: what the money is meant for.
    ASSETS = (Kind.BANK, Kind.PROVIDER, Kind.PERSON, Kind.COSTS, Kind.UNEXPLAINED)

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="accounts")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.CharField(
        _("code"),
        max_length=60,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use a-z, 0-9 and hyphens."))],
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    earmark_column = models.CharField(_("earmark: column"), max_length=60, blank=True)
    earmark_equals = models.CharField(_("earmark: equals"), max_length=100, blank=True)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    debits_cents = models.BigIntegerField(_("total of debits"), default=0, editable=False)
    credits_cents = models.BigIntegerField(_("total of credits"), default=0, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "code"], name="account_code_unique"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["bank", "provider", "person", "costs", "unexplained"])
                | models.Q(credits_cents__gte=models.F("debits_cents")),
                name="account_claim_not_below_zero",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["provider", "person", "costs", "unexplained"])
                | models.Q(debits_cents__gte=models.F("credits_cents")),
                name="account_debt_not_below_zero",
            ),
            models.CheckConstraint(
                condition=models.Q(earmark_column="", earmark_equals="")
                | (models.Q(kind="pool") & ~models.Q(earmark_column="")),
                name="account_earmark_on_pools_only",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only the name of an account that exists can change, and never its totals."""
        if not self._state.adding:
            kwargs["update_fields"] = ["name"]
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("Accounts are never removed.")

    @property
    def is_asset(self) -> bool:
        """Whether a debit makes the balance larger."""
        return self.kind in self.ASSETS

    @property
    def balance_cents(self) -> int:
        """The balance when this row was read; `ledger.balance` asks the database again."""
        return self.signed(self.debits_cents, self.credits_cents)

    def signed(self, debits_cents: int, credits_cents: int) -> int:
        """The balance that these totals mean on this side of the books, in cents."""
        net = debits_cents - credits_cents
        return net if self.is_asset else -net


class AccountDay(models.Model):
    """The totals of one account on one day (UTC), kept by the same trigger.

    A balance at a past moment is the sum of the days before it and of that one day's transfers,
    however long the history is.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="days")
    day = models.DateField(_("day"))
    debits_cents = models.BigIntegerField(_("total of debits"))
    credits_cents = models.BigIntegerField(_("total of credits"))

    class Meta:
        verbose_name = _("day total of an account")
        verbose_name_plural = _("day totals of accounts")
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="account_day_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day}"
