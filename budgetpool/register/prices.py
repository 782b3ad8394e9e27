"""Prices of trainings: each kept with the day from which it holds, a rise announced in time.

A price that moves to the cap after it was announced was the mark of abuse in STAP (2022). So a
rise holds from a later day only, and never for who has an award already; a lower price may hold
at once.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from djmoney.money import Money

from budgetpool.audit import trail
from budgetpool.money import to_cents
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register import seats
from budgetpool.register.models import Training, TrainingPrice
from budgetpool.users.models import User

RISE_NOTICE_DAYS: Final = 60


def announce(*, training: Training, price: Money, valid_from: date, actor: User) -> TrainingPrice:
    """A school says what its training costs from a day on.

    Raises:
        NotAllowed: `not_at_school`: the actor does not sit at the training's school.
        NotReady: `price_in_past`; `notice_too_short` with `first_on`, for a rise.
        ValidationError: below zero, in another currency, or less than its exam and books.

    EUR 450 now; EUR 495 can hold sixty days later, EUR 420 from today.
    """
    if not seats.holds(actor, training.provider):
        raise NotAllowed("not_at_school", training=training.pk)
    today = timezone.localdate()
    if valid_from < today:
        raise NotReady("price_in_past", training=training.pk)
    with transaction.atomic():
        fresh = Training.objects.select_for_update(of=("self",)).get(pk=training.pk)
        first_on = today + timedelta(days=RISE_NOTICE_DAYS)
        if price.amount > _lowest_until(fresh, valid_from) and valid_from < first_on:
            raise NotReady("notice_too_short", days=RISE_NOTICE_DAYS, first_on=first_on.isoformat())
        row = set_price(training=fresh, price=price, on=valid_from)
        trail.record(
            actor=actor,
            action="training.price_announced",
            subject=fresh,
            price_cents=to_cents(price),
            valid_from=valid_from.isoformat(),
        )
    return row


@transaction.atomic
def set_price(*, training: Training, price: Money, on: date | None = None) -> TrainingPrice:
    """Keep a price with the day from which it holds; the training's own follows on that day.

    The price until then is kept too, so that an award of before finds it.

    Raises:
        ValidationError: below zero, in another currency, or less than its exam and books.
    """
    today = timezone.localdate()
    day = on or today
    before = training.price
    training.price = price
    try:
        training.full_clean()
    finally:
        training.price = before
    if not training.prices.exists():
        earlier = min(day, today) - timedelta(days=1)
        TrainingPrice.objects.create(training=training, price=before, valid_from=earlier)
    row, _ = TrainingPrice.objects.update_or_create(
        training=training, valid_from=day, defaults={"price": price}
    )
    renew(Training.objects.filter(pk=training.pk), today=today)
    training.refresh_from_db(fields=["price", "price_currency"])
    return row


def renew(trainings: QuerySet[Training], *, today: date | None = None) -> list[Training]:
    """Give trainings the price that holds today; run every night, asking twice is harmless.

    Returns:
        Those whose price changed.
    """
    day = today or timezone.localdate()
    holding = (
        TrainingPrice.objects.filter(training=OuterRef("pk"), valid_from__lte=day)
        .order_by("-valid_from", "-pk")
        .values("price")
    )
    changed: list[Training] = list(
        trainings.annotate(holds=Subquery(holding[:1]))
        .filter(holds__isnull=False)
        .exclude(holds=F("price"))
    )
    for training in changed:
        training.price = price_on(training, day)
        training.save(update_fields=["price", "price_currency"])
    return changed


def price_on(training: Training, day: date) -> Money:
    """What a training costs on a day; before the first known price, that one."""
    known = training.prices.order_by("valid_from", "pk")
    row = known.filter(valid_from__lte=day).last() or known.first()
    price: Money = row.price if row else training.price
    return price


def _lowest_until(training: Training, day: date) -> Decimal:
    """The lowest price that holds between today and a day, or just before it.

    Against the lowest: a fall that is announced first must not hide a rise behind it.
    """
    today = timezone.localdate()
    coming = training.prices.filter(valid_from__gt=today, valid_from__lte=day)
    lowest: Decimal = min([price_on(training, today).amount, *(row.price.amount for row in coming)])
    return lowest
