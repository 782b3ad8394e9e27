"""A round as a folder of files: what the verifier, and anybody else, needs to check a division."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budgetpool import lazily

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import Allocation, Policy, Problem, files, verify
    from allocation.optimiser.verify import Finding
else:
    pd = lazily.module("pandas")
    files = lazily.module("allocation.optimiser.files")
    verify = lazily.module("allocation.optimiser.verify")


def findings(problem: Problem, allocation: Allocation) -> list[Finding]:
    """What the verifier finds wrong with a division; nothing means that everything holds."""
    with tempfile.TemporaryDirectory(prefix="budgetpool-") as name:
        folder = Path(name)
        write_input(problem, folder)
        files.write(allocation, folder / "out")
        return verify.verify(folder, folder / "out")


def write_input(problem: Problem, folder: Path) -> None:
    """Write `requests.csv`, `policy.toml` and, where present, the other frames."""
    for name, text in input_files(problem).items():
        (folder / name).write_text(text, encoding="utf-8")


def input_files(problem: Problem) -> dict[str, str]:
    """The input of a division, as file names with their content."""
    content = {
        "requests.csv": _csv(problem.requests),
        "policy.toml": toml(problem.policy),
    }
    for name in ("editions", "pools", "contributions", "before"):
        frame = getattr(problem, name)
        if frame is not None:
            content[f"{name}.csv"] = _csv(frame)
    if problem.given or problem.withheld:
        rows = [(one, "give") for one in sorted(problem.given)]
        rows += [(one, "withhold") for one in sorted(problem.withheld)]
        content["adjustments.csv"] = _csv(pd.DataFrame(rows, columns=["request_id", "action"]))
    return content


def toml(policy: Policy) -> str:
    """The policy as `policy.toml`; reading it back gives the same policy and fingerprint."""
    data = policy.to_dict()
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    lists = {key: data[key] for key in ("floor", "cap")}
    lines = [
        f"{key} = {_value(value)}"
        for key, value in data.items()
        if key not in tables and key not in lists
    ]
    for name, entries in lists.items():
        for entry in entries:
            lines += ["", f"[[{name}]]", *_pairs(entry)]
    for name, entry in tables.items():
        plain = {key: value for key, value in entry.items() if not isinstance(value, dict)}
        lines += ["", f"[{name}]", *_pairs(plain)]
        for key, inner in entry.items():
            if isinstance(inner, dict):
                lines += ["", f"[{name}.{key}]", *_pairs(inner)]
    return "\n".join(lines) + "\n"


def _pairs(entry: dict[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in entry.items()]


def _key(key: str) -> str:
    return key if key.isidentifier() else _value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Fraction():
            return _value(str(value))
        case list():
            return f"[{', '.join(_value(one) for one in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one >= " " else f"\\u{ord(one):04x}" for one in text) + '"'


def _csv(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, lineterminator="\n")
