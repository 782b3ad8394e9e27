"""Which training an award pays for now, and how its amount divides over those who are paid.

| cost line | paid to |
| --- | --- |
| training, exam, books, coach, buddy | the provider, on an invoice |
| travel, wage loss, childcare | the worker, to an own verified IBAN |
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from allocation.models import Award
from allocation.rules import courses
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady
from budgetpool.register import prices
from budgetpool.register.models import Edition, Training
from workers.models import CostLine

OWN_COSTS: Final = (CostLine.Kind.TRAVEL, CostLine.Kind.WAGE_LOSS, CostLine.Kind.CHILDCARE)


@dataclass(frozen=True, slots=True)
class Course:
    """The training of an award, and the most that the provider and the worker can be paid."""

    training: Training
    edition: Edition | None
    provider_cents: int
    own_cents: int

    @property
    def starts_on(self) -> date | None:
        return self.edition.starts_on if self.edition else None


def of(award: Award) -> Course:
    """The award's training: the chosen one, or its replacement after a provider dropped out.

    Raises:
        NotReady: `no_training`; the training is not in the register, or is being replaced.

    With an award of EUR 1,000 of which EUR 120 is travel, the provider can be paid EUR 880.
    """
    training, edition = courses.of(award)
    if training is None:
        raise NotReady("no_training", award=award.pk)
    own = own_cents(award)
    return Course(training, edition, to_cents(award.amount) - own, own)


def own_cents(award: Award) -> int:
    """What of an award is for the worker's own costs at most, in cents."""
    lines = award.choice.cost_lines.filter(kind__in=OWN_COSTS)
    return min(sum(to_cents(line.amount) for line in lines), to_cents(award.amount))


def register_price_cents(training: Training, on: date) -> int:
    """What the register says that the training costs on a day, VAT included, in cents."""
    return to_cents(prices.price_on(training, on))


def price_day(award: Award) -> date:
    """The day whose price counts: that of the award, so a later rise costs the fund nothing."""
    return timezone.localdate(award.granted_at)
