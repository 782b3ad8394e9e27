"""Import contracts cannot see who writes, so this reads the source."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("budgetpool", "employers", "workers", "allocation", "api")
WRITER = "budgetpool/fund/ledger.py"


def sources():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def writers(tree):
    """Places that could write a transfer round its manager: a raw query set, the base manager,
    the model's own insert, a Transfer that is made, or SQL that names the table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            arguments = {item.id for item in node.args if isinstance(item, ast.Name)}
            if node.func.id == "Transfer":
                yield node.lineno, "makes a Transfer"
            if node.func.id in {"QuerySet", "Manager"} and "Transfer" in arguments:
                yield node.lineno, "goes round the manager"
        if isinstance(node, ast.Attribute) and node.attr in {"_base_manager", "save_base"}:
            yield node.lineno, f"uses {node.attr}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = " ".join(node.value.lower().split())
            if any(
                f"{verb} fund_{table}" in text
                for verb in ("insert into", "update", "delete from", "truncate")
                for table in ("transfer", "account")
            ):
                yield node.lineno, "writes in SQL"


def test_only_the_ledger_writes_transfers():
    allowed = {WRITER, "budgetpool/fund/guards.py"}
    found = [
        f"{path}:{line} {what}"
        for path, tree in sources()
        if path not in allowed
        for line, what in writers(tree)
    ]
    assert found == []


def test_the_reader_of_sources_sees_each_way_to_write():
    ways = """
Transfer(reference="x")
QuerySet(Transfer).bulk_create([])
Transfer._base_manager.update(amount_cents=1)
cursor.execute("INSERT  INTO fund_transfer VALUES (1)")
"""
    assert {line for line, _ in writers(ast.parse(ways))} == {2, 3, 4, 5}
