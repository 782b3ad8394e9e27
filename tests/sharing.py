"""Fixtures that are built once for many tests, though each test sees only its own.

`@shared` stands instead of `@pytest.fixture` above a fixture that writes to the database and gives
back what it wrote. The rows of such fixtures stay in one long transaction, each in a savepoint upon
the one before: a stack. A test that asks for the same ones finds rows there and gets copies of the
values; a test that asks for others, or for fewer, has the stack cut back to what both share. So no
test sees a row that it did not ask for, whatever ran before it.

Whatever else a test sets up may change what a fixture would do (another setting, another clock):
from there on nothing is shared, unless the fixture is marked `@harmless`. In tests with real
transactions, each test builds its own.
"""

import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test import TestCase

SAME = (str, bytes, int, float, bool, type(None), type)
# Fixtures of pytest-django that change nothing by being there.
HARMLESS = {
    "_dj_autoclear_mailbox",
    "_django_clear_site_cache",
    "_django_db_helper",
    "_django_db_marker",
    "_django_isolate_apps",
    "_django_set_urlconf",
    "_django_setup_unittest",
    "_live_server_helper",
    "_template_string_if_invalid_marker",
    "client",
    "db",
    "django_capture_on_commit_callbacks",
    "mailoutbox",
    "rf",
    "settings",
}


def shared(function: Callable[..., Any]) -> Any:
    """A fixture of one test whose rows may have been there already."""
    function.is_shared = True  # type: ignore[attr-defined]
    return pytest.fixture(function)


def harmless(function: Callable[..., Any]) -> Callable[..., Any]:
    """Below `@pytest.fixture`: what this one does, no shared fixture would notice."""
    function.is_harmless = True  # type: ignore[attr-defined]
    return function


@dataclass
class Level:
    """One shared fixture: its savepoint, a copy of what it gave, and what it changed in others."""

    function: Callable[..., Any]
    savepoint: transaction.Atomic
    value: Any
    changed: dict[int, Any]


class Stack:
    """What stands in the database, and how much of it the running test has asked for."""

    def __init__(self) -> None:
        self.outer: transaction.Atomic | None = None
        self.levels: list[Level] = []
        self.reached = 0
        self.own: transaction.Atomic | None = None
        self.is_open = self.is_building = False
        self.values: list[Any] = []

    def start(self) -> None:
        """A test begins, that uses the database."""
        if self.outer is None:
            self.outer = entered()
        self.reached, self.values, self.is_open = 0, [], True

    def seal(self) -> None:
        """What follows belongs to this test alone."""
        if self.is_open:
            self.is_open = False
            self.cut()
            self.own = entered()

    def end(self) -> None:
        self.seal()
        if self.own is not None:
            undo(self.own)
            self.own = None

    def cut(self) -> None:
        """Undo what the running test did not ask for."""
        while len(self.levels) > self.reached:
            undo(self.levels.pop().savepoint)

    def close(self) -> None:
        """Nothing is shared any more, until the next test begins."""
        self.reached, self.is_open = 0, False
        self.cut()
        if self.outer is not None:
            undo(self.outer)
            self.outer = None

    def take(self, function: Callable[..., Any], build: Callable[[], Any]) -> Any:
        """The value of a shared fixture: a copy of the one that is there, or built now."""
        if self.reached < len(self.levels) and self.levels[self.reached].function is function:
            value = self.again(self.levels[self.reached])
        else:
            self.cut()
            value = self.anew(function, build)
        self.reached += 1
        self.values.append(value)
        return value

    def again(self, level: Level) -> Any:
        masters = [below.value for below in self.levels[: self.reached]]
        value = copied(level.value, masters, self.values)
        for index, held in level.changed.items():
            put(self.values[index], copied(held, masters, self.values))
        return value

    def anew(self, function: Callable[..., Any], build: Callable[[], Any]) -> Any:
        savepoint = entered()
        before = [state(value) for value in self.values]
        self.is_building = True
        try:
            value = build()
            if connection.vendor == "postgresql":  # else every test looks at these rows again
                connection.check_constraints()
        except BaseException:
            undo(savepoint)
            raise
        finally:
            self.is_building = False
        masters = [below.value for below in self.levels]
        after = [state(value) for value in self.values]
        changed = {
            index: copied(now, self.values, masters)
            for index, (was, now) in enumerate(zip(before, after, strict=True))
            if differs(was, now)
        }
        master = copied(value, self.values, masters)
        self.levels.append(Level(function, savepoint, master, changed))
        return value


def copied(value: Any, known: list[Any], become: list[Any]) -> Any:
    """A copy that speaks of `become` wherever the value speaks of what is `known`."""
    memo = {
        id(one): other
        for one, other in zip(known, become, strict=True)
        if not isinstance(one, SAME)
    }
    return copy.deepcopy(value, memo)


def entered() -> transaction.Atomic:
    block = transaction.atomic()
    block._from_testcase = True
    block.__enter__()
    return block


