"""One round of invented people, to look at a rule at once."""

from typing import Final

from allocation.laboratory import assumptions, behaviour, frames, supply
from allocation.laboratory.people import People
from allocation.laboratory.plan import Plan
from allocation.optimiser import Problem

SEED: Final = 1


def one_round(plan: Plan) -> Problem:
    """The first round of the region of seed 1, honest, as the rule of the plan would divide it."""
    people = People.draw(SEED, plan.requests * assumptions.PEOPLE_PER_REQUEST)
    offer = supply.draw(SEED, plan.requests)
    asked = behaviour.ask(
        people, offer, seed=SEED, number=0, year=0, requests=plan.requests, choices=plan.choices,
        gaming=False,
    )  # fmt: skip
    price_cents = supply.prices(offer, 0, gaming=False)
    return frames.problem(plan, people, offer, asked, price_cents, seed=SEED, number=0, year=0)
