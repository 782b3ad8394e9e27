"""Which tests touch which lines of a package, learnt from one run of them under coverage."""

import ast
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

Lines = dict[int, set[str]]


@dataclass(frozen=True)
class Touched:
    """Which tests ran each line of each file, and how long each test took."""

    files: dict[str, Lines]
    seconds: dict[str, float]

    def by(self, path: Path, line: int) -> list[str]:
        """The tests that run the statement which holds this line, the most particular first.

        What runs when the module is loaded belongs to every test.
        """
        lines = self.files.get(str(path), {})
        here = statement(path, line)
        tests = {test for number in here for test in lines.get(number, ())}
        if "" in tests:
            tests = set(self.seconds)
        width: dict[str, int] = defaultdict(int)
        for ran in lines.values():
            for test in ran:
                width[test] += 1
        return sorted(tests, key=lambda test: (width[test], self.seconds[test], test))


def learn(package: str, tests: list[str]) -> Touched:
    """Run the package's tests once, unchanged; all must pass."""
    with tempfile.TemporaryDirectory() as folder:
        data, seconds = Path(folder, "data"), Path(folder, "seconds")
        command = [sys.executable, "-m", "coverage", "run", f"--data-file={data}"]
        command += [f"--source={package}", "-m", "pytest", "-p", "tests.mutants.noting"]
        command += ["-n0", "-q", f"--noting={seconds}", *tests]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            sys.exit(f"The tests of {package} fail unchanged:\n{ran.stdout[-4000:]}{ran.stderr}")
        held = CoverageData(str(data))
        held.read()
        files = {name_here(file): lines_of(held, file) for file in held.measured_files()}
        return Touched(files, json.loads(seconds.read_text()))


def name_here(file: str) -> str:
    return str(Path(file).resolve().relative_to(Path.cwd().resolve()))


def lines_of(held: CoverageData, file: str) -> Lines:
    return {line: set(tests) for line, tests in held.contexts_by_lineno(file).items()}


def statement(path: Path, line: int) -> range:
    """The lines of the innermost statement around this one; of a compound one its head, and of a
    decorator the whole function that it stands above."""
    best = range(line, line + 1)
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.stmt) or isinstance(node, ast.Module):
            continue
        for first, last in parts(node):
            if first <= line <= last and (best.start == line or first >= best.start):
                best = range(first, last + 1)
    return best


def parts(node: ast.stmt) -> Iterator[tuple[int, int]]:
    end = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    if not body:
        yield node.lineno, end
        return
    for decorator in getattr(node, "decorator_list", ()):
        yield decorator.lineno, end
    yield node.lineno, max(node.lineno, body[0].lineno - 1)
