"""The files of a round that everybody may have: coarse lines, their sums, and what they prove."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import allocation
from allocation.decisions import bound_terms, coarse
from allocation.decisions.coarse import Group
from allocation.models import Round
from allocation.rounds import folder, line_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from allocation.optimiser import Problem

# One file of plain Python, which needs nothing but Python itself.
PROGRAM: Final = Path(allocation.__file__).parent / "decisions" / "standalone_check.py"
TOTALS: Final = (
    "outcome", "rule", "value", "bound", "gap", "spent_cents", "people", "floors",
    "snapshot_sha256", "policy_sha256",
)  # fmt: skip
# Of a stage, what names no line.
STAGE: Final = (
    "stage", "objective", "denominator", "constant", "multipliers", "kept", "bound_numerator",
    "bound", "reached", "level", "blocked",
)  # fmt: skip


def groups_of(problem: Problem, awarded: set[str]) -> list[Group]:
    """The people of a problem in groups that hide everybody; none when the round is too small.

    Args:
        problem: with only the columns that the division used.
    """
    people = coarse.people_of(problem.requests, awarded, facts_of(problem))
    return coarse.groups_of(people)


def facts_of(problem: Problem) -> tuple[str, ...]:
    """The facts about people, of those that the rule uses; schools and trainings are none."""
    known = {"request_id", "worker_id", "choice", "draw", *coarse.STEPS}
    return tuple(
        name for name in problem.requests.columns if name not in known and not name.endswith("_id")
    )


def files_of(
    round: Round, problem: Problem, exact: dict[str, str], groups: list[Group]
) -> dict[str, str]:
    """File names with their content.

    Args:
        exact: the files of the exact input and outcome, by their path (`input/…`, `outcome/…`).
        groups: as `groups_of` gives them.
    """
    result = json.loads(exact["outcome/result.json"])
    stages: list[dict[str, Any]] = json.loads(exact["outcome/certificate.json"]).get("stages", [])
    told = [{key: stage[key] for key in STAGE if key in stage} for stage in stages]
    inputs = folder.input_files(problem)
    files: dict[str, str] = {
        "policy.toml": inputs["policy.toml"],
        "result.json": _json({key: result[key] for key in TOTALS if key in result}),
        "certificate.json": _json({"format": "budgetpool-published-1", "stages": told}),
        "check.py": PROGRAM.read_text(encoding="utf-8"),
        **{name: inputs[name] for name in ("editions.csv", "pools.csv") if name in inputs},
    }
    if groups:
        files |= _lines(round, problem, exact, groups)
        terms = bound_terms.terms(exact, stages, groups)
        files["terms.csv"] = _csv(("stage", "group", "term"), terms)
    return files


def _lines(
    round: Round, problem: Problem, exact: dict[str, str], groups: list[Group]
) -> dict[str, str]:
    decided = list(csv.DictReader(io.StringIO(exact["outcome/decisions.csv"])))
    spent, value = _won(problem, decided)
    lines, rows = [], []
    for number, group in enumerate(groups, start=1):
        words = coarse.words_of(group)
        names = [person.worker_id for person in group]
        rows.append(
            [
                number,
                *words.values(),
                len(group),
                sum(person.awarded for person in group),
                sum(spent.get(name, 0) for name in names),
                sum(value.get(name, 0) for name in names),
            ]
        )
        lines += [
            (
                line_keys.line_of(round.code, line_keys.key_of(person.worker_id)),
                number,
                int(person.awarded),
            )
            for person in group
        ]
    columns = ("group", *coarse.words_of(groups[0]), "people", "awarded", "spent_cents", "value")
    return {
        "groups.csv": _csv(columns, rows),
        # By the name of the line, which tells nothing: so they are shuffled.
        "lines.csv": _csv(("line", "group", "awarded"), sorted(lines)),
    }


def _won(problem: Problem, decided: list[dict[str, str]]) -> tuple[dict[str, int], dict[str, int]]:
    """Per person, cents that were awarded and what they count for (docs/certificate.md)."""
    rows = {row["request_id"]: row for row in problem.requests.to_dict("records")}
    percents = problem.policy.choice_percent
    parts = problem.policy.part_awards
    percent_of = dict(parts.value_percent) if parts else {}
    spent: dict[str, int] = {}
    value: dict[str, int] = {}
    for one in decided:
        if one["awarded"] != "1":
            continue
        row = rows[one["request_id"]]
        worth = int(row["points"]) * percents[int(row["choice"]) - 1]
        if problem.policy.value == "points_times_amount":
            worth *= int(row["amount_cents"])
        share = json.loads(one["reason_params"] or "{}").get("share_percent")
        if one["reason"] == "awarded_part" and share:
            worth = worth * percent_of.get(int(share), int(share)) // 100
        name = row["worker_id"]
        spent[name] = spent.get(name, 0) + int(one["amount_cents"])
        value[name] = value.get(name, 0) + worth
    return spent, value


def _csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _json(stated: dict[str, Any]) -> str:
    return json.dumps(stated, indent=1, ensure_ascii=False)
