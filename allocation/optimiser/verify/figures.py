"""Are the figures of `result.json` what the decisions add up to?"""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from .arithmetic import totals
from .findings import Findings
from .model import Promise, Round
from .reached import Reached


def check(
    round_: Round,
    reached: Reached,
    decisions: pd.DataFrame,
    stages: list[dict[str, Any]],
    targets: dict[str, int] | None,
    findings: Findings,
) -> None:
    """Check every published figure.

    Args:
        stages: the certificate's, empty for a rule that has none.
        targets: people per group as the certificate's levels give them; None without.
    """
    result = round_.inputs.result
    for name in ("value", "spent_cents", "people"):
        _expect(findings, name, result.get(name), getattr(reached, name))
    _check_coverage(round_, reached, targets, findings)
    _check_promises(round_, reached, findings)
    _check_caps(round_, decisions, findings)
    if stages:
        _check_stages(round_, stages, findings)


def _check_coverage(
    round_: Round, reached: Reached, targets: dict[str, int] | None, findings: Findings
) -> None:
    stated = round_.inputs.result.get("coverage")
    if not isinstance(stated, dict) or set(stated) != set(round_.groups):
        _expect(findings, "coverage", stated, sorted(round_.groups))
        return
    people = zip(round_.groups, round_.applying, reached.awarded, strict=True)
    for group, applying, awarded in people:
        row = stated[group]
        _expect(findings, f"coverage.{group}.applying", row.get("applying"), applying)
        _expect(findings, f"coverage.{group}.awarded", row.get("awarded"), awarded)
        if not _close(row.get("share"), Fraction(awarded, applying)):
            _expect(findings, f"coverage.{group}.share", row.get("share"), awarded / applying)
        if targets is not None:
            target = targets.get(group, 0)
            _expect(findings, f"coverage.{group}.target", row.get("target") or 0, target)


def _check_promises(round_: Round, reached: Reached, findings: Findings) -> None:
    """Floors and give-back: name, required and reached cents."""
    expected: dict[str, tuple[int, int]] = {}

    def note(promise: Promise, sums: list[int]) -> None:
        for name, required, sum_ in zip(promise.names, promise.required, sums, strict=True):
            expected[name] = (required, sum_)

    for floor, sum_ in zip(round_.floors, reached.floors, strict=True):
        note(floor, [sum_])
    if round_.give_back is not None:
        note(round_.give_back, reached.give_back)
    rows = round_.inputs.result.get("floors")
    stated = {
        f"{row.get('kind')}:{str(row.get('name')).removeprefix('give_back:')}": row
        for row in (rows if isinstance(rows, list) else [])
    }
    if set(stated) != set(expected):
        _expect(findings, "floors", sorted(stated), sorted(expected))
        return
    for name, (required, sum_) in expected.items():
        row = stated[name]
        _expect(findings, f"{name}.required_cents", row.get("required_cents"), required)
        _expect(findings, f"{name}.reached_cents", row.get("reached_cents"), sum_)
        if (row.get("cause") is not None) != (sum_ < required):
            _expect(findings, f"{name}.cause", row.get("cause"), sum_ < required)


def _check_caps(round_: Round, decisions: pd.DataFrame, findings: Findings) -> None:
    """Each published cap: what it allows and what was used."""
    awarded = (decisions["awarded"] == 1).to_numpy()
    cents = np.where(awarded, decisions["amount_cents"].to_numpy(), 0)
    expected = {}
    for limit in round_.limits:
        if limit.names and limit.names[0].startswith("cap:"):
            used = awarded.astype(np.int64) if limit.counts_awards else cents
            sums = totals(limit.codes, used, len(limit.names))
            for name, rhs, sum_ in zip(limit.names, limit.rhs, sums, strict=True):
                expected[name] = (rhs, int(sum_))
    rows = round_.inputs.result.get("caps")
    for row in rows if isinstance(rows, list) else []:
        name = f"cap:{row.get('name')}:{row.get('value')}"
        if name not in expected:
            _expect(findings, name, "listed", "no such cap")
            continue
        allowed, sum_ = expected.pop(name)
        _expect(findings, f"{name}.limit", row.get("limit"), allowed)
        _expect(findings, f"{name}.reached", row.get("reached"), sum_)
    for name, (_, sum_) in expected.items():
        if sum_:
            _expect(findings, f"{name}.reached", "not listed", sum_)


def _check_stages(round_: Round, stages: list[dict[str, Any]], findings: Findings) -> None:
    """The solver's claims: no value passes its bound, no gap passes the tolerance."""
    tolerance, rows = round_.inputs.policy["tolerance"], round_.inputs.result.get("stages")
    rows = rows if isinstance(rows, list) else []
    proven = {stage["stage"]: stage for stage in stages}
    names = [row.get("name") for row in rows]
    wanted = [stage["stage"] for stage in stages if not stage["stage"].startswith("coverage:")]
    if [name for name in names if name in wanted] != wanted:
        findings.add("stages_differ", stated=names, recomputed=list(proven))
        return
    for row in rows:
        name, value, bound = row.get("name"), row.get("value"), row.get("bound")
        if name not in proven or str(name).startswith("coverage:"):
            continue
        stage = proven[name]
        _expect(findings, f"{name}.value", value, stage["reached"])
        certified = row.get("certified_bound")
        _expect(findings, f"{name}.certified_bound", certified, stage["bound"])
        if type(value) is not int or type(bound) is not int:
            _expect(findings, f"{name}.bound", bound, "a whole number")
        elif value > bound:
            findings.add("bound_passed", stage=name, reached=value, bound=bound)
        elif bound > stage["bound"]:
            findings.add("bound_differs", stage=name, stated=bound, recomputed=stage["bound"])
        else:
            _check_gap(name, row.get("gap"), value, bound, tolerance, findings)
    result = round_.inputs.result
    last: dict[str, Any] = next((row for row in rows if row.get("name") == "value"), {})
    for figure in ("value", "bound", "gap"):
        _expect(findings, figure, result.get(figure), last.get(figure))


def _check_gap(
    name: str, gap: object, value: int, bound: int, tolerance: Fraction, findings: Findings
) -> None:
    true = Fraction(bound - value, max(1, bound))
    if true > tolerance:
        findings.add("gap_too_large", stage=name, gap=float(true), tolerance=tolerance)
    if not _close(gap, true):
        findings.add("gap_differs", stage=name, stated=gap, recomputed=float(true))


def _close(stated: object, true: Fraction) -> bool:
    """A share that is published for reading: equal to six decimals."""
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return False
    return math.isclose(stated, float(true), rel_tol=1e-6, abs_tol=1e-6)


def _expect(findings: Findings, figure: str, stated: object, recomputed: object) -> None:
    findings.expect("figure_differs", figure=figure, stated=stated, recomputed=recomputed)
