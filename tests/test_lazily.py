"""A library that waits: looked at without being loaded, loaded once, and refused in the same way
however often somebody asks."""

import sys
import threading

import pytest

from budgetpool import lazily

BROKEN = """
class Ready: ...

raise OSError("a library of the system is missing")
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Writes a module and makes it wait; gone from the interpreter afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    names = []

    def write(name, source, part=""):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text(source)
        (folder / "part.py").write_text(part)
        names.append(name)
        return lazily.module(name)

    yield write
    for name in [module for module in sys.modules if module.partition(".")[0] in names]:
        del sys.modules[name]


def test_a_tool_that_walks_through_all_modules_loads_nothing(library):
    """Property-based testing looks at each module's file, Django's reloader at each spec."""
    broken = library("waits_broken", BROKEN)
    for name in ("__name__", "__file__", "__spec__", "__loader__", "__package__", "__doc__"):
        getattr(broken, name)
    assert getattr(broken, "__warningregistry__", None) is None
    assert "Ready" not in vars(broken)


def test_what_cannot_be_loaded_says_so_each_time(library):
    broken = library("waits_in_vain", BROKEN)
    for _ in range(2):
        with pytest.raises(OSError, match="of the system is missing"):
            _ = broken.Ready
    assert broken.__file__.endswith("__init__.py")


def test_a_part_of_a_package_loads_the_package_first(library):
    library("waits_whole", "first = 1\n", "from waits_whole import first\n")
    from waits_whole import part

    assert part.first == 1


def test_a_name_that_is_not_there_is_refused_as_ever(library):
    module = library("waits_plain", "there = 1\n")
    with pytest.raises(AttributeError, match="absent"):
        _ = module.absent
    assert module.there == 1


def test_many_who_ask_at_once_load_it_once(library):
    module = library(
        "waits_once", "import time\ntime.sleep(0.2)\ncount = globals().get('count', 0) + 1\n"
    )
    found = []
    asking = [threading.Thread(target=lambda: found.append(module.count)) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert found == [1] * 8


def test_a_library_that_is_not_installed_is_missed_at_once():
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        lazily.module("no_such_library")
