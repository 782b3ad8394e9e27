"""What can be changed in a source: what cosmic-ray thinks of, and a refusal that is taken out."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec


@dataclass(frozen=True)
class Mutation:
    """A change of cosmic-ray's."""

    spec: MutationSpec

    @property
    def path(self) -> Path:
        return self.spec.module_path

    @property
    def line(self) -> int:
        return self.spec.start_pos[0]

    @property
    def name(self) -> str:
        return self.spec.operator_name.removeprefix("core/")

    @contextmanager
    def made(self) -> Iterator[tuple[str, str]]:
        """Within it the source is changed; gives the text before and after."""
        operator = get_operator(self.spec.operator_name)(**self.spec.operator_args)
        with use_mutation(self.path, operator, self.spec.occurrence) as (before, after):
            yield before, after or before


@dataclass(frozen=True)
class RefusalTakenOut:
    """A `raise` that does nothing: what it should refuse passes."""

    path: Path
    line: int
    last: int
    name: str

    @contextmanager
    def made(self) -> Iterator[tuple[str, str]]:
        before = self.path.read_text()
        lines = before.splitlines()
        first = lines[self.line - 1]
        indent = first[: len(first) - len(first.lstrip())]
        lines[self.line - 1 : self.last] = [f"{indent}pass"]
        after = "\n".join(lines) + "\n"
        self.path.write_text(after)
        try:
            yield before, after
        finally:
            self.path.write_text(before)


def refusals(package: str) -> list[RefusalTakenOut]:
    """Every refusal of a package."""
    return [
        RefusalTakenOut(path, node.lineno, node.end_lineno or node.lineno, ast.unparse(node))
        for path in sorted(Path(package).rglob("*.py"))
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Raise) and node.exc is not None
    ]
