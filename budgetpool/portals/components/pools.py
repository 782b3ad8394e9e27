"""What each earmark puts into a round: one amount per pool with a rule; the rest is general."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from djmoney.money import Money

from allocation.models import Round
from budgetpool.fund.models import Account, Fund
from budgetpool.money import from_cents, to_cents
from budgetpool.portals.components import numbers
from budgetpool.portals.components.fields import EurosField
from employers import accounts
from employers.models import Earmark
from employers.pledges import earmarking


def add_fields(form: forms.Form, fund: Fund) -> None:
    """One optional amount per earmark of the fund."""
    for earmark in _earmarks(fund):
        form.fields[_name(earmark)] = EurosField(
            label=_("Of which from the earmark “%(name)s”") % {"name": earmark.name},
            help_text=_("%(rule)s. It holds %(amount)s.")
            % {
                "rule": earmarking.rule_text(earmark).capitalize(),
                "amount": numbers.euros_exact(earmark.account.balance_cents),
            },
            required=False,
        )


def check(form: forms.Form, data: dict[str, Any], fund: Fund) -> None:
    """Earmarks put in at most what the round divides."""
    ceiling = data.get("ceiling")
    if ceiling and _sum(data, fund) > to_cents(ceiling):
        form.add_error("ceiling", _("The earmarks put in more than the round divides."))


def chosen(data: dict[str, Any], fund: Fund) -> dict[Account, Money]:
    """What each pool puts in; the general one puts in what the earmarks leave."""
    given = {
        earmark.account: to_cents(amount)
        for earmark in _earmarks(fund)
        if (amount := data.get(_name(earmark))) is not None
    }
    pools = {account: cents for account, cents in given.items() if cents}
    rest = to_cents(data["ceiling"]) - sum(pools.values())
    if rest or not pools:
        pools[accounts.general_pool(fund)] = rest
    return {account: from_cents(cents) for account, cents in pools.items()}


def initial(round: Round) -> dict[str, Money]:
    """The amounts of a draft, for the form that changes it."""
    amounts = {pool.account_id: pool.amount for pool in round.pools.all()}
    return {
        _name(earmark): amounts[earmark.account_id]
        for earmark in _earmarks(round.fund)
        if earmark.account_id in amounts
    }


def _earmarks(fund: Fund) -> list[Earmark]:
    return list(Earmark.objects.filter(fund=fund).select_related("account"))


def _name(earmark: Earmark) -> str:
    return f"earmark_{earmark.pk}"


def _sum(data: dict[str, Any], fund: Fund) -> int:
    amounts = (data.get(_name(earmark)) for earmark in _earmarks(fund))
    return sum(to_cents(amount) for amount in amounts if amount is not None)
