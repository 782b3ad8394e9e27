"""The long tokens of a sandbox: only a sandbox has them; each is rotated, withdrawn and seen."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from api import tokens
from api.models import PartnerToken, StoredAnswer
from budgetpool.audit.models import AuditEvent
from tests.api.conftest import Program
from tests.cast import signed_in
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(sandbox_program):
    """All here is about a sandbox."""
    return sandbox_program


def test_a_partner_that_helps_real_people_has_no_token_that_works_for_months(partner):
    with refuses("token_for_sandbox"):
        tokens.make(partner=partner, label="forever")


def test_a_token_opens_nothing_where_not_all_is_made_up(program, settings):
    settings.SANDBOX = False
    assert program.get("/training-requests").status_code == 401
    settings.DEMO = True
    assert program.get("/training-requests").status_code == 200


def test_whoever_comes_with_an_access_token_has_no_long_ones(other_program):
    assert other_program.get("/tokens").status_code == 404
    assert other_program.post("/tokens", {"label": "x"}).status_code == 404


def test_a_partner_sees_its_own_tokens_without_their_secrets(program):
    answer = program.get("/tokens")
    [token] = answer.json()["items"]
    assert (token["label"], token["works"], token["isCurrent"]) == ("tests", True, True)
    assert program.secret not in answer.content.decode()
    assert token["usedOn"] == timezone.localdate().isoformat()


def test_a_token_is_rotated_with_an_overlap_and_its_secret_is_shown_once(program):
    made = program.post("/tokens", {"label": "second", "overlapDays": 3}, key="r-1")
    assert made.status_code == 201
    secret = made.json()["secret"]
    for works in (program, Program(program.partner, secret)):
        assert works.get("/training-requests").status_code == 200
    again = program.post("/tokens", {"label": "second", "overlapDays": 3}, key="r-1")
    assert (again.json()["secret"], again.json()["token"]["id"]) == (
        None,
        made.json()["token"]["id"],
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert secret not in str(list(StoredAnswer.objects.values()))
    old = PartnerToken.objects.get(label="tests")
    assert timedelta(days=2) < old.expires_at - timezone.now() <= timedelta(days=3)
    PartnerToken.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    assert program.get("/training-requests").status_code == 401
    assert Program(program.partner, secret).get("/training-requests").status_code == 200


def test_a_rotation_never_lengthens_a_life(program):
    soon = timezone.now() + timedelta(days=1)
    PartnerToken.objects.update(expires_at=soon)
    program.post("/tokens", {"label": "second", "overlapDays": 30})
    assert PartnerToken.objects.get(label="tests").expires_at == soon


def test_a_token_is_withdrawn_by_its_own_organisation_and_by_no_other(program, other_program):
    mine = PartnerToken.objects.get(partner=program.partner)
    path = f"/tokens/{mine.pk}"
    assert other_program.send("delete", path).status_code == 404
    assert program.send("delete", path).status_code == 204
    assert program.get("/training-requests").status_code == 401
    event = AuditEvent.objects.get(action="token.revoked")
    assert event.actor == program.partner.account


def test_no_more_than_ten_tokens_work_at_a_time(program):
    for _ in range(9):
        tokens.make(partner=program.partner, label="more")
    with refuses("too_many_tokens"):
        tokens.make(partner=program.partner, label="more")
    refused = program.post("/tokens", {"label": "more"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_tokens")


def test_a_program_is_warned_before_its_token_ends(program):
    assert "Token-Expires" not in program.get("/training-requests").headers
    PartnerToken.objects.update(expires_at=timezone.now() + timedelta(days=20))
    assert program.get("/training-requests").headers["Token-Expires"].endswith("GMT")
    assert program.get("/regions").headers["Token-Expires"]
    assert list(tokens.ending()) == list(PartnerToken.objects.all())
    tokens.rotate(token=PartnerToken.objects.get(), label="second")
    assert not tokens.ending()


# The command


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("tokens", *arguments, stdout=out, stderr=err)
    return out.getvalue().strip()


def test_the_command_lists_rotates_and_withdraws(program):
    key = PartnerToken.objects.get(partner=program.partner).pk
    assert len(run().splitlines()) == 1
    assert f"{key}\tworks" in run("--partner", program.partner.name)
    assert run("--ending") == ""
    secret = run("--rotate", str(key), "--overlap", "0")
    assert Program(program.partner, secret).get("/tokens").status_code == 200
    assert program.get("/tokens").status_code == 401
    made = tokens.find(secret)
    assert "Withdrawn" in run("--withdraw", str(made.pk))
    assert Program(program.partner, secret).get("/tokens").status_code == 401
    with pytest.raises(CommandError, match="no token 999"):
        run("--withdraw", "999")


# The board's page


def test_the_board_sees_and_withdraws_the_tokens_of_its_region(
    program, twente, chair, chair_of_drenthe, drenthe
):
    program.partner.regions.add(twente.region)
    token = PartnerToken.objects.get()
    page = reverse("board-partners", args=["twente"])
    withdraw = reverse("board-token-withdraw", args=["twente", token.pk])
    text = signed_in(chair, second_factor=True).get(page).content.decode()
    assert "Proeftuin" in text
    assert program.secret not in text
    double = signed_in(chair_of_drenthe, second_factor=True)
    assert double.post(withdraw).status_code == 404
    elsewhere = reverse("board-token-withdraw", args=["drenthe", token.pk])
    assert double.post(elsewhere).status_code == 404
    assert program.get("/tokens").status_code == 200
    signed_in(chair, second_factor=True).post(withdraw)
    assert program.get("/tokens").status_code == 401
    assert AuditEvent.objects.get(action="token.revoked").actor == chair
