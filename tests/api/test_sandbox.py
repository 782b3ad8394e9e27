"""A sandbox decides by a call, refuses by magic, and nothing of it touches anything real."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from allocation.models import Award, Round
from allocation.payouts import batches
from api import tokens
from api.models import Client, Partner
from api.sandbox import clock, magic, world
from budgetpool.bank.models import BankStatement
from budgetpool.fund import checks, funds
from budgetpool.fund.models import Fund, FundIban
from budgetpool.register.models import Training
from budgetpool.users.models import User
from tests import choices
from tests.api.conftest import BODY, Program, ask_for_token
from tests.refusing import refuses
from workers.models import TrainingRequest, Window

pytestmark = pytest.mark.django_db


def body_of(program, reference, **worker):
    state = program.get("/sandbox").json()
    made = copy.deepcopy(BODY)
    made |= {"regionCode": state["regionCode"], "reference": reference}
    made["choices"] = [state["editions"][0]]
    agreed = timezone.now() - timedelta(hours=1)
    made["consent"]["agreedAt"] = agreed.isoformat()
    made["worker"] |= {"municipality": state["municipality"]} | worker
    return made


def in_database(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_a_sandbox_holds_nothing_that_the_description_does_not_know(sandbox_program):
    assert len(list(choices.columns())) > 50
    assert choices.strangers(in_database) == []
    Training.objects.update(outcome="certificate")
    assert choices.strangers(in_database) == ["register_training.outcome: certificate"]


def test_a_program_files_is_decided_on_and_goes_on_to_the_proof(
    sandbox_program, django_capture_on_commit_callbacks
):
    program = sandbox_program
    keys = {}
    for number, reference in enumerate(("case-1", "magic:refused-1", "magic:awarded-1")):
        born = f"19{80 + number}-03-04"
        filed = program.file(body_of(program, reference, name=f"Proef {number}", birthDate=born))
        assert filed.status_code == 201, filed.json()
        assert filed.json()["status"] == "submitted"
        keys[reference] = filed.json()["id"]
    moved = program.post("/sandbox/clock", {}, key="c-1")
    assert moved.status_code == 202
    state = program.get("/sandbox").json()
    assert state["clock"]["state"] == "done", state
    assert [one["status"] for one in state["rounds"]] == ["published"]
    outcomes = {
        reference: program.get(f"/training-requests/{key}/decision").json()["awarded"]
        for reference, key in keys.items()
    }
    assert outcomes == {"case-1": True, "magic:refused-1": False, "magic:awarded-1": True}
    path = f"/training-requests/{keys['case-1']}"
    assert program.post(f"{path}/award/acceptance", {"isShared": True}).status_code == 201
    # A retry of the call is answered from before, and moves nothing.
    assert program.post("/sandbox/clock", {}, key="c-1").headers["Idempotency-Replayed"] == "true"
    assert Round.objects.count() == 1
    bill = {
        "requestId": keys["case-1"],
        "number": "F-1",
        "datedOn": timezone.localdate().isoformat(),
        "amountCents": 45_000,
        "vatCents": 0,
    }
    sent = program.post("/invoices", bill)
    assert (sent.status_code, sent.json()["state"]) == (201, "received"), sent.json()
    invoice = f"/invoices/{sent.json()['id']}"
    # The first part once it began: 80% of EUR 450; the rest after the proof.
    today = timezone.localdate().isoformat()
    assert program.post(f"{path}/start", {"startedOn": today}).status_code == 201
    for proof, paid, status in ((False, 36_000, "partly_paid"), (True, 45_000, "paid")):
        if proof:
            attended = {"kind": "attendance", "attendancePercent": 90}
            assert program.post(f"{path}/proofs", attended).status_code == 201
        assert program.post("/sandbox/clock", {}).status_code == 202
        assert program.get("/sandbox").json()["clock"]["state"] == "done"
        told = program.get(invoice).json()
        assert (told["state"], told["paidCents"]) == (status, paid)
    assert Round.objects.count() == 1
    assert program.file(body_of(program, "case-2")).json()["window"] == state["window"]
    assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


def test_the_clock_says_why_it_cannot_go_on(sandbox_program):
    assert sandbox_program.post("/sandbox/clock", {}).status_code == 202
    told = sandbox_program.get("/sandbox").json()["clock"]
    assert (told["state"], told["code"]) == ("failed", "no_requests")


@pytest.mark.parametrize(("code", "status"), magic.REFUSALS.items())
def test_a_magic_reference_provokes_each_refusal(sandbox_program, code, status):
    answer = sandbox_program.file(body_of(sandbox_program, f"magic:{code}"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not TrainingRequest.objects.exists()


def test_nothing_is_magic_for_a_real_partner(program, body, window):
    filed = program.file(body | {"reference": "magic:window_closed"})
    assert filed.status_code == 201


# Attacks


def test_there_is_no_sandbox_where_something_is_real(twente, settings):
    settings.SANDBOX = settings.DEMO = False
    for act in (world.build, clock.advance, clock.publish):
        with refuses("no_sandbox_here"):
            act()
    with pytest.raises(CommandError, match="SANDBOX=1"):
        call_command("sandbox")
    assert not Partner.objects.exists()


def test_a_database_with_a_bank_account_is_no_place_for_a_sandbox(twente, settings):
    settings.SANDBOX = True
    funds.add_iban(fund=twente, iban="NL91ABNA0417164300", holder_name="Fonds")
    with refuses("real_money_here"):
        world.build()
    with refuses("real_money_here"):
        clock.publish()


def test_a_sandbox_that_is_copied_into_a_real_installation_opens_nothing(sandbox, settings):
    client = Client.objects.get(partner=sandbox.partner)
    form = {"client_id": client.client_id, "client_secret": sandbox.client_secret}
    access = ask_for_token(**form).json()["access_token"]
    by_access, by_token = Program(None, access), Program(None, sandbox.token)
    for program in (by_access, by_token):
        assert program.get("/sandbox").status_code == 200
    settings.SANDBOX = False
    for program in (by_access, by_token):
        assert program.get("/sandbox").status_code == 401
        assert program.get("/training-requests").status_code == 401


def test_a_sandbox_files_in_no_real_region_and_nobody_else_in_the_sandbox(
    sandbox_program, program, body, window, twente
):
    real = copy.deepcopy(body)
    assert sandbox_program.file(real).json()["code"] == "other_region"
    # Also not when somebody gives it one by mistake.
    sandbox_program.partner.regions.add(twente.region)
    assert sandbox_program.file(real).json()["code"] == "other_region"
    fund = world.fund_of_sandbox()
    made_up = body_of(sandbox_program, "case-1")
    assert program.file(made_up).json()["code"] == "other_region"
    program.partner.regions.add(fund.region)
    assert program.file(made_up).json()["code"] == "other_region"
    with pytest.raises(ValidationError):
        tokens.enrol(
            name="Mixed",
            kvk="12345678",
            contact_email="x@example.nl",
            regions=[twente.region],
            is_sandbox=True,
        )
    assert not TrainingRequest.objects.exists()


def test_only_the_sandbox_itself_moves_its_clock(sandbox_program, program):
    assert program.get("/sandbox").status_code == 404
    assert program.post("/sandbox/clock", {}).status_code == 404
    assert not Round.objects.exists()


def test_no_euro_leaves_a_sandbox(sandbox, settings):
    fund = Fund.objects.get(region__code="SANDBOX")
    with refuses("no_bank_in_sandbox"):
        funds.add_iban(fund=fund, iban="NL91ABNA0417164300", holder_name="Proef")
    treasurer = User.objects.get(email=world.TREASURER)
    with refuses("nothing_to_pay"):
        batches.prepare(fund=fund, execution_on=timezone.localdate(), actor=treasurer)
    assert not FundIban.objects.exists()
    assert not BankStatement.objects.exists()
    assert not Award.objects.exists()
    assert [outcome for outcome in checks.check_ledger() if not outcome.ok] == []


def test_building_again_ends_what_opened_it_before(sandbox):
    again = world.build()
    assert Program(None, sandbox.token).get("/sandbox").status_code == 401
    assert Program(None, again.token).get("/sandbox").status_code == 200
    assert Window.objects.count() == 1


def test_nobody_signs_in_as_somebody_of_the_board_of_a_sandbox(sandbox):
    for user in User.objects.filter(email__endswith=".invalid"):
        assert not user.has_usable_password()
