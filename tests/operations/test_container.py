"""The container files start what the documentation starts, and the image asks for its health."""

import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()


def health_check():
    """The command that the image runs to learn whether it is well."""
    found = re.search(r"^HEALTHCHECK .*?CMD (\[.*?\])\nCMD", IMAGE, re.MULTILINE | re.DOTALL)[1]
    return json.loads(found.replace("\\\n", ""))


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_asks_by_the_name_that_people_use(status, code):
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request).start()
        _, option, script = health_check()
        done = subprocess.run(
            [sys.executable, option, script.replace(":8000", f":{server.server_port}")],
            env={"ALLOWED_HOSTS": "fonds.example.nl,www.example.nl"},
            capture_output=True,
            check=False,
            timeout=30,
        )
    assert asked == [("/livez", "fonds.example.nl")]
    assert done.returncode == code


def test_the_image_starts_the_server_of_the_documentation():
    command = json.loads(
        re.search(r"^CMD (\[.*?\])$", IMAGE, re.MULTILINE | re.DOTALL)[1].replace("\\\n", "")
    )
    documented = re.search(r"uv run (gunicorn .*)", (ROOT / "docs" / "operations.md").read_text())[
        1
    ]
    assert " ".join(command).replace("0.0.0.0", "127.0.0.1") == documented


def test_every_command_of_the_composition_exists(capsys):
    from_file = set(re.findall(r"manage\.py (\w+)", COMPOSE + IMAGE))
    done = subprocess.run(
        [sys.executable, "manage.py", "help", "--commands"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert from_file <= set(done.stdout.split())
    assert {"migrate", "work", "send_messages"} <= from_file


def test_no_secret_and_no_data_go_into_the_image():
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "var", "*.sqlite3*"} <= set(left_out)
    assert "USER budgetpool" in IMAGE
