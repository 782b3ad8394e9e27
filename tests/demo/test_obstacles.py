"""What stands in a newcomer's way: one sentence with the remedy, and nothing left behind."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError
from rich.console import Console

from budgetpool.demo.management.commands import demo as command

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.any_database


def demo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {n: v for n, v in os.environ.items() if n in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *words],
        cwd=ROOT,
        env=clean | {"BUDGETPOOL_VAR": str(folder)},
        text=True,
        capture_output=True,
        timeout=120,
    )


def test_a_taken_port_is_said_before_anything_is_made(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = demo(tmp_path, "--address", f"127.0.0.1:{port}")
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert f"Nothing can be served on 127.0.0.1:{port}" in line
    assert f"--address 127.0.0.1:{port + 1}" in line
    assert not list(tmp_path.glob("*.sqlite3"))


@pytest.mark.parametrize("address", ["127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999"])
def test_what_is_no_address_is_said_in_one_line(tmp_path, address):
    done = demo(tmp_path, "--address", address)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "is no address" in done.stderr


@pytest.mark.parametrize("where", ["below a file", "where nobody may, root neither"])
def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path, where):
    (tmp_path / "file").write_text("not a folder")
    folder = tmp_path / "file" / "var" if where == "below a file" else Path("/proc/budgetpool")
    done = demo(folder, "--no-serve")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "cannot be written" in done.stderr
    assert "BUDGETPOOL_VAR=" in done.stderr


def test_a_machine_without_django_is_told_the_command(tmp_path):
    """`-S`: as if nothing were installed."""
    command = [sys.executable, "-S", "-E", "manage.py", "demo"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Django is not installed here. Run it so: pip install uv && uv run --no-dev manage.py demo"
    )


def test_a_port_taken_while_the_demo_was_built_leaves_no_worker_behind(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    before = set(children())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(CommandError, match="Nothing can be served on"):
            command.serve(Console(), f"http://{address}", address)
    assert set(children()) == before


def children() -> list[int]:
    """The processes that this one has started and that still live."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


@pytest.mark.parametrize("version", ["3, 12, 9", "3, 14, 0"])
def test_another_python_is_told_which_one_is_needed(version):
    code = (
        f"import runpy, sys; sys.version_info = ({version}); sys.argv = ['manage.py', 'demo']; "
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Budgetpool needs Python 3.13, and this is ")
    assert "pip install uv && uv run --no-dev manage.py demo" in done.stderr
