"""The OpenAPI description is true, and the official ruleset of the API Design Rules accepts it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from api import description as written

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def description(visitor):
    return visitor.get("/openapi.json").json()


@pytest.fixture
def spectral():
    """Spectral from npm, where node is there: `npm install @stoplight/spectral-cli@6`."""
    tool = os.environ.get("BUDGETPOOL_SPECTRAL") or shutil.which("spectral")
    tool = tool or shutil.which("spectral", path=str(ROOT / "node_modules" / ".bin"))
    if not tool:
        pytest.skip("spectral is absent: npm install --no-save @stoplight/spectral-cli@6")
    return tool


# Programs that ask for a token read its errors as RFC 6749, section 5.2 says: JSON, no problem.
ERRORS_OF_OAUTH = [
    ("nlgov:use-problem-schema", ["paths", "/oauth/token", "post", "responses", code, "content"])
    for code in ("400", "401")
]


@pytest.mark.django_db
def test_the_official_ruleset_finds_nothing_but_the_errors_of_oauth(
    spectral, shared_data, description, tmp_path
):
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(description))
    ruleset = shared_data / "adr" / "linter.yaml"
    done = subprocess.run(
        [spectral, "lint", "--ruleset", ruleset, "--fail-severity", "hint", "-f", "json", file],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    findings, _ = json.JSONDecoder().raw_decode(done.stdout)
    assert [(finding["code"], finding["path"]) for finding in findings] == ERRORS_OF_OAUTH


@pytest.mark.django_db
def test_the_description_is_in_english_whatever_the_reader_chose(client):
    client.cookies["django_language"] = "nl"
    text = client.get("/v1/openapi.json").content.decode()
    assert "Whole euro cents." in text
    assert "Nederlands" not in text
    assert json.loads(text)["openapi"] == "3.1.0"


def test_the_copy_beside_the_docs_is_what_is_served():
    """A change of the interface shows in a comparison of versions: `manage.py openapi`."""
    assert written.COPY.read_text(encoding="utf-8") == written.copied()


@pytest.mark.django_db
def test_every_operation_is_described_and_named(description):
    operations = [item for path in description["paths"].values() for item in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["description"] and operation["tags"] for operation in operations)


@pytest.mark.django_db
def test_the_page_of_the_description_loads_nothing_from_elsewhere(client):
    page = client.get("/v1/docs")
    text = page.content.decode()
    assert 'src="http' not in text
    assert 'href="http' not in text
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert "<script>" not in text
