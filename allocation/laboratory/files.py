"""The results as files that anybody can make again: the tables, the bands, and how."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any, Final

from allocation import code_version
from allocation.laboratory import bands
from allocation.laboratory.plan import Plan
from allocation.optimiser.errors import Fault, InvalidInput, unreadable

# The table of each file; `results.csv` holds a row per seed, world, rule, year and round.
TABLES: Final = {"results.csv": "rounds", "waits.csv": "waits", "runs.csv": "runs"}
README: Final = """\
Made by the policy laboratory: synthetic people, no real ones. docs/laboratory.md tells what the
figures mean and what they cannot say.

Make the same files again, byte by byte:

    manage.py simulate --plan plan.json --out AGAIN

optimiser sha256 {code}
results.csv sha256 {results}
"""


def refuse_unusable(folder: Path) -> None:
    """Refuse a folder that holds something already or cannot be made.

    Raises:
        InvalidInput: `not_empty` or `unreadable_file`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        used = any(folder.iterdir())
    except OSError as error:
        raise InvalidInput(unreadable(str(folder), error)) from None
    if used:
        raise InvalidInput(Fault("not_empty", str(folder), "Give a new or an empty folder."))


def write(folder: Path, plan: Plan, found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Write all files; returns the summary."""
    texts = {name: _csv(found[table]) for name, table in TABLES.items()}
    summary = bands.summary(plan, found)
    texts["summary.json"] = json.dumps(summary, indent=1, sort_keys=True) + "\n"
    texts["plan.json"] = plan.to_json() + "\n"
    texts["README.txt"] = README.format(
        code=code_version.sha256(),
        results=hashlib.sha256(texts["results.csv"].encode()).hexdigest(),
    )
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return summary


def plan_of(path: Path) -> Plan:
    """The plan of a run before.

    Raises:
        InvalidInput: the file cannot be read, or is no plan.
    """
    try:
        return Plan.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(unreadable(path.name, error)) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "Give the plan.json of a run before, as it was written."
        raise InvalidInput(
            Fault("not_a_plan", path.name, remedy, params={"error": str(error)})
        ) from None


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
