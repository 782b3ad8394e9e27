"""`python -m allocation.optimiser`: the same commands as manage.py's, without Django."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from allocation.optimiser import __main__ as program
from allocation.optimiser.baselines import rules
from allocation.optimiser.verify import words
from tests.optimiser import test_unreadable

folder = test_unreadable.folder
ROOT = Path(__file__).parents[2]
# Runs the program and tells on standard error what it has loaded.
TELL = """
import runpy, sys
sys.argv[0] = "program"
try:
    runpy.run_module("allocation.optimiser", run_name="__main__", alter_sys=True)
finally:
    print("loaded", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def run(*arguments):
    command = [sys.executable, "-c", TELL, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def loaded(done):
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("loaded ")]
    return set(line.split())


def test_a_round_is_divided_and_checked_without_django(folder):
    divided = run("allocate", folder / "in", "--out", folder / "out")
    assert divided.returncode == 0, divided.stderr
    assert "1 people, € 100.00 of € 100.00" in divided.stdout
    assert not loaded(divided) & {"django", "budgetpool"}
    checked = run("verify", folder / "in", folder / "out")
    assert (checked.returncode, checked.stdout) == (
        0,
        "Everything holds: limits, sums, swaps by lot, reasons and bounds.\n",
    )
    assert not loaded(checked) & {"django", "budgetpool", "pandas", "numpy", "scipy", "pulp"}


@pytest.mark.parametrize("verb", program.VERBS)
@pytest.mark.parametrize(("ending", "more"), [(0, ["--help"]), (2, ["--no-such"])])
def test_help_and_a_wrong_command_line_load_nothing_heavy(verb, ending, more):
    done = run(verb, *more)
    assert done.returncode == ending
    assert f"python -m allocation.optimiser {verb}" in done.stdout + done.stderr
    assert not loaded(done) & {"pandas", "numpy", "scipy", "highspy", "rich"}


def test_the_program_takes_every_rule_that_divides():
    assert (words.OPTIMISER, *rules.RULES) == words.RULES


def test_a_forged_value_ends_with_1(folder, capsys):
    path = folder / "out" / "result.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"value": 1}))
    assert program.main(["verify", str(folder / "in"), str(folder / "out")]) == 1
    assert "figure_differs (figure value" in capsys.readouterr().err


def test_a_file_that_is_missing_ends_with_2(folder, capsys):
    (folder / "in" / "requests.csv").unlink()
    for verb in (["allocate", "--out", str(folder / "new")], ["verify", str(folder / "out")]):
        assert program.main([verb[0], str(folder / "in"), *verb[1:]]) == 2
        assert "requests.csv: missing_file" in capsys.readouterr().err
    assert not (folder / "new").exists()


def test_no_verb_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        program.main([])
    assert ended.value.code == 2
    assert "verb" in capsys.readouterr().err
