"""What holds for every answer below /v1: problems, headers, limits, tokens."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from api import tokens
from api.models import Credential, Partner, PartnerAdministrator, PartnerToken
from api.throttling import LIMITS
from budgetpool.limits.counters import Limit
from tests.api.conftest import ask_for_token
from tests.cast import signed_in

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
        assert headers["API-Version"] == "1.4.0"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_open_data_can_be_read_from_any_website_and_the_rest_cannot(visitor, program):
    assert visitor.get("/regions").headers["Access-Control-Allow-Origin"] == "*"
    assert visitor.get("/openapi.json").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in program.get("/training-requests").headers


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_the_methods_of_an_address_are_possible(visitor, method):
    answer = getattr(visitor.client, method)("/v1/regions")
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/training-requests", "/client", "/training-requests/1/award"])
@pytest.mark.parametrize("method", ["put", "delete", "trace"])
def test_a_method_that_an_address_lacks_is_refused_to_a_program_too(program, path, method):
    answer = getattr(program.client, method)(f"/v1{path}")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/regions", "/nothing"])
def test_a_browser_that_is_signed_in_reads_what_everybody_may(chair, path):
    assert signed_in(chair).get(f"/v1{path}").status_code in {200, 404}


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


def test_only_the_hash_of_a_token_is_kept(sandbox_program):
    token = PartnerToken.objects.get()
    assert sandbox_program.secret.startswith("budgetpool_")
    assert sandbox_program.secret not in str(PartnerToken.objects.values().get())
    assert token.digest == tokens.digest(sandbox_program.secret)


def test_a_token_stops_working_when_it_is_withdrawn_out_of_date_or_its_partner_left(
    sandbox_program,
):
    assert sandbox_program.get("/training-requests").status_code == 200
    token = PartnerToken.objects.get()
    now = timezone.now()
    for change, back in (
        ({"expires_at": now}, {"expires_at": now + timedelta(days=1)}),
        ({"revoked_at": now}, {"revoked_at": None}),
    ):
        PartnerToken.objects.update(**change)
        refused = sandbox_program.get("/training-requests")
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        PartnerToken.objects.update(**back)
    Partner.objects.update(is_active=False)
    assert sandbox_program.get("/training-requests").status_code == 401
    Partner.objects.update(is_active=True)
    assert sandbox_program.get("/training-requests").status_code == 200
    tokens.revoke(token=token)
    assert sandbox_program.get("/training-requests").status_code == 401


def test_a_wrong_token_is_refused_on_open_data_too(visitor):
    assert visitor.get("/regions", authorization="Bearer budgetpool_wrong").status_code == 401
    assert visitor.get("/regions", authorization="Basic abc").status_code == 401


def test_nobody_signs_in_with_a_partners_account(program, client):
    account = program.partner.account
    assert not account.is_active
    assert not account.has_usable_password()


def test_the_command_admits_a_partner_and_shows_its_secret_once(visitor, twente):
    out, err = StringIO(), StringIO()
    call_command(
        "make_client",
        "Leerwinkel",
        "--kvk=11112222",
        "--email=it@example.nl",
        "--region=BIJ3-09",
        "--administrator=pia@example.nl",
        stdout=out,
        stderr=err,
    )
    client_id, secret = out.getvalue().split()
    token = ask_for_token(client_id=client_id, client_secret=secret).json()["access_token"]
    answer = visitor.get("/training-requests", authorization=f"Bearer {token}")
    assert answer.status_code == 200
    assert "shown once" in err.getvalue()
    assert PartnerAdministrator.objects.get().user.email == "pia@example.nl"


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
        call_command("make_client", *arguments)
    assert raised.value.returncode == 2
    assert not Credential.objects.exists()
    assert not Partner.objects.exists()


# Rate limits


@pytest.fixture
def three_a_minute(monkeypatch):
    for policy, most in {"visitor": 3, "partner": 5, "filing": 2}.items():
        monkeypatch.setitem(LIMITS, policy, Limit(policy, most=most, seconds=60))


def test_a_visitor_is_limited_by_address_and_told_how_long_to_wait(visitor, three_a_minute):
    answers = [visitor.get("/regions") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["Content-Type"] == "application/problem+json"
    elsewhere = visitor.client.get("/v1/regions", REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 200


def test_every_answer_tells_what_is_left(visitor, program, three_a_minute):
    first = visitor.get("/regions")
    assert first.headers["RateLimit-Policy"] == '"visitor";q=3;w=60'
    assert first.headers["RateLimit"] == '"visitor";r=2;t=60'
    refused = [visitor.get("/regions") for _ in range(3)][-1]
    left, wait = re.fullmatch(r'"visitor";r=(\d+);t=(\d+)', refused.headers["RateLimit"]).groups()
    assert (refused.status_code, left) == (429, "0")
    assert wait == refused.headers["Retry-After"]
    filed = program.file({})
    assert filed.headers["RateLimit-Policy"] == '"partner";q=5;w=60, "filing";q=2;w=60'
    assert filed.headers["RateLimit"].startswith('"partner";r=4;t=60, "filing";r=1;t=60')


def test_addresses_of_one_ipv6_subscriber_share_a_limit(visitor, three_a_minute):
    answers = [
        visitor.client.get("/v1/regions", REMOTE_ADDR=f"2001:db8:1:2::{n}").status_code
        for n in range(4)
    ]
    assert answers == [200, 200, 200, 429]
    other = visitor.client.get("/v1/regions", REMOTE_ADDR="2001:db8:1:3::1")
    assert other.status_code == 200


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
