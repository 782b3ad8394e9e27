"""Bands over seeds: how far chance alone moves a figure from one region to the next."""

from typing import Any, Final

import numpy as np

from allocation.laboratory import measures
from allocation.laboratory.plan import FIRST_COME, HONEST, RULES, WORLDS, Plan

# The band leaves one region in twenty out on each side; with few seeds it is nearly least to most.
LOW, HIGH = 0.05, 0.95
DIGITS: Final = 6

Band = dict[str, float | int]


def summary(plan: Plan, found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """All figures with their bands.

    Returns:
        `worlds`: per world and rule, per measure (`measures.of`), a band; `against_fcfs`: the same
        of the difference with first come, first served in the same region (without gaming);
        `gaming_pays`: per rule; `need`: per rule whether the low educated get more of the awards
        than of the requests: `lifts`, `lowers` or `neither`.
    """
    values = measures.of(found)
    pays = measures.what_gaming_pays(found)
    worlds = {
        world: {rule: _bands([values[seed, world, rule] for seed in plan.seeds]) for rule in RULES}
        for world in WORLDS
    }
    against = {
        rule: _bands(
            [
                _less(
                    values[seed, HONEST, rule],
                    values[seed, HONEST, FIRST_COME],
                )
                for seed in plan.seeds
            ]
        )
        for rule in RULES
        if rule != FIRST_COME
    }
    return {
        "worlds": worlds,
        "against_fcfs": against,
        "gaming_pays": {rule: band([pays[seed, rule] for seed in plan.seeds]) for rule in RULES},
        "need": {rule: need(worlds[HONEST][rule]["low_lift"]) for rule in RULES},
    }


def band(values: list[float | None]) -> Band | None:
    """Median, band, and least and most over the seeds that have a value; None without any."""
    known = np.array([value for value in values if value is not None], dtype=float)
    if not len(known):
        return None
    low, middle, high = np.quantile(known, [LOW, 0.5, HIGH])
    found = {
        "low": low, "median": middle, "high": high, "least": known.min(), "most": known.max(),
    }  # fmt: skip
    return {
        **{name: round(float(value), DIGITS) for name, value in found.items()},
        "seeds": len(known),
    }


def need(lift: Band | None) -> str:
    """Whether a rule serves need: only what the whole band shows counts."""
    if lift is not None and lift["low"] > 0:
        return "lifts"
    if lift is not None and lift["high"] < 0:
        return "lowers"
    return "neither"


def _bands(runs: list[dict[str, float | None]]) -> dict[str, Band | None]:
    return {name: band([run[name] for run in runs]) for name in runs[0]}


def _less(one: dict[str, float | None], other: dict[str, float | None]) -> dict[str, float | None]:
    return {
        name: None if value is None or (base := other[name]) is None else value - base
        for name, value in one.items()
    }
