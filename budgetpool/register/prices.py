"""Change a training's price; earlier prices stay known, so that a rise can be seen."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from budgetpool.register.models import Training, TrainingPrice


@transaction.atomic
def set_price(*, training: Training, price: Money, on: date | None = None) -> TrainingPrice:
    """Write the present price of a training and keep it in its history.

    Raises:
        ValidationError: below zero, in another currency, or less than its exam and books.
    """
    training.price = price
    training.full_clean()
    training.save(update_fields=["price", "price_currency"])
    row, _ = TrainingPrice.objects.update_or_create(
        training=training, valid_from=on or timezone.localdate(), defaults={"price": price}
    )
    return row


def rise_percent(training: Training, *, since: date) -> int | None:
    """By how many per cent the price rose since a day; None when no earlier price is known.

    A price that moves to the cap after it was announced was the mark of abuse in STAP (2022).
    """
    first = training.prices.filter(valid_from__lte=since).order_by("-valid_from", "-pk").first()
    if first is None or not first.price.amount:
        return None
    return round((training.price.amount / first.price.amount - 1) * 100)
