"""How long a start takes, beside a bare Django project with as many tables.

python benchmarks/start.py            # `manage.py check`, in processor seconds and as a ratio
python benchmarks/start.py --demo     # and the first page of the demo, from an empty folder

The yardstick has Django's own apps, Django REST Framework and one app with so many models that
both projects have the same number of tables; both are started as often, in turn. Ends with 1 above
the bars: 2 processor seconds, 3 times the yardstick, 30 s by the clock.
"""

import argparse
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
CHECK_CPU_SECONDS, CHECK_TIMES_BARE, PAGE_SECONDS = 2.0, 3.0, 30.0
SETTINGS = """
SECRET_KEY = "only-for-the-yardstick-" * 3
USE_TZ = True
ROOT_URLCONF = "bare_settings"
urlpatterns = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "bare.sqlite3"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "things",
]
"""
TABLES = "from django.apps import apps; print(len(apps.get_models(include_auto_created=True)))"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--demo", action="store_true", help="the first page of the demo, too")
    arguments.add_argument("--times", type=int, default=7, help="starts of each (default 7)")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = ours(Path(folder))
        bare = yardstick(Path(folder), tables(here))
        first_page = demo(Path(folder)) if chosen.demo else 0.0
        mine, theirs = [], []
        for _ in range(chosen.times):
            mine.append(cpu_seconds([sys.executable, "manage.py", "check"], here, ROOT))
            theirs.append(cpu_seconds([sys.executable, "-m", "django", "check"], bare, folder))
    check, yard = statistics.median(mine), statistics.median(theirs)
    print("| what | processor s, median | least | × bare |\n| --- | ---: | ---: | ---: |")
    print(f"| check of a bare project | {yard:.2f} | {min(theirs):.2f} | 1 |")
    print(f"| `manage.py check` | {check:.2f} | {min(mine):.2f} | {check / yard:.1f} |")
    within = check <= CHECK_CPU_SECONDS and check <= CHECK_TIMES_BARE * yard
    return 0 if within and first_page <= PAGE_SECONDS else 1


def ours(folder: Path) -> dict[str, str]:
    """The environment of a fresh installation of ours."""
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return clean | {"BUDGETPOOL_VAR": str(folder / "var"), "DEBUG": "1"}


def tables(environment: dict[str, str]) -> int:
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", TABLES]
    said = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return int(said.stdout.split()[-1])


def yardstick(folder: Path, count: int) -> dict[str, str]:
    """Write the bare project with so many tables; gives its environment."""
    (folder / "bare_settings.py").write_text(SETTINGS)
    (folder / "things").mkdir()
    (folder / "things" / "__init__.py").touch()
    # Django's own apps and the two tables between them bring nine.
    models = "".join(
        f"\n\nclass Thing{number}(models.Model):\n"
        "    name = models.CharField(max_length=100)\n"
        "    at = models.DateTimeField(auto_now_add=True)\n"
        for number in range(count - 9)
    )
    (folder / "things" / "models.py").write_text(f"from django.db import models\n{models}")
    return os.environ | {"DJANGO_SETTINGS_MODULE": "bare_settings", "PYTHONPATH": str(folder)}


def cpu_seconds(command: list[str], environment: dict[str, str], folder: str | Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def demo(folder: Path) -> float:
    """Seconds by the clock until the demo shows its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "demo", "--address", address]
    server = subprocess.Popen(
        command, cwd=ROOT, env=ours(folder), stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while not answers(f"http://{address}/"):
            if server.poll() is not None:
                sys.exit("The demo ended before it showed a page.")
            time.sleep(0.1)
        seconds = time.monotonic() - started
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"first page of the demo: {seconds:.0f} s by the clock, {cpu:.0f} processor seconds")
    return seconds


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=30).status_code == 200
    except requests.RequestException:
        return False


if __name__ == "__main__":
    sys.exit(main())
