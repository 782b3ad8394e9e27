"""Measures of fairness for any division of a round, whatever rule made it.

Every function takes the `requests` frame that went in and the `decisions`
that came out (`request_id`, `awarded` 0 or 1, `amount_cents`), so that the
optimiser, first come first served and last year's round stand side by side.
Counts and cents are ints; a share is a float for reading only, and no
decision rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from budgetpool import lazily

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
else:
    np = lazily.module("numpy")
    pd = lazily.module("pandas")


TOP_PROVIDERS: Final = 20
LORENZ_STEPS: Final = 100


@dataclass(frozen=True)
class Measures:
    """What one division looks like from every side that a board is asked about.

    A measure whose column the requests lack is None.

    Attributes:
        people_applying, people_awarded: distinct workers.
        spent_cents: sum of the awards.
        gini: of euros over all applicants; 0 is everybody the same.
        top_20_providers: their share of the euros (STAP 2022: above one half).
        cross_sector: share of awards in another sector than the worker's own.
        first_timers: share of awards to workers without training in two years.
    """

    people_applying: int
    people_awarded: int
    spent_cents: int
    gini: float
    top_20_providers: float | None
    cross_sector: float | None
    first_timers: float | None


def measures(requests: pd.DataFrame, decisions: pd.DataFrame) -> Measures:
    """Give all single-number measures of one division.

    Args:
        requests: the frame that went in; `provider_id`, `sector` with
            `training_sector`, and `first_timer` (yes, no) are used where present.
        decisions: one row per request.
    """
    awards = awarded(requests, decisions)
    has = set(requests.columns)
    return Measures(
        people_applying=int(requests["worker_id"].nunique()),
        people_awarded=int(awards["worker_id"].nunique()),
        spent_cents=int(awards["awarded_cents"].sum()),
        gini=gini(requests, decisions),
        top_20_providers=concentration(requests, decisions) if "provider_id" in has else None,
        cross_sector=_share_of(awards["sector"] != awards["training_sector"])
        if {"sector", "training_sector"} <= has
        else None,
        first_timers=_share_of(awards["first_timer"] == "yes") if "first_timer" in has else None,
    )


def coverage(requests: pd.DataFrame, decisions: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Give people awarded and applying per group; two columns give every pair of groups.

    A worker applies in each group that one of its choices names and is awarded
    in the group of the choice that was awarded.

    Returns:
        One row per group in order of its name: the columns, `applying`,
        `awarded` (people), `share`.
    """
    keys = list(columns)
    applying = requests.drop_duplicates(["worker_id", *keys]).groupby(keys).size()
    awards = awarded(requests, decisions).drop_duplicates(["worker_id", *keys])
    counted = awards.groupby(keys).size().reindex(applying.index, fill_value=0)
    table = pd.DataFrame({"applying": applying, "awarded": counted}).reset_index()
    table["share"] = table["awarded"] / table["applying"]
    return table


def spending(requests: pd.DataFrame, decisions: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give the euros per value of a column (a sector, a provider), the largest first.

    Returns:
        `column`, `asked_cents` (first choices), `awarded_cents`, `share` of all euros awarded.
    """
    first = requests[requests["choice"] == 1]
    asked = first.groupby(column)["amount_cents"].sum()
    spent = awarded(requests, decisions).groupby(column)["awarded_cents"].sum()
    names = asked.index.union(spent.index)
    table = pd.DataFrame(
        {
            "asked_cents": asked.reindex(names, fill_value=0).astype(np.int64),
            "awarded_cents": spent.reindex(names, fill_value=0).astype(np.int64),
        }
    ).rename_axis(column)
    table["share"] = table["awarded_cents"] / max(1, int(table["awarded_cents"].sum()))
    return table.sort_values("awarded_cents", ascending=False, kind="stable").reset_index()


def concentration(
    requests: pd.DataFrame, decisions: pd.DataFrame, *, top: int = TOP_PROVIDERS
) -> float:
    """Give the share of all euros that goes to the `top` largest providers."""
    return float(spending(requests, decisions, "provider_id")["share"].head(top).sum())


def gini(requests: pd.DataFrame, decisions: pd.DataFrame) -> float:
    """Give the Gini coefficient of euros over all applicants, the refused ones with zero.

    G = Σ (2i - n - 1) x_i ÷ (n Σ x_i), the amounts x in rising order.

    >>> people = pd.DataFrame({"request_id": ["a", "b"], "worker_id": ["1", "2"]})
    >>> given = pd.DataFrame({"request_id": ["a", "b"], "awarded": [1, 0], "amount_cents": [50, 0]})
    >>> gini(people, given)
    0.5
    """
    euros = _per_worker(requests, decisions)
    total, count = sum(euros), len(euros)
    if total == 0:
        return 0.0
    weighted = sum((2 * place - count - 1) * x for place, x in enumerate(euros, start=1))
    return weighted / (count * total)


def lorenz(requests: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Give the Lorenz curve: the share of euros that the poorest share of applicants gets.

    Returns:
        `people_share` and `euros_share`, both from 0 to 1, in at most 101 points.
    """
    euros = _per_worker(requests, decisions)
    cumulative = np.concatenate([[0], np.cumsum(euros, dtype=np.int64)])
    steps = min(LORENZ_STEPS, len(euros))
    at = np.linspace(0, len(euros), steps + 1).round().astype(np.int64)
    return pd.DataFrame(
        {
            "people_share": at / max(1, len(euros)),
            "euros_share": cumulative[at] / max(1, cumulative[-1]),
        }
    )


def give_back(
    requests: pd.DataFrame, decisions: pd.DataFrame, contributions: pd.DataFrame, column: str
) -> pd.DataFrame:
    """Give per contributor (a sector, say) what it paid in and what came back to its workers.

    Args:
        contributions: `value` (of the column) and `amount_cents` paid in.

    Returns:
        `value`, `paid_cents`, `asked_cents`, `returned_cents` and `ratio`
        (returned ÷ paid), in the order of the values; a value that paid
        nothing has no ratio (NaN).
    """
    spent = spending(requests, decisions, column).set_index(column)
    paid = contributions.groupby("value")["amount_cents"].sum()
    names = paid.index.union(spent.index)
    table = pd.DataFrame(
        {
            "paid_cents": paid.reindex(names, fill_value=0).astype(np.int64),
            "asked_cents": spent["asked_cents"].reindex(names, fill_value=0).astype(np.int64),
            "returned_cents": spent["awarded_cents"].reindex(names, fill_value=0).astype(np.int64),
        }
    ).rename_axis("value")
    table["ratio"] = table["returned_cents"] / table["paid_cents"].where(table["paid_cents"] > 0)
    return table.reset_index()


def awarded(requests: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Give the awarded requests with all their columns and `awarded_cents`."""
    given = decisions.loc[decisions["awarded"] == 1, ["request_id", "amount_cents"]]
    given = given.rename(columns={"amount_cents": "awarded_cents"})
    return requests.merge(given, on="request_id", how="inner", validate="one_to_one")


def _per_worker(requests: pd.DataFrame, decisions: pd.DataFrame) -> list[int]:
    """Give the cents of every applicant in rising order."""
    spent = awarded(requests, decisions).groupby("worker_id")["awarded_cents"].sum()
    everybody = spent.reindex(requests["worker_id"].unique(), fill_value=0)
    return [int(cents) for cents in np.sort(everybody.to_numpy())]


def _share_of(flags: pd.Series[bool]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
