"""Clients that others' tools make of our description are whole, and a day's work runs on them.

`.ci/run` makes the tools; elsewhere: `python -m venv CLIENTS && CLIENTS/bin/pip install
openapi-python-client`, and BUDGETPOOL_CLIENTS=CLIENTS; `npm install openapi-typescript@7
openapi-fetch typescript@5` in a folder, and BUDGETPOOL_NODE_TOOLS=FOLDER.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from api.sandbox import world
from api.webhooks import work
from budgetpool.fund import checks
from tests.api.receiving import Receiver
from tests.api.test_webhooks import verified

pytestmark = [pytest.mark.tool, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent / "clients"
# Our words and our program strictly; the libraries' own descriptions are not ours to check.
COMPILE = [
    *["node_modules/.bin/tsc", "--strict", "--target", "es2022", "--module", "nodenext"],
    *["--lib", "es2022,dom", "--skipLibCheck"],
]


def told(command, **more):
    """What a program printed; its own words where it failed."""
    done = subprocess.run(command, capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def python_client(tmp_path_factory):
    """The Python of the tool, and the folder of the client that it made without a warning."""
    place = os.environ.get("BUDGETPOOL_CLIENTS")
    if not place:
        pytest.skip("openapi-python-client is absent: see the head of this file")
    folder = tmp_path_factory.mktemp("python")
    said = told(
        [
            *[f"{place}/bin/openapi-python-client", "generate", "--fail-on-warning"],
            *["--path", ROOT / "docs/openapi.json"],
            *["--meta", "none", "--output-path", folder / "budgetpool_client"],
        ]
    )
    assert "Warning" not in said
    return f"{place}/bin/python", folder


@pytest.fixture(scope="session")
def typescript_client(tmp_path_factory):
    """A folder with the types of our description and a program that uses them, compiled."""
    place = os.environ.get("BUDGETPOOL_NODE_TOOLS")
    if not place:
        pytest.skip("openapi-typescript is absent: see the head of this file")
    folder, programs = tmp_path_factory.mktemp("typescript"), Path(place, "node_modules")
    (folder / "node_modules").symlink_to(programs)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "day.ts").write_text((HERE / "day.ts").read_text())
    described = ROOT / "docs/openapi.json"
    told([programs / ".bin/openapi-typescript", described, "-o", "budgetpool.ts"], cwd=folder)
    told([*COMPILE, "day.ts"], cwd=folder)
    return folder


@pytest.fixture
def sandbox(settings):
    settings.SANDBOX = settings.WEBHOOKS_MAY_BE_INSIDE = True
    return world.build()


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.close()


@pytest.mark.parametrize("count", [25, pytest.param(200, marks=pytest.mark.slow)])
def test_a_whole_day_by_a_python_client(python_client, live_server, sandbox, receiver, count):
    python, folder = python_client
    who = [sandbox.client_id, sandbox.client_secret]
    saw = json.loads(
        told(
            [python, HERE / "day.py", f"{live_server.url}/v1", *who, receiver.url, str(count)],
            env=os.environ | {"PYTHONPATH": str(folder)},
        )
    )
    secret = saw.pop("secret")
    acts = set(saw.pop("acts"))
    assert saw == {
        "filed": count - 10,
        "refused": 10,
        "withdrawn": "withdrawn",
        "accepted": "accepted",
        "invoice": ["paid", 45_000],
        "payments": [["paid", 45_000]],
    }
    assert {"award.accepted", "award.started"} <= acts
    work.sweep(limit=5000)
    assert all(verified(secret, *one) for one in receiver.came)
    assert len(receiver.ids) == len(set(receiver.ids))
    kinds = [event["type"] for event in receiver.events]
    assert kinds.count("decision.published") == count - 11
    assert {"request.changed"} <= set(kinds)
    assert [one for one in checks.check_ledger() if not one.ok] == []


def test_a_typescript_client_compiles_and_files_a_request(typescript_client, live_server, sandbox):
    who = [sandbox.client_id, sandbox.client_secret]
    saw = json.loads(told(["node", "day.js", f"{live_server.url}/v1", *who], cwd=typescript_client))
    assert saw == {"filed": 201, "again": "true", "refused": "#/worker/birthDate", "unknown": 404}


def test_a_client_of_another_description_does_not_compile(typescript_client):
    """The compiler looks at our words: a field that we do not have is an error."""
    wrong = (HERE / "day.ts").read_text().replace("birthDate", "dateOfBirth")
    (typescript_client / "wrong.ts").write_text(wrong)
    done = subprocess.run(
        [*COMPILE, "--noEmit", "wrong.ts"], capture_output=True, text=True, cwd=typescript_client
    )
    assert done.returncode != 0
    assert "dateOfBirth" in done.stdout