def undo(block: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    block.__exit__(None, None, None)


def state(value: Any) -> Any:
    """What of a value can change while it stays the same thing."""
    if isinstance(value, models.Model):
        held = dict(vars(value))
        held["_state"] = copy.copy(value._state)
        held["_state"].fields_cache = dict(value._state.fields_cache)
        return held
    if isinstance(value, list | dict | set):
        return copy.copy(value)
    return None


def differs(was: Any, now: Any) -> bool:
    if isinstance(was, dict) and "_state" in was:
        return parts(was) != parts(now)
    return was != now


def parts(held: dict[str, Any]) -> dict[str, Any]:
    cached = {f"_state.{name}": id(row) for name, row in held["_state"].fields_cache.items()}
    return {name: row for name, row in held.items() if name != "_state"} | cached


def put(value: Any, held: Any) -> None:
    """Give a value the state of its master."""
    if isinstance(value, models.Model):
        vars(value).clear()
        vars(value).update(held)
    elif isinstance(value, list):
        value[:] = held
    elif isinstance(value, dict | set):
        value.clear()
        value.update(held)


STACK = Stack()
enter, roll_back = TestCase._enter_atomics, TestCase._rollback_atomics


def enter_shared(cls: type[TestCase]) -> Any:
    STACK.start()
    return None


def roll_back_shared(cls: type[TestCase], atomics: Any) -> None:
    if atomics is None:
        STACK.end()
    else:
        roll_back(atomics)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Building())
    TestCase._enter_atomics = classmethod(enter_shared)  # type: ignore[assignment]
    TestCase._rollback_atomics = classmethod(roll_back_shared)  # type: ignore[assignment]


def pytest_unconfigure() -> None:
    TestCase._enter_atomics, TestCase._rollback_atomics = enter, roll_back


def is_shared(definition: Any) -> bool:
    return definition is not None and getattr(definition.func, "is_shared", False)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What changes nothing is set up first; all others in the order in which a test names them, for
    that may be what it is about: who was there before a message went out.

    Within a file, tests that share more stand beside one another, else each would build anew what
    the one before it had cut back."""
    plain: dict[tuple[Any, str], bool] = {}  # asked thousands of times, of each file once
    for item in items:
        if not isinstance(item, pytest.Function) or with_real_transactions(item):
            continue
        for marker in item.iter_markers("asks"):
            more = marker.kwargs["names"](**item.callspec.params)
            item.fixturenames = [*item.fixturenames, *more]
        for name in item.fixturenames:
            if (item.parent, name) not in plain:
                plain[item.parent, name] = is_plain(definition_of(item, name))
        early = [name for name in item.fixturenames if plain[item.parent, name]]
        item.fixturenames = list(dict.fromkeys([*early, *item.fixturenames]))
    items[:] = [
        item
        for _, of_file in itertools.groupby(items, key=lambda item: item.path)
        for item in neighbours({item: stacked(item) for item in of_file})
    ]


def neighbours(stacks: dict[Any, list[str]]) -> list[Any]:
    """The keys in an order in which equal beginnings of their lists stand together; else as they
    were."""
    here = [item for item, names in stacks.items() if not names]
    branches: dict[str, dict[Any, list[str]]] = {}
    for item, names in stacks.items():
        if names:
            branches.setdefault(names[0], {})[item] = names[1:]
    return here + [item for branch in branches.values() for item in neighbours(branch)]


def stacked(item: Any) -> list[str]:
    """The shared fixtures that a test finds or builds, in their order."""
    if not isinstance(item, pytest.Function) or with_real_transactions(item):
        return []
    found: dict[str, bool] = {}

    def ask(name: str) -> bool:
        """Whether what comes after this fixture may still be shared."""
        if name in found:
            return found[name]
        definition = definition_of(item, name)
        found[name] = True
        if is_plain(definition):
            return True
        found[name] = all(map(ask, definition.argnames)) and (
            changes_nothing(definition) or is_shared(definition)
        )
        if found[name] and is_shared(definition):
            names.append(name)
        return found[name]

    names: list[str] = []
    all(map(ask, item.fixturenames))
    return names


def definition_of(item: pytest.Function, name: str) -> Any:
    found = item.session._fixturemanager.getfixturedefs(name, item)
    return found[-1] if found else None


def is_plain(definition: Any) -> bool:
    """Of pytest itself, such as a parameter or a temporary folder, or of more than one test."""
    return (
        definition is None
        or definition.scope != "function"
        or definition.argname in HARMLESS
        or definition.func.__module__.startswith("_pytest.")
    )


def changes_nothing(definition: Any) -> bool:
    """Whether no shared fixture would notice that this one was there before it."""
    return is_plain(definition) or getattr(definition.func, "is_harmless", False)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Any:
    name = fixturedef.argname
    if name == "_django_db_helper" and with_real_transactions(request.node):
        with request.getfixturevalue("django_db_blocker").unblock():
            STACK.close()
    if name == "django_db_setup":
        blocker = request.getfixturevalue("django_db_blocker")
        value = yield
        fixturedef.addfinalizer(lambda: close_unblocked(blocker))
        return value
    if not changes_nothing(fixturedef) and not is_shared(fixturedef):
        STACK.seal()
    return (yield)


def close_unblocked(blocker: Any) -> None:
    with blocker.unblock():
        STACK.close()


def with_real_transactions(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    names = {"transactional_db", "live_server", "django_db_reset_sequences"}
    asked = marker.kwargs if marker else {}
    return bool(
        asked.get("transaction")
        or asked.get("reset_sequences")
        or names.intersection(item.fixturenames)
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    STACK.seal()
    return (yield)


class Building:
    """Hands the setting up of a shared fixture to the stack."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
        if not is_shared(fixturedef) or not STACK.is_open or STACK.is_building:
            return None
        given = {name: request.getfixturevalue(name) for name in fixturedef.argnames}
        key = fixturedef.cache_key(request)
        try:
            value = STACK.take(fixturedef.func, lambda: fixturedef.func(**given))
        except BaseException as error:
            fixturedef.cached_result = (None, key, (error, error.__traceback__))
            raise
        fixturedef.cached_result = (value, key, None)
        return True  # anything but None, or pytest would ask the next in line
