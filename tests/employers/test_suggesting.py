"""What the desk suggests for a deposit that nobody recognised."""

import pytest
from django.urls import reverse

from employers.deposits import suggesting
from employers.models import Deposit
from tests.bank.samples import entry_xml
from tests.cast import signed_in
from tests.employers.test_importing import balances

pytestmark = pytest.mark.django_db


def of_deposit():
    return [(one.open_cents, one.weight) for one in suggesting.suggest(Deposit.objects.get())]


def test_a_slip_in_the_reference_still_leads_to_its_request(receive, contribution):
    wrong = contribution.reference[:-1] + ("0" if contribution.reference[-1] != "0" else "1")
    receive(entry_xml("100.00", name="Somebody", remittance=f"ref {wrong} thanks"))
    assert of_deposit() == [(250_000, suggesting.NEAR_REFERENCE)]


def test_the_exact_amount_is_suggested_and_the_name_makes_it_likelier(receive, contribution):
    receive(entry_xml("2500.00", name=f"{contribution.employer.name} BV"))
    assert of_deposit() == [(250_000, suggesting.SAME_AMOUNT + suggesting.SAME_NAME)]


def test_what_fits_nothing_gets_no_suggestion(receive, contribution):
    receive(entry_xml("12.34", name="Somebody"))
    assert of_deposit() == []


def test_one_press_matches_the_suggested_request(
    receive, contribution, twente, treasurer, treasurer_of_drenthe
):
    receive(entry_xml("2500.00", name="Somebody"))
    page = reverse("treasurer-line", args=["twente", Deposit.objects.get().entry_id])
    verb = f"as-request-{contribution.pk}:250000"
    assert signed_in(treasurer_of_drenthe).post(page, {"verb": verb}).status_code == 404
    desk = signed_in(treasurer)
    assert verb in desk.get(page).content.decode()
    assert desk.post(page, {"verb": "as-request-0:250000"}).status_code == 302
    assert balances(twente)["pool"] == 0
    assert desk.post(page, {"verb": verb}).status_code == 302
    assert balances(twente)["pool"] == 250_000
