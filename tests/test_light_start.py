"""What nobody asked for is not loaded: a web process and a nightly command start light."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# One module from the inside of each heavy library: the outside may stand there, not yet loaded.
HEAVY = [
    "highspy._core",
    "numpy._core",
    "openpyxl.workbook",
    "pandas.core",
    "pikepdf._core",
    "pulp.pulp",
    "scipy._lib",
    "weasyprint.document",
]
NIGHTLY = ["doctor", "forget_traces", "lapse_awards", "send_messages", "send_reminders"]
STARTS = {
    "check": "from django.core.management import call_command; call_command('check')",
    "the web": "import budgetpool.wsgi; from django.urls import get_resolver; "
    "get_resolver().reverse_dict",
    "nightly work": "from importlib import import_module\n"
    "from django.core.management import get_commands\n"
    "for name, app in get_commands().items():\n"
    f"    if name in {NIGHTLY!r}:\n"
    "        import_module(f'{app}.management.commands.{name}')",
}


@pytest.mark.any_database
@pytest.mark.parametrize("start", STARTS)
def test_no_heavy_library_is_loaded_before_somebody_uses_it(start):
    code = (
        "import json, os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        f"{STARTS[start]}\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_a_heavy_library_is_there_when_somebody_uses_it():
    """The names of the inside are right, or the test above would say nothing."""
    code = (
        "import sys, highspy, openpyxl, pandas, pikepdf, pulp, scipy.sparse, weasyprint\n"
        f"print([name for name in {HEAVY!r} if name not in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
