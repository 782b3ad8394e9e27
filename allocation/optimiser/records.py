"""What a stage reached and proved."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage in the strict order.

    `value` is what was reached, `bound` what no division can pass (both whole numbers in the
    unit of the stage: cents for floors, people for coverage and people, points x percent for
    value), `gap` the relative distance. `certified_bound` is the bound that the published
    multipliers prove; the solver may have proven a smaller one.
    """

    name: str
    value: int
    bound: int
    gap: float
    seconds: float
    certified_bound: int | None = None
