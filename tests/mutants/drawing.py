"""Which changes are made: cosmic-ray names them all, the lot takes some."""

import ast
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec

IDENTITY = re.compile(r"core/ReplaceComparisonOperator_(Eq|NotEq|Lt|LtE|Gt|GtE)_Is(Not)?")
Place = tuple[Path, tuple[int, int]]


def draw(package: str, sample: int, seed: int) -> list[MutationSpec]:
    """So many places of the package, each as likely as any other, and one change at each.

    Left out are places inside annotations, for types are no behaviour, and `is` for a comparison,
    for what that does with numbers and texts is the interpreter's business.
    """
    files = [
        path
        for path in sorted(Path(package).rglob("*.py"))
        if "migrations" not in path.parts and path.read_text().strip()
    ]
    by_place: dict[Place, list[MutationSpec]] = defaultdict(list)
    for change in all_changes(files):
        if not IDENTITY.fullmatch(change.operator_name):
            by_place[change.module_path, change.start_pos].append(change)
    typed = {path: set(annotated(path)) for path in files}
    places = sorted(
        place for place in by_place if not any(place[1] in span for span in spans(typed[place[0]]))
    )
    lot = random.Random(f"{seed} {package}")
    taken = lot.sample(places, min(sample, len(places)))
    return [lot.choice(by_place[place]) for place in sorted(taken)]


def all_changes(files: list[Path]) -> Iterator[MutationSpec]:
    with (
        tempfile.TemporaryDirectory() as folder,
        use_db(str(Path(folder, "changes")), WorkDB.Mode.create) as held,
    ):
        init(files, held, {})
        found = [item.mutations[0] for item in held.work_items]
    yield from sorted(
        found, key=lambda each: (each.module_path, each.start_pos, each.operator_name)
    )


class Span:
    """From one place of a file up to another."""

    def __init__(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.start, self.end = start, end

    def __contains__(self, place: tuple[int, int]) -> bool:
        return self.start <= place < self.end


def spans(nodes: set[tuple[tuple[int, int], tuple[int, int]]]) -> list[Span]:
    return [Span(*node) for node in nodes]


def annotated(path: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where the file says types."""
    for node in ast.walk(ast.parse(path.read_text())):
        for said in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(said, ast.expr):
                yield (
                    (said.lineno, said.col_offset),
                    (said.end_lineno or said.lineno, said.end_col_offset or said.col_offset),
                )
