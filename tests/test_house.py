"""House rules that a tool can see."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["budgetpool", "allocation", "employers", "workers", "api"]
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if path.name != "LICENSE.md"
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_import_hides_inside_a_function(path):
    hidden = [
        inner.lineno
        for outer in ast.walk(ast.parse(path.read_text()))
        if isinstance(outer, FUNCTIONS)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, f"{name(path)} imports inside a function, at lines {hidden}"


def test_no_drawer_for_everything():
    drawers = [
        name(path) for path in MODULES if path.stem in {"utils", "helpers", "misc", "common"}
    ]
    assert not drawers


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_link_of_a_document_leads_somewhere(path):
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text())
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert not missing, f"{name(path)} links to {missing}"


def test_the_readme_gives_two_commands_each_in_its_own_block():
    blocks = re.findall(
        r"```(?:sh|bash|console)?\n(.*?)```", (ROOT / "README.md").read_text(), re.S
    )
    commands = [block.strip() for block in blocks]
    assert "pip install uv && uv run --no-dev manage.py demo" in commands
    assert "pip install uv && uv run pytest" in commands


def test_lock_files_stay_out():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"uv.lock", "package-lock.json"} <= set(ignored)
