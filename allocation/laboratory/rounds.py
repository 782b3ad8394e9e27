"""The rounds and years of one region under one rule."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from allocation.laboratory import assumptions, behaviour, frames, rules, supply
from allocation.laboratory.behaviour import Asked
from allocation.laboratory.people import CELLS, LEVELS, Integers, People
from allocation.laboratory.plan import FIRST_COME, GAMING, Plan
from allocation.laboratory.supply import Supply
from allocation.laboratory.waiting import Waits
from allocation.optimiser import Problem
from allocation.rules.points import TARGET_EDUCATION

LARGEST: Final = 20
INSECURE: Final = ("on_call", "agency", "no_fixed_hours", "temp_short")
# Of what a round may spend; less is left than nearly every training costs.
EMPTY_PERCENT: Final = 99

_UP_TO_MBO = CELLS["education"].isin(TARGET_EDUCATION).to_numpy()
_INSECURE = CELLS["contract"].isin(INSECURE).to_numpy()


def live(
    plan: Plan, *, seed: int, rule: str, world: str, told: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Let one region live through all rounds.

    Args:
        told: called after each round.

    Returns:
        `rounds`: a row per round; `waits`: a row per level, ending and number of refusals; `run`:
        sums over all rounds.
    """
    gaming = world == GAMING
    people = People.draw(seed, plan.requests * assumptions.PEOPLE_PER_REQUEST)
    offer = supply.draw(seed, plan.requests)
    waits, money, finished = Waits(), np.zeros(assumptions.PROVIDERS, dtype=np.int64), 0
    rows: list[dict[str, Any]] = []
    key = {"seed": seed, "world": world, "rule": rule}
    for year in range(plan.years):
        price_cents = supply.prices(offer, year, gaming=gaming)
        for place in range(plan.rounds):
            number = year * plan.rounds + place
            asked = behaviour.ask(
                people, offer, seed=seed, number=number, year=year, requests=plan.requests,
                choices=plan.choices, gaming=gaming,
            )  # fmt: skip
            problem = frames.problem(
                plan, people, offer, asked, price_cents, seed=seed, number=number, year=year
            )
            cents = rules.divide(rule, problem)
            request = np.nonzero(asked.wanted >= 0)[0]
            awarded = np.bincount(request, weights=cents, minlength=len(asked.person)) > 0
            money += _by_provider(offer, asked, cents)
            finished += _finished(seed, number, people, asked.person[awarded])
            row = _row(people, asked, awarded, problem, cents)
            if rule == FIRST_COME:
                row["minutes"] = _minutes(plan, asked, request, cents)
            rows.append({**key, "year": year + 1, "round": place + 1, **row})
            _count(waits, people, asked, awarded)
            behaviour.answer(people, asked, awarded, year=year)
            told()
        if year + 1 < plan.years:
            waits.add("left", *people.renew(seed, year))
    waits.end(people)
    run = {
        **key,
        "spent_cents": int(money.sum()),
        "largest_cents": int(np.sort(money)[-LARGEST:].sum()),
        "gaming_cents": int(money[np.array(assumptions.GAMING_RANKS) - 1].sum()),
        "finished": finished,
    }
    return {"rounds": rows, "waits": [{**key, **row} for row in waits.rows()], "run": run}


def _row(
    people: People, asked: Asked, awarded: np.ndarray, problem: Problem, cents: Integers
) -> dict[str, Any]:
    """What one round brought."""
    cell, served = people.cell[asked.person], asked.person[awarded]
    level = people.level
    target = (problem.requests["target"] == "yes").to_numpy()
    row: dict[str, Any] = {
        "requests": len(asked.person),
        "awards": int(awarded.sum()),
        "spent_cents": int(cents.sum()),
        "target_cents": int(cents[target].sum()),
        "mbo_awards": int(_UP_TO_MBO[cell[awarded]].sum()),
        "insecure_awards": int(_INSECURE[cell[awarded]].sum()),
        "recruited_awards": int((awarded & asked.recruited).sum()),
        "minutes": "",
    }
    for number, name in enumerate(LEVELS):
        row[f"{name}_people"] = int((level == number).sum())
        row[f"{name}_requests"] = int((level[asked.person] == number).sum())
        row[f"{name}_awards"] = int((level[served] == number).sum())
    return row


def _minutes(plan: Plan, asked: Asked, request: Integers, cents: Integers) -> int | str:
    """When next to no money was left; empty where some stayed."""
    order = np.argsort(asked.seconds[request], kind="stable")
    gone = np.cumsum(cents[order]) * 100 >= plan.ceiling_cents * EMPTY_PERCENT
    return int(asked.seconds[request][order][gone.argmax()]) // 60 if gone.any() else ""


def _by_provider(offer: Supply, asked: Asked, cents: Integers) -> Integers:
    money = np.zeros(assumptions.PROVIDERS, dtype=np.int64)
    np.add.at(money, offer.provider[asked.wanted[asked.wanted >= 0]], cents)
    return money


def _finished(seed: int, number: int, people: People, served: Integers) -> int:
    """How many of the awarded finish their training."""
    luck = np.random.default_rng([seed, 4, number]).random(len(people.cell))
    return int((luck[served] >= assumptions.DROPS_OUT).sum())


def _count(waits: Waits, people: People, asked: Asked, awarded: np.ndarray) -> None:
    served = asked.person[awarded]
    waits.add("served", people.level[served], people.refused[served])
    waits.add("gave_up", people.level[asked.gave_up], people.refused[asked.gave_up])
