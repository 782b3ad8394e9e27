"""Euros at the edge, integer cents in the core."""

from decimal import Decimal
from typing import Any

from django.db.models import CheckConstraint, Q
from djmoney.models.fields import MoneyField
from djmoney.money import Money

EUR = "EUR"
# An amount has at most so many digits before the cents: up to 999 million.
WHOLE_DIGITS = 9


class NotEuros(ValueError):
    """An amount in another currency, or with parts of a cent, reached the core."""


def to_cents(amount: Money) -> int:
    """An amount in euros as whole cents.

    Raises:
        NotEuros: another currency, or parts of a cent.

    >>> to_cents(Money("12.50", "EUR"))
    1250
    """
    if str(amount.currency) != EUR:
        raise NotEuros(f"{amount} is not in euros.")
    cents = amount.amount * 100
    if cents != cents.to_integral_value():
        raise NotEuros(f"{amount} has parts of a cent.")
    return int(cents)


def from_cents(cents: int) -> Money:
    """Whole cents as an amount in euros.

    >>> from_cents(1250)
    Money('12.50', 'EUR')
    """
    return Money(Decimal(cents) / 100, EUR)


class EuroField(MoneyField):
    """django-money's field, with the types that a checker needs: `Money` in, `Money` out.

    Migrations know it as django-money's own.
    """

    _pyi_private_set_type: Money | Decimal | int | str  # type: ignore[assignment]
    _pyi_private_get_type: Money  # type: ignore[assignment]

    def deconstruct(self) -> Any:
        name, _path, arguments, options = super().deconstruct()  # type: ignore[no-untyped-call]
        return name, f"{MoneyField.__module__}.{MoneyField.__qualname__}", arguments, options


def euro_field(verbose_name: Any = None, **options: Any) -> EuroField:
    """A model field for euros up to 999 million, to the cent.

    Give the model an `only_euros` constraint too: `update()` passes the field's own rules.
    """
    return EuroField(  # type: ignore[no-untyped-call]
        verbose_name,
        max_digits=WHOLE_DIGITS + 2,
        decimal_places=2,
        default_currency=EUR,
        currency_choices=[(EUR, EUR)],
        **options,
    )


def only_euros(field: str, *, name: str) -> CheckConstraint:
    """A named constraint that refuses any currency but the euro and any amount below zero."""
    return CheckConstraint(
        condition=Q(**{f"{field}_currency": EUR, f"{field}__gte": Decimal(0)}),
        name=name,
    )
