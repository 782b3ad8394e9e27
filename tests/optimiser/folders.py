"""Writes a round as the folder of files that `manage.py allocate` reads."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from allocation.optimiser import Policy, Problem, files

SHARES = ("share_of_ceiling", "give_back", "fairness", "coverage_cap", "tolerance")


def write(problem: Problem, folder: Path) -> Path:
    """Write every frame and the policy; give the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.toml").write_text(toml(problem.policy), encoding="utf-8")
    for name in ("requests", "editions", "pools", "contributions", "before"):
        frame = getattr(problem, name)
        if frame is not None:
            frame.to_csv(folder / f"{name}.csv", index=False)
    if problem.given or problem.withheld:
        rows = [(ids, "give") for ids in sorted(problem.given)]
        rows += [(ids, "withhold") for ids in sorted(problem.withheld)]
        pd.DataFrame(rows, columns=["request_id", "action"]).to_csv(
            folder / "adjustments.csv", index=False
        )
    return folder


def read_result(folder: Path) -> tuple[pd.DataFrame, dict[str, Any], dict[str, Any] | None]:
    """Decisions, result and certificate of a division; None for a certificate that is absent."""
    certificate = folder / "certificate.json"
    return (
        files._csv(folder / "decisions.csv"),
        json.loads((folder / "result.json").read_text()),
        json.loads(certificate.read_text()) if certificate.exists() else None,
    )


def toml(policy: Policy) -> str:
    """Write a policy as TOML; shares as decimals where they are short, else as text."""
    keys = policy.to_dict()
    tables = {name: keys.pop(name) for name in ("floor", "cap")}
    single = {
        name: keys.pop(name) for name in ("solidarity", "part_awards", "waiting") if name in keys
    }
    lines = _entries(keys)
    for name, table in single.items():
        lines += ["", f"[{name}]", *_entries(table)]
    for name, rows in tables.items():
        for row in rows:
            lines += ["", f"[[{name}]]", *_entries(row)]
    return "\n".join(lines) + "\n"


def _entries(table: dict[str, Any]) -> list[str]:
    return [f"{key} = {_literal(value, key)}" for key, value in table.items()]


def _literal(value: Any, key: str) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{name}" = {part}' for name, part in value.items()) + "}"
    if key in SHARES and 10**9 % Fraction(value).denominator == 0:
        return f"{float(Fraction(value)):.9f}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
