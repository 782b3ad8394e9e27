"""docs/files.md says what the program reads, writes and how it ends."""

import csv
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from allocation.management.commands import price_of_fairness
from allocation.optimiser import Policy
from allocation.optimiser.baselines import rules
from allocation.optimiser.explanation import reasons
from allocation.optimiser.program import allocate, verify
from tests.optimiser import folders, rounds

PAGE = (Path(__file__).parents[2] / "docs" / "files.md").read_text()


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the first table under a line that begins like this, by their first cell."""
    after = PAGE[PAGE.index(f"\n{heading}") :].splitlines()[1:]
    start = next(number for number, line in enumerate(after) if line.startswith("|"))
    rows = []
    for line in after[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return {row[0]: row[1:] for row in rows[2:]}


def names(cells: list[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("round")
    folders.write(rounds.random_round(4, workers=40, variant="solidarity"), folder)
    call_command("allocate", folder, out=folder / "out")
    return folder / "out"


def test_every_key_of_the_policy_stands_on_the_page():
    with pytest.raises(Exception, match="unknown_key") as refused:
        Policy.from_dict({"name": "n", "seed": "s", "ceiling_cents": 1, "moon": 1})
    known = str(refused.value).partition("the rule knows: ")[2].rstrip(".").split(", ")
    assert sorted(names(list(table("### The policy")))) == known


def test_the_policy_of_the_page_is_one(tmp_path):
    text = re.search(r"```toml\n(.*?)```", PAGE, re.S)
    (tmp_path / "policy.toml").write_text(text.group(1))
    assert Policy.from_toml(tmp_path / "policy.toml").name == "Twente 2027-1"


def test_every_key_of_a_result_stands_on_the_page(written):
    rows, result = table("**`result.json`**"), json.loads((written / "result.json").read_text())
    sometimes = {"people_short", "unchanged", "waiting"}
    assert sorted({*names(list(rows))} - sometimes) == sorted(result)
    inside = {"coverage": next(iter(result["coverage"].values()))}
    inside |= {key: result[key][0] for key in ("floors", "caps", "stages")}
    for key, row in inside.items():
        assert set(names(rows[f"`{key}`"])) >= set(row), key


def test_every_column_and_reason_of_the_decisions_stands_on_the_page(written):
    with (written / "decisions.csv").open() as lines:
        columns = next(csv.reader(lines))
    assert f"**`decisions.csv`**: `{', '.join(columns)}`" in PAGE
    assert sorted(names(list(table("**`decisions.csv`**")))) == sorted(reasons.REASONS)


def test_every_rule_and_way_to_end_stands_on_the_page():
    assert all(f"`{rule}`" in PAGE for rule in rules.RULES)
    ends = {
        "`allocate`": (allocate.PROVEN, allocate.NOT_PROVEN, allocate.INVALID_INPUT),
        "`verify`": (verify.HOLDS, verify.DOES_NOT_HOLD, verify.UNREADABLE, verify.NOT_PROVEN),
        "`price_of_fairness`": (
            0,
            price_of_fairness.DOES_NOT_HOLD,
            price_of_fairness.UNREADABLE,
            price_of_fairness.STOPPED,
        ),
    }
    for command, cells in table("## How a command ends").items():
        assert [place for place, cell in enumerate(cells) if cell] == list(ends[command])
