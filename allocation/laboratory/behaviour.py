"""Who asks in a round, for which trainings, and when they file: everything before the division."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.laboratory import assumptions
from allocation.laboratory.people import Floats, Integers, People
from allocation.laboratory.supply import SECTOR_CODES, Supply

MOST_CHOICES = len(assumptions.CHOICES)


@dataclass(frozen=True)
class Asked:
    """The requests of one round.

    `person` asks; `recruited` by a provider that games; `seconds` after the opening; `wanted` are
    up to three trainings per request (a row each, -1 for none). `gave_up` are those who were
    refused before and ask no more.
    """

    person: Integers
    recruited: NDArray[np.bool_]
    seconds: Integers
    wanted: Integers
    gave_up: Integers


def ask(
    people: People, supply: Supply, *, seed: int, number: int, year: int, requests: int,
    choices: int, gaming: bool,
) -> Asked:  # fmt: skip
    """Let people ask: first those who were refused and go on, then who hears of it.

    Args:
        requests: how many ask, beside those that are recruited; choices: how many each may name.
    """
    rng = np.random.default_rng([seed, 3, number])
    count = len(people.cell)
    goes_on = rng.random(count) < assumptions.ASKS_AGAIN
    turn = rng.standard_exponential(count) / people.reach()
    gave_up = np.flatnonzero(people.asking & ~goes_on)
    again = np.flatnonzero(people.asking & goes_on)
    # Once a year, as STAP had it; a person who gave up does not hear of it again.
    free = ~people.asking & ~people.gave_up & (people.awarded_year != year)
    order = np.argsort(np.where(free, turn, np.inf), kind="stable")[: int(free.sum())]
    new = order[: max(0, requests - len(again))]
    recruits = order[len(new) : len(new) + round(requests * assumptions.RECRUITED * gaming)]
    person = np.concatenate([again, new, recruits])
    recruited = np.zeros(len(person), dtype=bool)
    recruited[len(person) - len(recruits) :] = True
    spread = rng.lognormal(0.0, assumptions.FILES_SPREAD, count)
    seconds = assumptions.FILES_AFTER_SECONDS * people.later(year) * spread
    quick = rng.random(count) * assumptions.RECRUITS_FILE_WITHIN_SECONDS
    return Asked(
        person=person,
        recruited=recruited,
        seconds=np.where(recruited, quick[person], seconds[person]).astype(np.int64),
        wanted=_wanted(rng, people, supply, person, recruited)[:, :choices],
        gave_up=gave_up,
    )


def _wanted(
    rng: np.random.Generator,
    people: People,
    supply: Supply,
    person: Integers,
    recruited: NDArray[np.bool_],
) -> Integers:
    """Draw the trainings; who was recruited wants one, of a provider that games."""
    luck = rng.random((len(people.cell), MOST_CHOICES))[person]
    many = rng.choice(MOST_CHOICES, size=len(people.cell), p=assumptions.CHOICES)[person] + 1
    wanted = np.full((len(person), MOST_CHOICES), -1, dtype=np.int64)
    for sector in range(len(SECTOR_CODES)):
        rows = np.flatnonzero((people.sector[person] == sector) & ~recruited)
        own = np.where(supply.sector == sector, assumptions.OWN_SECTOR_FACTOR, 1.0)
        wanted[rows] = _drawn(supply.weight * own, luck[rows])
    wanted[recruited] = _drawn(supply.weight * supply.games, luck[recruited])
    many[recruited] = 1
    for place in range(1, MOST_CHOICES):
        for earlier in range(place):
            wanted[wanted[:, place] == wanted[:, earlier], place] = -1
        wanted[many <= place, place] = -1
    gap = (wanted[:, 1] < 0) & (wanted[:, 2] >= 0)
    wanted[gap, 1], wanted[gap, 2] = wanted[gap, 2], -1
    return wanted


def _drawn(weight: Floats, luck: Floats) -> Integers:
    cumulative = np.cumsum(weight)
    return np.asarray(np.searchsorted(cumulative, luck * cumulative[-1], side="right"))


def answer(people: People, asked: Asked, awarded: NDArray[np.bool_], *, year: int) -> None:
    """Write down what the round brought: an award ends the waiting, a refusal adds to it."""
    people.gave_up[asked.gave_up], people.asking[asked.gave_up] = True, False
    served, refused = asked.person[awarded], asked.person[~awarded]
    people.refused[served], people.asking[served] = 0, False
    people.awarded_year[served] = year
    people.refused[refused] += 1
    people.asking[refused] = True
