"""The table of frauds in docs/security.md: every row names tests, and every test is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
TABLE = PAGE.partition("## What stops which fraud")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| fraud |"))
]
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")


def names_in(path):
    """The tests of a file as pytest names them, without their cases."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
            }
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:50])
def test_every_fraud_has_a_step_against_it_and_a_test_that_is_there(row):
    assert len(row) == 3, row
    assert all(row)
    tests = TEST.findall(row[2])
    assert tests, f"{row[0]} names no test"
    assert TEST.sub("", row[2]).strip(", ") == "", f"not the name of a test: {row[2]}"
    for file, name in tests:
        path = ROOT / file
        assert path.exists(), file
        assert name in names_in(path), f"{file} has no test {name}"


def test_no_line_of_the_table_is_passed_by():
    lines = [line for line in TABLE.splitlines() if line.lstrip().startswith("|")]
    assert len(lines) == len(ROWS) + 2, "the heading, the line below it, and the rows"


def test_each_fraud_stands_once_and_there_are_many():
    frauds = [row[0] for row in ROWS]
    assert len(frauds) >= 35
    assert len(set(frauds)) == len(frauds)


def test_a_test_that_is_not_there_would_be_found():
    assert "test_each_fraud_stands_once_and_there_are_many" in names_in(Path(__file__))
    assert "test_nobody_wrote_this" not in names_in(Path(__file__))
    assert "names_in" not in names_in(Path(__file__))
