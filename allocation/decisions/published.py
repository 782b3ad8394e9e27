"""What of a round's input leaves the fund: what the division used, and nothing more of a person.

Somebody who knows a colleague's contract, sector and diploma must not find their line. Of the
facts about people only those columns stay that the rule names; moments go. Whoever recomputes the
division on these columns gets the same outcome, because it depends on nothing else. Training and
amount still single people out, so these exact lines go to the auditor, and everybody gets coarse
ones (`coarse`), unless the exact lines hide everybody themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from budgetpool import lazily

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import Problem, files
else:
    files = lazily.module("allocation.optimiser.files")

# What a division needs of each line, whatever its rule.
NEEDED: Final = ("request_id", "worker_id", "choice", "amount_cents", "points", "edition_id")
# Facts about a person by which somebody who knows them could find their line.
ABOUT_PEOPLE: Final = (
    "education",
    "education_level",
    "contract",
    "sector",
    "target",
    "first_timer",
    "refused_for_money",
)
LEAST: Final = 5


def input_of(problem: Problem) -> Problem:
    """The same problem, with only the columns of the requests that the division uses."""
    pools = problem.pools
    of_pools = set() if pools is None else set(pools["column"])
    used = {*NEEDED, *problem.policy.columns(), *of_pools}
    kept = [name for name in problem.requests.columns if name in used]
    return replace(problem, requests=problem.requests[kept])


def fingerprint(problem: Problem) -> str:
    """The fingerprint of an input, as `verify` recomputes it."""
    return files.snapshot_sha256(problem)


def restated(stated: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """A result or certificate that names the fingerprint of what is published with it."""
    if "snapshot_sha256" not in stated:
        return stated
    return stated | {"snapshot_sha256": fingerprint(problem)}


def awarded_lines(decisions_csv: str) -> set[str]:
    """The ids of the lines that a division awarded."""
    rows = (row.split(",", 2) for row in decisions_csv.splitlines()[1:])
    return {row[0] for row in rows if row[1] == "1"}


def alike(requests: pd.DataFrame, awarded: set[str]) -> bool:
    """Whether each person is alike, in every column of every choice, to enough of each answer."""
    names = [name for name in requests.columns if name not in {"request_id", "worker_id", "draw"}]
    people: dict[str, list[tuple[str, ...]]] = {}
    got: dict[str, bool] = {}
    for row in requests.to_dict("records"):
        people.setdefault(row["worker_id"], []).append(tuple(str(row[name]) for name in names))
        got[row["worker_id"]] = got.get(row["worker_id"], False) or row["request_id"] in awarded
    answers: dict[tuple[tuple[str, ...], ...], list[bool]] = {}
    for worker, rows in people.items():
        answers.setdefault(tuple(sorted(rows)), []).append(got[worker])
    return all(min(sum(each), len(each) - sum(each)) >= LEAST for each in answers.values())


@dataclass(frozen=True)
class Anonymity:
    """How well people are hidden among each other by some columns.

    Attributes:
        k: the size of the smallest group of people who are alike.
        unique_percent: the share who are alike to nobody.
        below_percent: the share in a group of fewer than five.
        one_outcome: groups in which everybody got the same answer, so that it is told (l = 1).
    """

    columns: tuple[str, ...]
    people: int
    k: int
    unique_percent: float
    below_percent: float
    one_outcome: int

    @property
    def holds(self) -> bool:
        return self.k >= LEAST and not self.one_outcome


def anonymity(requests: pd.DataFrame, awarded: set[str], columns: tuple[str, ...]) -> Anonymity:
    """Measure k-anonymity and l-diversity of the people in a frame of requests, by columns.

    Args:
        awarded: ids of the lines that were awarded.
        columns: facts that an outsider may know; those that the frame lacks are left out.
    """
    there = tuple(name for name in columns if name in requests.columns)
    got = requests.assign(_got=requests["request_id"].isin(awarded))
    people = (
        got.sort_values("choice")
        .groupby("worker_id")
        .agg({**dict.fromkeys(there, "first"), "_got": "max"})
    )
    if not there:
        return Anonymity(there, len(people), len(people), 0.0, 0.0, 0)
    groups = people.groupby(list(there), observed=True)["_got"].agg(["size", "nunique"])
    size = groups["size"]
    return Anonymity(
        there,
        len(people),
        int(size.min()),
        round(100 * size[size == 1].sum() / len(people), 1),
        round(100 * size[size < LEAST].sum() / len(people), 1),
        int((groups["nunique"] < 2).sum()),
    )
