"""Puts the synthetic providers, trainings and editions into the register."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from budgetpool.demo.population import Population
from budgetpool.money import from_cents
from budgetpool.register.models import Edition, Provider, Training, TrainingPrice

OUTCOMES: Final = {
    "branche_certificate": "trade_certificate",
    "praktijkverklaring": "practice_declaration",
}
CREBO: Final = "25252"
BATCH: Final = 500


@dataclass(frozen=True)
class Register:
    """The saved rows by the population's own ids."""

    providers: dict[str, Provider]
    trainings: dict[str, Training]
    editions: dict[str, Edition]


@transaction.atomic
def fill(population: Population, *, later: timedelta, valid_from: date) -> Register:
    """Save the population's supply; every row passes its fields' rules first.

    Args:
        later: how much later than in the population every edition starts.
        valid_from: since when the prices hold.
    """
    providers = _providers(population)
    trainings = _trainings(population, providers)
    TrainingPrice.objects.bulk_create(
        (
            TrainingPrice(training=training, price=training.price, valid_from=valid_from)
            for training in trainings.values()
        ),
        batch_size=BATCH,
    )
    return Register(providers, trainings, _editions(population, trainings, later))


def _providers(population: Population) -> dict[str, Provider]:
    status = Provider.VatStatus
    rows = {
        row.provider_id: Provider(
            name=row.name,
            kvk=row.kvk_number,
            municipality=row.municipality,
            vat_status=status.EXEMPT_CRKBO if row.crkbo == "yes" else status.STANDARD,
        )
        for row in population.providers.itertuples()
    }
    return _save(Provider, rows)


def _trainings(population: Population, providers: dict[str, Provider]) -> dict[str, Training]:
    rows = {}
    for row in population.trainings.itertuples():
        outcome = OUTCOMES.get(row.outcome, row.outcome)
        rows[row.training_id] = Training(
            provider=providers[row.provider_id],
            title=row.title,
            sector=row.sector,
            outcome=outcome,
            crebo=CREBO if outcome in ("practice_declaration", "mbo_certificate") else "",
            hours=row.hours,
            extra_guidance=row.price_class == "bundle",
            price=from_cents(int(row.price_cents)),
            exam_price=from_cents(int(row.exam_cents)),
            books_price=from_cents(int(row.books_cents)),
        )
    return _save(Training, rows)


def _editions(
    population: Population, trainings: dict[str, Training], later: timedelta
) -> dict[str, Edition]:
    rows = {}
    for number, row in enumerate(population.editions.itertuples()):
        starts_on = date.fromisoformat(row.starts_on) + later
        training = trainings[row.training_id]
        weeks = 1 + (training.hours or 8) // 16
        rows[row.edition_id] = Edition(
            training=training,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(weeks=weeks),
            place=row.municipality,
            is_evening=number % 3 == 0,
            seats=row.seats,
        )
    return _save(Edition, rows)


def _save[T: (Provider, Training, Edition)](model: type[T], rows: dict[str, T]) -> dict[str, T]:
    for row in rows.values():
        row.clean_fields()
    saved = model.objects.bulk_create(rows.values(), batch_size=BATCH)
    return dict(zip(rows, saved, strict=True))
