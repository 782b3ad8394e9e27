"""What holds for every answer below /v1: problems, headers, limits, tokens."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from api import tokens
from api.models import Partner, PartnerToken
from api.throttling import CallThrottle, FilingThrottle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/regions/", "/", "/nothing", "/regions/XX", "/rounds/abc"])
def test_an_unknown_address_and_a_trailing_slash_are_a_problem_in_json(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"status", "title", "detail"} <= set(answer.json())


def test_every_answer_names_the_version_and_is_safe_to_show(visitor):
    for path in ("/regions", "/nothing", "/training-requests"):
        headers = visitor.get(path).headers
        assert headers["API-Version"] == "1.0.0"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_open_data_can_be_read_from_any_website_and_the_rest_cannot(visitor, program):
    assert visitor.get("/regions").headers["Access-Control-Allow-Origin"] == "*"
    assert visitor.get("/openapi.json").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in program.get("/training-requests").headers


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_only_the_methods_of_an_address_are_possible(visitor, method):
    answer = getattr(visitor.client, method)("/v1/regions")
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD"


def test_another_format_than_json_is_refused(visitor, program):
    assert visitor.get("/regions", accept="text/csv").status_code == 406
    key = {"idempotency-key": "k"}
    sent = program.client.post("/v1/training-requests", data={"a": 1}, headers=key)
    assert sent.status_code == 415
    assert sent.headers["Content-Type"] == "application/problem+json"


def test_all_errors_of_a_query_come_together(visitor):
    answer = visitor.get("/trainings?sector=ZZ&pageSize=1000&page=0&colour=red")
    assert answer.status_code == 400
    assert {error["location"]["name"] for error in answer.json()["errors"]} == {
        "sector",
        "pageSize",
        "page",
        "colour",
    }
    assert {error["in"] for error in answer.json()["errors"]} == {"query"}


def test_a_page_that_does_not_exist_is_not_found(visitor, twente):
    assert visitor.get("/regions?page=2").status_code == 404


# Tokens


def test_only_the_hash_of_a_token_is_kept(program):
    token = PartnerToken.objects.get()
    assert program.secret.startswith("budgetpool_")
    assert program.secret not in str(PartnerToken.objects.values().get())
    assert token.digest == tokens.digest(program.secret)


def test_a_token_stops_working_when_it_is_withdrawn_out_of_date_or_its_partner_left(program):
    assert program.get("/training-requests").status_code == 200
    token = PartnerToken.objects.get()
    now = timezone.now()
    for change, back in (
        ({"expires_at": now}, {"expires_at": now + timedelta(days=1)}),
        ({"revoked_at": now}, {"revoked_at": None}),
    ):
        PartnerToken.objects.update(**change)
        refused = program.get("/training-requests")
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        PartnerToken.objects.update(**back)
    Partner.objects.update(is_active=False)
    assert program.get("/training-requests").status_code == 401
    Partner.objects.update(is_active=True)
    assert program.get("/training-requests").status_code == 200
    tokens.revoke(token=token)
    assert program.get("/training-requests").status_code == 401


def test_a_wrong_token_is_refused_on_open_data_too(visitor):
    assert visitor.get("/regions", authorization="Bearer budgetpool_wrong").status_code == 401
    assert visitor.get("/regions", authorization="Basic abc").status_code == 401


def test_nobody_signs_in_with_a_partners_account(program, client):
    account = program.partner.account
    assert not account.is_active
    assert not account.has_usable_password()


def test_the_command_admits_a_partner_and_shows_the_token_once(visitor, twente):
    out, err = StringIO(), StringIO()
    call_command(
        "make_token",
        "Leerwinkel",
        "--kvk=11112222",
        "--email=it@example.nl",
        "--region=BIJ3-09",
        stdout=out,
        stderr=err,
    )
    secret = out.getvalue().strip()
    answer = visitor.get("/training-requests", authorization=f"Bearer {secret}")
    assert answer.status_code == 200
    assert "Shown once" in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["Nobody"], "Add --kvk, --email and --region"),
        (["New", "--kvk=1", "--email=a@b.nl", "--region=BIJ3-09"], "8 digits|8 cijfers"),
        (["New", "--kvk=11112222", "--email=a@b.nl", "--region=XX"], "No region has the code XX"),
        (["New", "--kvk=11112222", "--email=a@b.nl", "--region=BIJ3-09", "--days=999"], "366"),
    ],
)
def test_the_command_says_what_is_missing(twente, arguments, remedy):
    with pytest.raises(CommandError, match=remedy) as raised:
        call_command("make_token", *arguments)
    assert raised.value.returncode == 2
    assert not PartnerToken.objects.exists()


# Rate limits


@pytest.fixture
def three_a_minute(monkeypatch):
    rates = {"visitor": "3/min", "partner": "5/min", "filing": "2/min"}
    for throttle in (CallThrottle, FilingThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", rates)


def test_a_visitor_is_limited_by_address_and_told_how_long_to_wait(visitor, three_a_minute):
    answers = [visitor.get("/regions") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["Content-Type"] == "application/problem+json"
    elsewhere = visitor.client.get("/v1/regions", REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 200


def test_an_invented_forwarding_address_does_not_lift_the_limit(visitor, three_a_minute):
    answers = [visitor.get("/regions", x_forwarded_for=f"192.0.2.{n}") for n in range(4)]
    assert answers[-1].status_code == 429


def test_each_token_has_a_limit_of_its_own(program, other_program, three_a_minute):
    answers = [program.get("/training-requests").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert other_program.get("/training-requests").status_code == 200


def test_filing_has_a_lower_limit(program, three_a_minute):
    answers = [program.file({}).status_code for _ in range(3)]
    assert answers == [400, 400, 429]
