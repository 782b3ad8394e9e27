"""What is installed from the wheel is the whole program: built here, looked into, and run."""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
# What a program writes beside its source while it runs.
WRITTEN = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def of_the_source():
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*"):
            if file.is_file() and not WRITTEN & set(file.parts):
                yield file.relative_to(ROOT).as_posix()


def test_every_file_of_every_package_is_in_it_and_nothing_else(names):
    metadata = {name for name in names if ".dist-info/" in name}
    assert names - metadata == set(of_the_source())


@pytest.mark.parametrize(
    "name",
    [
        "budgetpool/locale/nl/LC_MESSAGES/django.mo",
        "budgetpool/portals/static/budgetpool/budgetpool.css",
        "budgetpool/portals/templates/503.html",
        "budgetpool/fund/migrations/0001_initial.py",
        "employers/data/contribution_rules.json",
        "allocation/optimiser/process/host.py",
    ],
)
def test_what_is_no_python_and_what_is_found_by_its_path_is_in_it(names, name):
    assert name in names


def test_the_metadata_name_command_licence_and_python(wheel, names):
    folder = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
    with zipfile.ZipFile(wheel) as archive:
        about = message_from_bytes(archive.read(f"{folder}/METADATA"))
        commands = archive.read(f"{folder}/entry_points.txt").decode()
    assert "budgetpool = budgetpool.command_line:main" in commands
    assert about["License-Expression"] == "EUPL-1.2"
    assert f"{folder}/licenses/LICENSE.md" in names
    assert about["Requires-Python"] == "<3.14,>=3.13"


def test_each_file_has_its_hash_in_the_record(wheel):
    with zipfile.ZipFile(wheel) as archive:
        record = next(name for name in archive.namelist() if name.endswith("RECORD"))
        rows = csv.reader(io.StringIO(archive.read(record).decode()))
        listed = {row[0] for row in rows}
        assert listed == set(archive.namelist())


@pytest.mark.slow
@pytest.mark.tool
def test_installed_in_an_empty_environment_it_runs_outside_the_checkout(wheel, tmp_path):
    if not shutil.which("uv"):
        pytest.skip("uv is not on the path")
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(PROJECT["tool"]["uv"]["constraint-dependencies"]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    home = environment["HOME"] = str(tmp_path / "home")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*command):
        done = subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("uv", "venv", "--python", sys.executable, str(tmp_path / "empty"))
    ours = tmp_path / "empty" / "bin"
    run("uv", "pip", "install", "--python", str(ours / "python"), "-c", str(pins), str(wheel))
    run(str(ours / "budgetpool"), "check")
    run(str(ours / "budgetpool"), "demo", "--no-serve")
    books = json.loads(run(str(ours / "budgetpool"), "check_ledger", "--json"))
    assert books["ok"], books
    run(str(ours / "budgetpool"), "collectstatic", "--noinput", "-v0")
    assert list(elsewhere.iterdir()) == []
    assert (Path(home) / ".local/share/budgetpool/var/budgetpool.sqlite3").exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What `.ci/release` makes."""
    folder = tmp_path_factory.mktemp("release")
    command = [sys.executable, str(ROOT / ".ci/release"), str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=180)
    return folder


class TestRelease:
    """`.ci/release FOLDER`: the wheel, what is in it and under which licences, and checksums."""

    def test_the_checksums_are_those_of_the_files(self, folder):
        lines = (folder / "SHA256SUMS").read_text().splitlines()
        listed = dict(reversed(line.split("  ", 1)) for line in lines)
        files = [file for file in folder.iterdir() if file.name != "SHA256SUMS"]
        assert listed == {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files
        }
        assert {file.suffix for file in files} == {".whl", ".json", ".md"}

    def test_the_bill_of_materials_names_what_the_program_needs_and_no_tool_of_ours(self, folder):
        bill = json.loads(next(folder.glob("*.cdx.json")).read_text())
        assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
        pins = dict(line.split("==") for line in PROJECT["tool"]["uv"]["constraint-dependencies"])
        found = {part["name"]: part["version"] for part in bill["components"]}
        assert found == {name: pins[name] for name in found}
        assert {"django", "pulp", "highspy", "weasyprint", "fonttools"} <= set(found)
        assert not {"pytest", "mypy", "ruff", "playwright"} & set(found)
        assert all(part["licenses"] for part in bill["components"])
        assert all(part["purl"].startswith("pkg:pypi/") for part in bill["components"])
        references = {part["bom-ref"] for part in bill["components"]}
        references.add(bill["metadata"]["component"]["bom-ref"])
        for row in bill["dependencies"]:
            assert {row["ref"], *row["dependsOn"]} <= references

    def test_the_list_of_licences_has_a_row_for_each(self, folder):
        bill = json.loads(next(folder.glob("*.cdx.json")).read_text())
        text = (folder / "LICENCES.md").read_text()
        for part in bill["components"]:
            assert f"| {part['name']} | {part['version']} | " in text
