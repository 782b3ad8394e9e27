"""Every refusal of the source has words in both languages, and a test that provokes it.

A test provokes one by `with refuses("code"):`, which fails where the service does not refuse.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.utils import translation

from allocation.lives import LIVES
from budgetpool.lifecycle import Lifecycle
from budgetpool.refusals import SENTENCES, NotReady
from budgetpool.refusals.words import TABLES

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("budgetpool", "allocation", "employers", "workers", "api")
KINDS = {
    "NotAllowed",
    "NotReady",
    "TooLate",
    "WrongStep",
    "StatementRefused",
    "Refusal",
    "_refused",
}


def trees(*folders: str) -> Iterator[ast.Module]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ast.parse(path.read_text())


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


@cache
def raised() -> set[str]:
    """The codes that the source refuses with."""
    codes = set()
    for tree in trees(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) in KINDS and node.args:
                codes |= set(constants(node.args[0]))
    return codes


def provoked() -> set[str]:
    """The codes that a test provokes; a test with cases provokes those of its cases."""
    tests = [n for tree in trees("tests") for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    return {code for test in tests for call in calls_in(test) for code in codes_of(call, test)}


def calls_in(test: ast.FunctionDef) -> list[ast.Call]:
    calls = [node for node in ast.walk(test) if isinstance(node, ast.Call)]
    return [call for call in calls if name_of(call) == "refuses"]


def codes_of(call: ast.Call, test: ast.FunctionDef) -> set[str]:
    code = call.args[0]
    if isinstance(code, ast.Constant):
        return {code.value}
    start = "".join(constants(code)) if isinstance(code, ast.JoinedStr) else ""
    return {start + case for decorator in test.decorator_list for case in constants(decorator)}


def constants(node: ast.AST) -> list[str]:
    found = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant)]
    return [value for value in found if isinstance(value, str)]


def test_every_refusal_of_the_source_has_words():
    assert raised() - set(SENTENCES) == set()


def test_every_sentence_belongs_to_a_refusal_of_the_source():
    assert set(SENTENCES) - raised() == set()


def test_a_code_stands_in_one_table():
    assert sum(len(table) for table in TABLES) == len(SENTENCES)


def test_every_refusal_of_the_source_is_provoked_by_a_test():
    assert raised() - provoked() == set()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_the_words_name_the_same_values_in_both_languages(code):
    said = {}
    for language in ("nl", "en"):
        with translation.override(language):
            said[language] = str(SENTENCES[code])
    assert said["nl"] != said["en"]
    assert values(said["nl"]) == values(said["en"])


def values(text: str) -> set[str]:
    """The names of the values that a sentence shows."""
    found: set[str] = set()

    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            found.add(name)
            return ""

    assert text % Names() is not None
    return found


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_a_life_names_codes_that_have_words(life: Lifecycle):
    named = {code for step in life.steps.values() for code in (*step.barred, *step.needs)}
    assert named - set(SENTENCES) == set()


def test_a_code_without_words_says_something_in_plain_words():
    with translation.override("nl"):
        assert str(NotReady("never_heard_of", x=1)).startswith("Dit kan nu niet.")
