"""Everybody gets the same versions: every package that is installed is pinned in pyproject.toml."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text())
PINNED = [line.split("==") for line in PROJECT["tool"]["uv"]["constraint-dependencies"]]
# Tools that a virtual environment may bring along; the project uses none of them.
BROUGHT_ALONG = {"pip", "setuptools", "wheel", "uv"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> set[str]:
    """The packages that pyproject.toml names itself, with those of every group."""
    lines = list(PROJECT["project"]["dependencies"])
    for group in PROJECT["dependency-groups"].values():
        lines += group
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in lines}


def test_every_installed_package_is_the_pinned_one():
    pins = dict(PINNED)
    installed = {normal(each.metadata["Name"]): each.version for each in metadata.distributions()}
    others = {
        name: f"installed {version}, pinned {pins.get(name, 'nowhere')}"
        for name, version in installed.items()
        if name not in BROUGHT_ALONG and pins.get(name) != version
    }
    assert others == {}, "Raise versions with .ci/pin, then `uv sync`."


def test_every_package_that_we_name_is_pinned_once():
    names = [name for name, _version in PINNED]
    assert sorted(set(names)) == sorted(names)
    assert asked_for() - set(names) == set()
