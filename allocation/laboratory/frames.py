"""From the people who ask to the frames that a rule divides."""

import numpy as np
import pandas as pd

from allocation.laboratory.behaviour import Asked
from allocation.laboratory.people import CELLS, Integers, People
from allocation.laboratory.plan import Plan
from allocation.laboratory.supply import SECTOR_CODES, Supply
from allocation.laboratory.workforce import SECTORS
from allocation.optimiser import Problem
from allocation.rules import points


def problem(
    plan: Plan, people: People, supply: Supply, asked: Asked, price_cents: Integers, *,
    seed: int, number: int, year: int,
) -> Problem:  # fmt: skip
    """The round as the optimiser reads it: one row per choice, in the order of `asked`."""
    worker = _workers(plan, people, asked, year)
    request, choice = np.nonzero(asked.wanted >= 0)
    training = asked.wanted[request, choice]
    name = worker["worker_id"].to_numpy()[request]
    limited = supply.seats[training] >= 0
    frame = pd.DataFrame(
        {
            "request_id": [f"{w}-{c + 1}" for w, c in zip(name, choice.tolist(), strict=True)],
            "worker_id": name,
            "choice": choice.astype(np.int64) + 1,
            "amount_cents": price_cents[training],
            "edition_id": np.where(limited, _names("e", training), ""),
            "provider_id": _names("p", supply.provider[training]),
            "training_id": _names("t", training),
            "training_sector": SECTOR_CODES[supply.sector[training]],
        }
    )
    for column in worker.columns.drop("worker_id"):
        frame[column] = worker[column].to_numpy()[request]
    wanted = np.unique(training[limited])
    policy = plan.policy(seed, number)
    return Problem(
        requests=frame,
        policy=policy,
        editions=pd.DataFrame({"edition_id": _names("e", wanted), "seats": supply.seats[wanted]}),
        contributions=_contributions(plan) if policy.solidarity else None,
    )


def _workers(plan: Plan, people: People, asked: Asked, year: int) -> pd.DataFrame:
    """One row per request: who asks, with the points and columns of a real round."""
    person = asked.person
    cell = CELLS.iloc[people.cell[person]].reset_index(drop=True)
    hours = people.hours_trained(year)[person]
    workers = pd.DataFrame(
        {
            "worker_id": _names("w", person),
            "education": cell["education"],
            "education_level": cell["education_level"],
            "contract": cell["contract"],
            "sector": SECTOR_CODES[people.sector[person]],
            "hours_trained": hours,
            "refused_rounds": people.refused[person],
        }
    )
    weighed = points.points_of(workers)
    workers["points"] = points.BASE if plan.points == "equal" else weighed
    target = workers["education"].isin(points.TARGET_EDUCATION) & (hours == 0)
    workers["target"] = np.where(target, "yes", "no")
    workers["first_timer"] = np.where(hours == 0, "yes", "no")
    workers["submitted_at"] = asked.seconds.astype(str).astype(object)
    return workers.drop(columns=["hours_trained", "refused_rounds"])


def _contributions(plan: Plan) -> pd.DataFrame:
    """Every sector pays as much as it has people; together the ceiling. [assumed]"""
    whole = sum(SECTORS.values())
    cents = [int(plan.ceiling_cents * share / whole) for share in SECTORS.values()]
    return pd.DataFrame({"value": list(SECTORS), "amount_cents": cents})


def _names(letter: str, numbers: Integers) -> np.ndarray:
    return np.array([f"{letter}{number}" for number in numbers.tolist()], dtype=object)
