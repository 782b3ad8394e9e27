"""Reads the worked examples of docs/allocation-rule.md: its tables are the tests."""

import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from allocation.optimiser import Policy, Problem

PAGE = Path(__file__).parents[2] / "docs" / "allocation-rule.md"


@dataclass(frozen=True)
class Example:
    """One section of the page.

    Args:
        outcomes: per column of the table (award, fcfs, "fairness 0.5", …) the requests awarded.
        values: per column the value that the table states, where it states one.
    """

    title: str
    problem: Problem
    outcomes: dict[str, list[str]]
    values: dict[str, int]

    def with_fairness(self, column: str) -> Problem:
        """The problem of a column like "fairness 0.5"."""
        keys = self.problem.policy.to_dict()
        share = column.removeprefix("fairness ")
        return replace(self.problem, policy=Policy.from_dict({**keys, "fairness": share}))


def read() -> list[Example]:
    """Give every example of the page."""
    section = PAGE.read_text(encoding="utf-8").split("## Worked examples")[1]
    parts = section.split("\n## ")[0].split("\n### ")[1:]
    return [_example(part) for part in parts]


def _example(text: str) -> Example:
    title = text.splitlines()[0]
    tables = {table[0][0]: table for table in _tables(text)}
    header, *rows = tables["request"]
    outcome_columns = [name for name in header if _is_outcome(name)]
    values = {}
    stated = [row for row in rows if row[0].startswith("**")]
    for row in stated:
        cells = dict(zip(header, row, strict=True))
        values = {name: int(cells[name]) for name in outcome_columns if cells[name]}
    rows = [row for row in rows if row not in stated]
    frame = pd.DataFrame(rows, columns=header)
    outcomes = {
        name: frame.loc[frame[name] == "yes", "request"].tolist() for name in outcome_columns
    }
    return Example(
        title, _problem(text, frame.drop(columns=outcome_columns), tables), outcomes, values
    )


def _problem(text: str, frame: pd.DataFrame, tables: dict[str, list[list[str]]]) -> Problem:
    requests = frame.rename(columns={"request": "request_id", "worker": "worker_id"})
    requests["amount_cents"] = [int(euros) * 100 for euros in requests.pop("euros")]
    requests["points"] = requests["points"].astype(int)
    if "worker_id" not in requests:
        requests["worker_id"] = requests["request_id"]
    requests["choice"] = requests["choice"].astype(int) if "choice" in requests else 1
    if "edition" in requests:
        requests["edition_id"] = requests.pop("edition")
    if "draw" in requests:
        requests["draw"] = requests["draw"].astype(int)
    toml = text.split("```toml\n")[1].split("```")[0]
    keys = tomllib.loads(toml, parse_float=Decimal)
    keys["ceiling_cents"] = keys.pop("ceiling_euros") * 100
    policy = Policy.from_dict({"name": "example", "seed": "public draw", **keys})
    return Problem(
        requests=requests,
        policy=policy,
        editions=_frame(tables.get("edition"), {"edition": "edition_id"}, ["seats"]),
        pools=_frame(tables.get("pool"), {"pool": "pool_id"}, []),
        contributions=_frame(tables.get("contributor"), {"contributor": "value"}, []),
    )


def _frame(
    table: list[list[str]] | None, names: dict[str, str], integers: list[str]
) -> pd.DataFrame | None:
    if table is None:
        return None
    frame = pd.DataFrame(table[1:], columns=table[0]).rename(columns=names)
    if "euros" in frame:
        frame["amount_cents"] = [int(euros) * 100 for euros in frame.pop("euros")]
    for column in integers:
        frame[column] = frame[column].astype(int)
    return frame


def _tables(text: str) -> list[list[list[str]]]:
    tables: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if set("".join(cells)) <= set("-: ") and any(cells):
            continue
        if not inside:
            tables.append([])
            inside = True
        tables[-1].append(cells)
    return tables


def _is_outcome(name: str) -> bool:
    rules = ("award", "fcfs", "lottery", "ranking", "pro_rata", "tiered")
    return name in rules or name.startswith("fairness ")
