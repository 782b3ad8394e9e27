"""What nobody uses is not there: each name that the source gives is used by the source.

A name that only its definition, imports, comments and the tests mention is found: function, class,
method, property, constant, field of a record. What a library looks up by its name is known by what
it inherits or stands in; a word in a template or in a text of the source counts as use.
"""

import ast
import importlib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig
from django.core.management import BaseCommand
from django.db.models import Choices, Field
from django.forms import BaseForm
from rest_framework.serializers import BaseSerializer

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("budgetpool", "allocation", "employers", "workers", "api")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MODULES = [path for path in SOURCES if "migrations" not in path.parts]
TEXTS = [
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*")
    if path.suffix in {".html", ".txt", ".js"}
]
WORD = re.compile(r"\w+")
# Django and gunicorn read these by the names in them.
READ_BY_NAME = {
    ROOT / "budgetpool" / "settings.py",
    ROOT / "budgetpool" / "serving" / "config.py",
}
# A library calls these within its own kinds of classes, by the name of a field of ours.
BY_FIELD = {
    BaseForm: re.compile(r"clean_\w+"),
    BaseSerializer: re.compile(r"(validate|get)_\w+"),
}
# Called by Django or another library, which no base class tells.
CALLED_FROM_OUTSIDE = {
    "app_name",  # of a urls module
    "handler500",
    "create_superuser",  # of a manager of accounts
    "USERNAME_FIELD",
    "collect",  # of a collector of prometheus-client
    "process_exception",  # of a middleware
    "process_view",
    "regex",  # of a path converter
    "to_url",
    "Meta",
    "_pyi_private_get_type",  # read by the type checker
    "_pyi_private_set_type",
}
Definition = tuple[Path, int, str, str]


def uses() -> Counter[str]:
    """How often each name is used: in code and in its texts, not where it is given or imported."""
    found: Counter[str] = Counter()
    for path in [*SOURCES, ROOT / "manage.py", *(ROOT / "benchmarks").glob("*.py")]:
        tree = tree_of(path)
        passed_over = {id(said) for said in docstrings(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found[node.id] += 1
            elif isinstance(node, ast.Attribute):
                found[node.attr] += 1
            elif isinstance(node, ast.keyword) and node.arg:
                found[node.arg] += 1
            elif isinstance(node, ast.MatchClass):
                found.update(node.kwd_attrs)
            elif isinstance(node, ast.Constant) and id(node) not in passed_over:
                found.update(WORD.findall(str(node.value)))
    for path in TEXTS:
        found.update(WORD.findall(path.read_text()))
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield from getattr(node.value, "elts", ())


def definitions() -> Iterator[Definition]:
    """File, line, class and name of what the source gives."""
    for path in MODULES:
        if path in READ_BY_NAME:
            continue
        tree = tree_of(path)
        yield from ((path, line, "", name) for name, line in given(tree.body))
        for owner in classes(tree.body):
            yield from ((path, line, owner, name) for name, line in given(owner_body(tree, owner)))


def classes(body: list[ast.stmt], within: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name != "Meta":
            yield within + node.name
            yield from classes(node.body, f"{within}{node.name}.")


def owner_body(tree: ast.Module, owner: str) -> list[ast.stmt]:
    body = tree.body
    for name in owner.split("."):
        body = next(n for n in body if isinstance(n, ast.ClassDef) and n.name == name).body
    return body


def given(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.Assign(targets=targets):
                for target in targets:
                    yield from named(target)
            case ast.AnnAssign(target=target):
                yield from named(target)
            case ast.TypeAlias(name=ast.Name(id=name)):
                yield name, node.lineno


def named(target: ast.expr) -> Iterator[tuple[str, int]]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno


@cache
def module_of(path: Path) -> ModuleType:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return importlib.import_module(dotted.removesuffix(".__init__"))


def asked_by_a_library(path: Path, owner: str, name: str) -> bool:
    """Whether a library of others looks this name up."""
    if name in CALLED_FROM_OUTSIDE or name.startswith("__"):
        return True
    if not owner:
        found = getattr(module_of(path), name, None)
        return inspect.isclass(found) and (
            issubclass(found, AppConfig | BaseCommand)
            or decorated(path, name)
            or foreign_registration(found)
        )
    held: object = module_of(path)
    for part in owner.split("."):
        held = getattr(held, part)
    assert isinstance(held, type)
    if issubclass(held, Choices):
        return True  # its values come out of the database, by their text
    if any(issubclass(held, kind) and by.fullmatch(name) for kind, by in BY_FIELD.items()):
        return True
    if issubclass(held, BaseSerializer) or isinstance(stamped(held, name), Field):
        return True
    return any(hasattr(base, name) for base in held.__mro__[1:] if not of_ours(base))


def stamped(held: type, name: str) -> object:
    """The column of a model that is written by itself, for those who look into the database."""
    meta = getattr(held, "_meta", None)
    if meta is None or getattr(meta, "abstract", False):
        return None
    column = next((field for field in meta.get_fields() if field.name == name), None)
    return column if getattr(column, "auto_now_add", False) else None


def of_ours(base: type) -> bool:
    return base.__module__.split(".")[0] in PACKAGES


def decorated(path: Path, name: str) -> bool:
    """A class handed to a register by its decorator."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef) and node.name == name:
            return any("register" in ast.unparse(each) for each in node.decorator_list)
    return False


def foreign_registration(found: type) -> bool:
    """A class whose base in a library keeps a list of all that inherit from it."""
    return any(
        hasattr(base, "_registry") or "__init_subclass__" in vars(base)
        for base in found.__mro__[1:]
        if not of_ours(base) and base is not object
    )


def test_every_name_is_used_by_the_source():
    used = uses()
    unused = [
        f"{path.relative_to(ROOT)}:{line} {owner + '.' if owner else ''}{name}"
        for path, line, owner, name in definitions()
        if not used[name] and not asked_by_a_library(path, owner, name)
    ]
    assert unused == []
