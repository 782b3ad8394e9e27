"""The norms of cost lines, as data: what is usual, what is the most, and the rate per unit."""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("norms.json")


@dataclass(frozen=True)
class Norm:
    """The norm of one kind of cost, in cents.

    Attributes:
        unit: `km` or `hour`; empty where there is no rate.
        rate: the norm per unit.
        ordinary: above this somebody is asked whether the amount is right.
        most: nothing above this can be asked.
        proof: the board wants to see a paper of it.
    """

    ordinary: int
    most: int
    proof: bool
    source: str
    unit: str = ""
    rate: int = 0


def norm_of(kind: str, *, months: int | None = None) -> Norm | None:
    """The norm of a kind; in a gap year that of so many months, where there is one."""
    monthly = norms().get(f"gap_{kind}") if months else None
    if monthly is None or not months:
        return norms().get(kind)
    return replace(monthly, ordinary=monthly.ordinary * months, most=monthly.most * months)


@cache
def norms() -> dict[str, Norm]:
    """The norm of each kind that has one."""
    rows = json.loads(FILE.read_text())
    return {kind: Norm(**row) for kind, row in rows.items() if kind != "about"}
