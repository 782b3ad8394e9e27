"""Whatever is sent, as whom ever, the answer is one that the description knows.

Schemathesis invents valid and broken input for each operation, as each kind of caller, and follows
what one answer names into the next call. The short form tries each operation once as each; the
long one (`-m slow`) makes more than 20,000 calls and says how many.
"""

import traceback

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from api.throttling import LIMITS
from budgetpool.limits.counters import Limit
from budgetpool.wsgi import application
from tests.api.conftest import Program
from tests.api.test_invoices import at_school, shown  # noqa: F401
from tests.api.test_statements import accountant  # noqa: F401
from tests.payouts.conftest import award, edition, main_iban, make_award  # noqa: F401

pytestmark = pytest.mark.django_db

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
    "listPledges",
    "listContributions",
    "getContribution",
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


def test_every_operation_is_tried(visitor):
    description = visitor.get("/openapi.json").json()
    ids = [item["operationId"] for path in description["paths"].values() for item in path.values()]
    assert sorted(ids) == sorted(OPERATIONS)


# A body can be right by its form and still name a training that does not exist; a cursor can be
# no cursor of ours, and a key can have come with another body before.
RIGHT_BY_FORM_ONLY = {
    "fileTrainingRequest",
    "changeTrainingRequest",
    "listTrainingRequests",
    "listContributions",
    "rotateToken",
    "rotateSecret",
    "addWebhook",
    "sendAnew",
    "sendInvoice",
    "withdrawInvoice",
    "sendStatement",
    "sendRequestSheet",
    "sendStartSheet",
    "sendCompletionSheet",
    # A secret that schemathesis invents is nobody's.
    "getAccessToken",
}
IN_A_ROW = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Who calls, and the fixture of their program.
CALLERS = {
    "nobody": "visitor",
    "agency": "program",
    "school": "at_school",
    "accountant": "accountant",
    "sandbox": "sandbox_program",
}
# They end what every later call comes with.
ENDINGS = {"withdrawCredential", "withdrawToken", "rotateToken", "rotateSecret"}
SHORT, LONG = 1, 65


@pytest.fixture
def described(monkeypatch):
    for policy in LIMITS:
        monkeypatch.setitem(LIMITS, policy, Limit(policy, most=1_000_000, seconds=60))
    # A served call ends its connection; here that would be the connection of the test, and of all
    # the tests after it.
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def caller(request) -> Program:
    """The program of the kind of caller that the test names, where there is something to see: a
    school has people in a course, the others an open window."""
    if request.param != "school":
        request.getfixturevalue("forklift_in_march")
        request.getfixturevalue("window")
    return request.getfixturevalue(CALLERS[request.param])


def headers_of(caller):
    # Schemathesis reads an answer of a WSGI application as it stands, compressed or not.
    sent = {"Accept-Encoding": "identity"}
    return sent | ({"Authorization": f"Bearer {caller.secret}"} if caller.secret else {})


def how(examples, **more):
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def invent(operation, name, caller, examples, calls):
    """Call one operation with what is invented for it; every answer is as described."""
    # Who may not call at all is refused however right the form is.
    by_form_only = name in RIGHT_BY_FORM_ONLY or caller.partner is None
    excluded = [positive_data_acceptance] if by_form_only else []

    @how(examples)
    @given(case=operation.as_strategy())
    def answers(case):
        calls.append(name)
        case.call_and_validate(headers=headers_of(caller), excluded_checks=excluded)

    answers()


@pytest.mark.parametrize("examples", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
@pytest.mark.parametrize("caller", CALLERS, indirect=True)
def test_each_operation_answers_as_described(caller, examples, described, record_property):
    calls, wrong = [], {}
    for name in OPERATIONS:
        operation = described.find_operation_by_id(name)
        try:
            with transaction.atomic():
                invent(operation, name, caller, examples, calls)
                transaction.set_rollback(True)  # each operation meets the same world
        except Exception as error:
            whole = "".join(traceback.format_exception(error))
            wrong[name] = whole[whole.find("Schemathesis found") :][:1_500]
    record_property("calls", len(calls))
    print(f"{len(calls)} calls")
    assert not wrong, "\n\n".join(f"{name}: {text}" for name, text in wrong.items())


@pytest.mark.slow
@pytest.mark.parametrize("caller", CALLERS, indirect=True)
def test_calls_in_a_row_answer_as_described(caller, described, record_property):
    """What one answer names goes into the next call: no 5xx, nothing new."""
    called = []

    class Calls(described.exclude(operation_id=list(ENDINGS)).as_state_machine()):
        def before_call(self, case):
            case.headers.update(headers_of(caller))

        def after_call(self, response, case):
            called.append((case.operation.label, response.status_code))

        def validate_response(self, response, case, **kwargs):
            # What is right by its form may still be refused, by what is stored meanwhile.
            case.validate_response(response, checks=IN_A_ROW)

    Calls.run(settings=how(150, stateful_step_count=8))
    record_property("calls", len(called))
    print(f"{len(called)} calls in a row")
    fine = {label for label, status in called if status < 300}
    assert len(fine) > (5 if caller.partner else 3), sorted(set(called))
