"""The verifier for everybody: all modules of this folder in one file, which needs only Python.

The modules stand one after the other, without the imports between them.
"""

import ast
import functools
from pathlib import Path

# From what is read first to the program itself; no module knows a later one.
ORDER = (
    "words",
    "frames",
    "policy",
    "files",
    "round",
    "decisions",
    "lots",
    "bounds",
    "form",
    "cuts",
    "tree",
    "walk",
    "levels",
    "give_back",
    "fractions",
    "stages",
    "figures",
    "reach",
    "reasons",
    "passed_over",
    "whole",
)
FOLDER = Path(__file__).parent
DOOR = """
if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
"""


@functools.cache
def text() -> str:
    """The whole verifier as the text of one file."""
    imports: set[str] = set()
    bodies: list[str] = []
    names: set[str] = set()
    said = ""
    for module in ORDER:
        source = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        said = ast.get_docstring(tree, clean=False) or ""
        body = _body(tree, imports, names)
        lines = source.splitlines()
        title = f"# {'-' * (88 - len(module))} {module}"
        bodies.append(title + "\n\n" + "\n".join(lines[body - 1 :]).strip())
    head = f'"""{said}"""'
    begun = f"{head}\n\n{_sorted(imports)}"
    return "\n\n\n".join([begun, *bodies, DOOR.strip()]) + "\n"


def _body(tree: ast.Module, imports: set[str], names: set[str]) -> int:
    """The line at which a module begins to define; its imports are collected, its names counted.

    Raises:
        ValueError: two modules define one name, so that one would hide the other.
    """
    last = 1
    for node in tree.body:
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
            imports.update(_single(node))
        if isinstance(node, ast.Import | ast.ImportFrom) or node is tree.body[0]:
            last = (node.end_lineno or 0) + 1
            continue
        for name in _defined(node):
            if name in names:
                raise ValueError(f"{name} is defined in two modules")
            names.add(name)
    return last


def _single(node: ast.Import | ast.ImportFrom) -> list[str]:
    """An import as lines of one name each."""
    if isinstance(node, ast.Import):
        return [f"import {name.name}" for name in node.names]
    return [f"from {node.module} import {name.name}" for name in node.names]


def _sorted(imports: set[str]) -> str:
    """The imports of all modules, each once: whole modules first."""
    of: dict[str, list[str]] = {}
    for line in sorted(imports):
        if line.startswith("from"):
            module, name = line.removeprefix("from ").split(" import ")
            of.setdefault(module, []).append(name)
    lines = [line for line in sorted(imports) if line.startswith("import")]
    return "\n".join(lines + [f"from {m} import {', '.join(n)}" for m, n in of.items()])


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id] if isinstance(node.target, ast.Name) else []
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [leaf.id for each in targets for leaf in ast.walk(each) if isinstance(leaf, ast.Name)]
