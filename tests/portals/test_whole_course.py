"""From a proposal to a payment as on a real server: every door, no demo, every code entered.

The settings are those of an installation (HTTPS only, CSRF checked, limits counted, DEMO off);
people come in through the sign-in page and press the buttons that their pages show.
"""

from datetime import timedelta

import pytest
from django.conf import settings as live
from django.utils import timezone

from allocation.models import Award, PaymentBatch, Round, Scenario
from budgetpool.fund import funds
from budgetpool.register.models import Edition
from tests.payouts.conftest import usable_payee
from tests.portals.visitor import HOST, Visitor, dutch

pytestmark = pytest.mark.django_db
ROUND = "/board/twente/rounds/2027-1"


@pytest.fixture(autouse=True)
def a_real_server(settings):
    assert live.DEMO is False
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def test_from_a_proposal_to_a_payment(opened, requests, chair, second_signer, treasurer):
    board, second = Visitor(chair), Visitor(second_signer)
    divide(board, second)
    assert Round.objects.get().status == Round.Status.PUBLISHED
    award = say_yes()
    assert award.status == Award.Status.ACCEPTED
    file = pay(award, Visitor(treasurer), second)
    assert PaymentBatch.objects.get().total_cents == 48_000
    assert b"<CtrlSum>480.00</CtrlSum>" in file


def test_an_administrator_comes_into_the_back_office_and_comes_again(administrator):
    person = Visitor(administrator)
    person.sign_in("/back-office/")
    assert person.heading() == dutch("A second step is needed")
    person.set_up_app()
    assert person.address == f"{HOST}/back-office/"
    again = Visitor(administrator, secret=person.secret, spent=person.spent)
    again.sign_in("/back-office/")
    assert again.address == f"{HOST}/back-office/"


def divide(chair, second):
    chair.sign_in(ROUND)
    chair.press("Close the round")
    chair.press("Fill in the draw", outcome="4 11 19 27 33 41")
    second.sign_in(ROUND)
    second.press("Fill in the draw", outcome="4 11 19 27 33 41")
    chair.open(ROUND)
    chair.press("Compute", name="Ours", rule="optimiser")
    chair.press("Show that it is you")
    chair.set_up_app()
    chair.press(
        "Sign and propose",
        scenario=str(Scenario.objects.get().pk),
        motivation="It helps the most.",
        no_interest="on",
    )
    second.open(ROUND)
    second.press("Show that it is you")
    second.set_up_app()
    second.press("Sign", no_interest="on")
    chair.open(ROUND)
    chair.press("Publish the outcome")


def say_yes():
    """A worker with nothing but a mailbox."""
    award = Award.objects.order_by("pk").first()
    worker = Visitor(award.request.worker.user)
    worker.sign_in(f"/requests/{award.request.reference}/answer")
    worker.press("Send my answer", answer="yes")
    award.refresh_from_db()
    return award


def pay(award, treasurer, second):
    """80 % of the school's bill of EUR 600; gives the file for the bank."""
    fund, today = award.round.fund, timezone.localdate()
    funds.add_iban(fund=fund, iban="NL91ABNA0417164300", holder_name=fund.name)
    Edition.objects.update(starts_on=today + timedelta(days=5))
    # Entered more than a day ago and checked by a second person, for which no test waits.
    usable_payee(
        fund,
        treasurer.person,
        second.person,
        provider=award.choice.training.provider,
        iban="NL20INGB0001234567",
        holder_name="Lasschool B.V.",
    )
    treasurer.sign_in(f"/treasurer/twente/awards/{award.pk}")
    bill = {"number": "2027-31", "amount": "600,00", "vat": "0,00"}
    treasurer.press("Save the invoice", dated_on=f"{today:%d-%m-%Y}", **bill)
    treasurer.press("Plan 80%% of invoice %(number)s", {"number": "2027-31"})
    treasurer.open("/treasurer/twente/payouts")
    treasurer.press("Make the file", execution_on=f"{today:%d-%m-%Y}")
    second.open(treasurer.address)
    second.press("Approve this file")
    treasurer.open(treasurer.address)
    treasurer.press("Fetch the file")
    return treasurer.answer.content
