"""The OpenAPI description is true, and the official ruleset of the API Design Rules accepts it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from api import description as written
from api.throttling import LIMITS
from budgetpool.limits.counters import Limit
from budgetpool.wsgi import application

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


OPERATIONS = [
    "listRegions",
    "getRegion",
    "listRounds",
    "getRound",
    "getRoundResults",
    "listProviders",
    "getProvider",
    "listTrainings",
    "getTraining",
    "listEditions",
    "getAccessToken",
    "getClient",
    "rotateSecret",
    "getCredential",
    "withdrawCredential",
    "listWebhooks",
    "addWebhook",
    "getWebhook",
    "endWebhook",
    "rotateWebhookSecret",
    "testWebhook",
    "listDeliveries",
    "sendAnew",
    "getSandbox",
    "advanceClock",
    "listTrail",
    "getObjection",
    "fileObjection",
    "withdrawObjection",
    "listPayments",
    "getFund",
    "listSchoolAwards",
    "getSchoolAward",
    "tellSchoolStart",
    "getAttendance",
    "tellAttendance",
    "listInvoices",
    "sendInvoice",
    "getInvoice",
    "withdrawInvoice",
    "listStatements",
    "sendStatement",
    "getStatement",
    "listTokens",
    "rotateToken",
    "withdrawToken",
    "listTrainingRequests",
    "fileTrainingRequest",
    "fileTrainingRequests",
    "listRequestSheetColumns",
    "sendRequestSheet",
    "listStartSheetColumns",
    "sendStartSheet",
    "listCompletionSheetColumns",
    "sendCompletionSheet",
    "getTrainingRequest",
    "changeTrainingRequest",
    "withdrawTrainingRequest",
    "getDecision",
    "getAward",
    "acceptAward",
    "declineAward",
    "getStart",
    "sendStart",
    "listProofs",
    "sendProof",
]


@pytest.mark.django_db
def test_every_operation_is_tried(description):
    ids = [item["operationId"] for path in description["paths"].values() for item in path.values()]
    assert sorted(ids) == sorted(OPERATIONS)


STATEFUL_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

# A body can be right by its form and still name a training that does not exist; a cursor can be
# no cursor of ours, and a key can have come with another body before.
RIGHT_BY_FORM_ONLY = {
    "fileTrainingRequest",
    "changeTrainingRequest",
    "listTrainingRequests",
    "rotateToken",
    "rotateSecret",
    "addWebhook",
    "sendAnew",
    "sendInvoice",
    "sendStatement",
    "sendRequestSheet",
    "sendStartSheet",
    "sendCompletionSheet",
    # A secret that schemathesis invents is nobody's.
    "getAccessToken",
}


@pytest.mark.slow
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_that_the_description_knows(
    operation_id, program, forklift_in_march, window, monkeypatch
):
    """Schemathesis invents valid and broken input, and compares each answer with it."""
    for policy in LIMITS:
        monkeypatch.setitem(LIMITS, policy, Limit(policy, most=1_000_000, seconds=60))
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    operation = schema.find_operation_by_id(operation_id)

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answers_as_described(case):
        excluded = [positive_data_acceptance] if operation_id in RIGHT_BY_FORM_ONLY else []
        # Schemathesis reads an answer of a WSGI application as it stands, compressed or not.
        headers = {"Authorization": f"Bearer {program.secret}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    answers_as_described()


@pytest.mark.slow
def test_calls_in_a_row_answer_as_described(program, forklift_in_march, window, monkeypatch):
    """Schemathesis follows what one answer names into the next call: no 5xx, nothing new."""
    for policy in LIMITS:
        monkeypatch.setitem(LIMITS, policy, Limit(policy, most=1_000_000, seconds=60))
    everything = schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    # It would end the token that every later call comes with.
    schema = everything.exclude(operation_id="withdrawCredential")
    called = set()

    class Calls(schema.as_state_machine()):
        def before_call(self, case):
            case.headers["Authorization"] = f"Bearer {program.secret}"
            case.headers["Accept-Encoding"] = "identity"

        def after_call(self, response, case):
            called.add((case.operation.label, response.status_code))

        def validate_response(self, response, case, **kwargs):
            # What is right by its form may still be refused, by what is stored meanwhile.
            case.validate_response(response, checks=STATEFUL_CHECKS)

    Calls.run(
        settings=settings(
            max_examples=60,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
    )
    assert len({label for label, status in called if status < 300}) > 5, sorted(called)
