"""Short ways to ask, for tests that need many requests."""

from datetime import timedelta

from djmoney.money import Money

from budgetpool.money import from_cents
from workers.models import Choice, CostLine, TrainingRequest


def euros(amount):
    return Money(amount, "EUR")


def ask(worker, window, *editions, cents=None):
    """A sent request for these editions in this order; each costs its training's price."""
    at = window.opens_at + timedelta(hours=worker.pk % 20)
    request = TrainingRequest.objects.create(
        worker=worker,
        window=window,
        status=TrainingRequest.Status.SUBMITTED,
        submitted_at=at,
        consent_at=at,
    )
    for rank, edition in enumerate(editions, start=1):
        choice = Choice.objects.create(
            request=request, rank=rank, training=edition.training, edition=edition
        )
        amount = edition.training.price if cents is None else from_cents(cents)
        CostLine.objects.create(choice=choice, kind="training", amount=amount)
    return request
