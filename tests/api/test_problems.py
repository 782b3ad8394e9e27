"""What is wrong is told at once, by a published code, at its place, in the caller's language."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from api import codes

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
# Of every rule of the database, such as `request_partner_reference_unique`.
CONSTRAINTS = {
    constraint.name
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if "_" in constraint.name
}


def places(answer):
    return {error["location"]["pointer"]: error["code"] for error in answer.json()["errors"]}


def test_errors_of_form_of_facts_and_of_choices_come_in_one_answer(program, body, dutch, forklift):
    dutch.is_open = False
    dutch.save()
    body["worker"] |= {"contract": "freelance", "bsn": "111222333"}
    del body["worker"]["email"]
    body["consent"]["agreedAt"] = "2999-01-01T00:00:00Z"
    body["regionCode"] = "XX"
    body["choices"] = [
        {"trainingId": 999_999},
        {"trainingId": dutch.pk},
        {"trainingId": forklift.pk, "costs": [{"kind": "exam", "amountCents": 9_900}]},
    ]
    assert places(program.file(body)) == {
        "#/worker/contract": "invalid_choice",
        "#/worker/bsn": "unknown",
        "#/worker/email": "unreachable",
        "#/consent/agreedAt": "not_in_the_past",
        "#/regionCode": "does_not_exist",
        "#/choices/0/trainingId": "unknown",
        "#/choices/1": "not_on_offer",
        "#/choices/2/costs/0": "above_catalogue_price",
    }


def test_a_place_in_a_body_is_a_json_pointer_whatever_the_name_holds(program, body):
    body["a/b~c"] = 1
    assert places(program.file(body)) == {"#/a~1b~0c": "unknown"}


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "nl"),
        ("nl", "nl"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("pl, en;q=0.5", "en"),
        ("en;q=0.2, nl;q=0.8", "nl"),
        ("en;q=0", "nl"),
        ("*", "nl"),
        ("pl", "nl"),
        ("é;;q=x", "nl"),
    ],
)
def test_words_come_in_the_language_that_the_caller_asks_for(visitor, asked, spoken):
    visitor.client.cookies["django_language"] = "en" if spoken == "nl" else "nl"
    answer = visitor.get("/rounds/999", accept_language=asked)
    assert answer.headers["Content-Language"] == spoken
    assert "Accept-Language" in answer.headers["Vary"]
    assert answer.json()["title"] == {"nl": "Niet gevonden", "en": "Not found"}[spoken]


ENGLISH = re.compile(r"\b(the|this|is|not|with|of|be|field|may|valid|there)\b", re.I)


@pytest.mark.parametrize("change", range(9))
def test_every_word_of_a_refusal_is_dutch_or_english_and_never_both(program, body, change):
    """Each change breaks the body in another way; `is` and `of` are words of both languages."""
    worker = {
        0: {"name": ""},
        1: {"name": "x" * 201, "email": "no address"},
        2: {"trainingHoursTwoYears": -1, "hasStudyFinance": "perhaps"},
        3: {"trainingHoursTwoYears": 5_001, "birthDate": "4 March"},
        4: {"contract": "x", "name": None, "colour": 1},
        5: {"birthDate": "2026-01-01T10:00:00Z", "trainingHoursTwoYears": "9" * 2_000},
        6: {"name": ["x"], "email": 7, "phone": "06-12"},
        7: {"name": "111222333", "birthDate": "2999-01-01"},
        8: {"name": "nul \0"},
    }[change]
    body["worker"] |= worker
    if change == 4:
        body["choices"] = []
        body["consent"] = "yes"
        del body["reference"]
    dutch = program.file(body, language="nl").json()
    english = program.file(body, language="en").json()
    assert len(dutch["errors"]) == len(english["errors"]) >= 1
    for one, other in zip(dutch["errors"], english["errors"], strict=True):
        assert (one["location"], one["code"]) == (other["location"], other["code"])
        assert one["detail"] != other["detail"]
        found = {word.lower() for word in ENGLISH.findall(one["detail"])}
        assert found <= {"is", "of"}, one["detail"]


def test_a_reference_that_is_taken_is_a_conflict_without_a_rule_of_the_database(program, body):
    program.file(body)
    body["worker"] |= {"name": "Ana Silva", "email": "ana@example.nl"}
    refused = program.file(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "reference_used")
    text = refused.content.decode()
    assert not [name for name in CONSTRAINTS if name in text]
    assert "case-17" in refused.json()["detail"]


# The published list


def test_the_published_list_is_the_list_of_the_program(visitor):
    page = (ROOT / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `([a-z_0-9]+)` \| (.+?) \|$", page, re.M)
    assert rows == [*codes.PROBLEMS.items(), *codes.ERRORS.items()]
    schema = visitor.get("/openapi.json").json()["components"]["schemas"]["Problem"]["properties"]
    assert schema["code"]["enum"] == sorted(codes.PROBLEMS)
    assert schema["errors"]["items"]["properties"]["code"]["enum"] == sorted(codes.ERRORS)


def test_a_code_that_is_not_published_is_never_shown():
    assert codes.problem("batch_not_approved") == "refused"
    assert codes.error("max_decimal_places") == "invalid"
    assert codes.problem("window_closed") == "window_closed"


# Bodies that are no decent JSON


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, "parse_error"),
        ('{"a":' * 60 + "1" + "}" * 60, "parse_error"),
        ('{"worker": {"\\ud800": 1}}', "parse_error"),
        ('{"goal": "half a sign: \\udfff"}', "parse_error"),
        ('{"reference": "a", "reference": "b"}', "parse_error"),
        ('{"goal": NaN}', "parse_error"),
        ("{not json", "parse_error"),
        ("", "invalid"),
        ("[]", "invalid"),
        ("null", "invalid"),
        ("7", "invalid"),
        ("1" * 5_000, "parse_error"),
        ('"\\u0000"', "invalid"),
    ],
)
def test_a_body_that_no_program_should_send_is_a_problem_and_no_failure(program, text, code):
    refused = program.file(text)
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_a_problem(program):
    refused = program.file('{"goal": "' + "x" * 6_000_000 + '"}')
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_no_error_below_v1_is_a_page(visitor, settings, client):
    settings.DEBUG = True
    for answer in (
        client.get("/v1/nothing"),
        client.get("/v1/regions", headers={"host": "elsewhere.example"}),
        client.post("/v1/openapi.json"),
        client.get("/v1/regions?page=1", headers={"accept": "text/html"}),
        client.post("/v1/docs"),
        client.get("/v1"),
        client.get("/v1/"),
    ):
        assert answer.headers["Content-Type"] == "application/problem+json", answer
        assert answer.json()["code"] in codes.PROBLEMS
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_failure_of_ours_is_a_problem_too(visitor, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("api.views.open_data.public.rounds", fail)
    visitor.client.raise_request_exception = False
    region = {"regionCode": "XX"}
    monkeypatch.setattr("api.views.open_data.get_object_or_404", lambda *a, **k: region)
    answer = visitor.get("/regions/XX/rounds")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")


# Headers


def test_a_well_formed_request_id_is_taken_over_and_stands_in_the_trail(program, body):
    from budgetpool.audit.models import AuditEvent

    name = "0190163d-8694-739b-aea5-966c26f8ad91"
    filed = program.file(body, x_request_id=name)
    assert filed.headers["X-Request-ID"] == name
    assert AuditEvent.objects.filter(request_id=name.replace("-", "")).exists()
    ulid = "01J0C3D4E5F6G7H8J9KMNPQRST"
    assert program.get("/regions", x_request_id=ulid).headers["X-Request-ID"] == ulid


@pytest.mark.parametrize("name", ["", "x", "Jan de Vries", "a\tb", "1" * 400, "<script>"])
def test_any_other_request_id_is_replaced(visitor, name):
    given = visitor.get("/regions", x_request_id=name).headers["X-Request-ID"]
    assert given != name
    assert re.fullmatch("[0-9a-f]{32}", given)


def test_options_tells_what_is_possible_without_a_token(visitor):
    answer = visitor.client.options("/v1/regions")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.content == b""
    partner = visitor.client.options("/v1/training-requests")
    assert (partner.status_code, partner.headers["Allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_a_browser_may_ask_for_open_data_beforehand_and_for_nothing_else(visitor):
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    for path in ("/v1/regions", "/v1/openapi.json"):
        headers = visitor.client.options(path, headers=asked).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "accept-language" in headers["Access-Control-Allow-Headers"].lower()
        assert int(headers["Access-Control-Max-Age"]) > 0
    closed = visitor.client.options("/v1/training-requests", headers=asked).headers
    assert not [name for name in closed if name.startswith("Access-Control")]


def test_a_replayed_answer_is_marked_and_its_address_is_whole(program, body):
    first, again = program.file(body, key="k-1"), program.file(body, key="k-1")
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    address = f"http://testserver/v1/training-requests/{first.json()['id']}"
    assert first.headers["Location"] == again.headers["Location"] == address
