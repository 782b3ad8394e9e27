"""Whose a deposit is: reference, reference in free text, IBAN and amount; else the desk."""

from datetime import date

import pytest

from employers.deposits import desk
from employers.deposits.matching import Asked, Matcher
from employers.models import Deposit
from employers.pledges import requests
from employers.references import find_in_text, is_valid, make_reference, spell_reference
from tests.bank.samples import entry_xml
from tests.employers.test_importing import balances

pytestmark = pytest.mark.django_db


def the_match():
    return desk.current_match(Deposit.objects.get())


def test_a_reference_has_check_digits_that_the_standard_accepts():
    reference = make_reference(fund_id=1, employer_id=12, number=3)
    assert reference == "RF490010000120003"
    assert is_valid(reference)
    assert not is_valid(reference.replace("12", "21"))
    assert spell_reference(reference).split("\u00a0") == ["RF49", "0010", "0001", "2000", "3"]


def test_a_structured_reference_pays_its_request_at_once(receive, twente, contribution):
    receive(entry_xml("2500.00", structured=contribution.reference))
    match = the_match()
    assert (match.how, match.contribution) == ("reference", contribution)
    assert balances(twente) == {
        "bank": 2500_00,
        "pool": 2500_00,
        f"employer-{match.employer_id}": 0,
        "suspense": 0,
    }


@pytest.mark.parametrize(
    "spelled",
    [
        "{ref}",
        "{lower}",
        "{blanks}",
        "bijdrage: {blanks}, kwartaal 1",
        "ref.{lower}/mei",
        "RF {ref}",
    ],
)
def test_a_reference_in_free_text_is_found_in_any_spelling(receive, contribution, spelled):
    reference = contribution.reference
    blanks = " ".join(reference[at : at + 4] for at in range(0, len(reference), 4)).lower()
    receive(
        entry_xml(
            "2500.00",
            remittance=spelled.format(ref=reference, lower=reference.lower(), blanks=blanks),
        )
    )
    assert the_match().how == "text"


def test_the_senders_reference_counts_as_text(receive, contribution):
    receive(entry_xml("2500.00", end_to_end=contribution.reference))
    assert the_match().how == "text"


def test_an_account_with_the_exact_amount_is_recognised(receive, contribution, employer):
    receive(entry_xml("2500.00", iban=employer.ibans.get().iban))
    match = the_match()
    assert (match.how, match.contribution) == ("iban_amount", contribution)


def test_an_account_with_another_amount_waits_for_the_desk(receive, contribution, employer):
    receive(entry_xml("2400.00", iban=employer.ibans.get().iban))
    assert the_match() is None


def test_an_account_whose_amount_fits_two_requests_waits_for_the_desk(
    receive, contribution, employer, pledge
):
    requests.ask_due(fund=pledge.fund, day=date(2027, 4, 1))
    receive(entry_xml("2500.00", iban=employer.ibans.get().iban))
    assert the_match() is None


def test_a_typing_error_in_a_reference_never_pays_for_somebody_else(receive, contribution, twente):
    wrong = contribution.reference[:-1] + ("1" if contribution.reference[-1] != "1" else "2")
    receive(entry_xml("2500.00", structured=wrong))
    assert the_match() is None
    assert balances(twente)["suspense"] == 2500_00


def test_a_part_of_the_amount_is_accepted_by_reference(receive, contribution, twente):
    receive(entry_xml("1000.00", structured=contribution.reference))
    receive(entry_xml("1500.00", structured=contribution.reference, date="2027-01-09"), id="S-2")
    assert balances(twente)["pool"] == 2500_00


def test_a_double_payment_waits_for_the_desk(receive, contribution, twente):
    receive(
        entry_xml("2500.00", structured=contribution.reference),
        entry_xml("2500.00", structured=contribution.reference),
    )
    assert (balances(twente)["pool"], balances(twente)["suspense"]) == (2500_00, 2500_00)


def test_more_than_was_asked_waits_for_the_desk(receive, contribution, twente):
    receive(entry_xml("25000.00", structured=contribution.reference))
    assert balances(twente)["suspense"] == 25000_00


def test_two_references_in_one_text_wait_for_the_desk(receive, contribution, pledge):
    (second,) = requests.ask_due(fund=pledge.fund, day=date(2027, 4, 1))
    receive(entry_xml("2500.00", remittance=f"{contribution.reference} en {second.reference}"))
    assert the_match() is None


def test_a_withdrawn_request_is_paid_by_nobody(receive, contribution, treasurer):
    requests.withdraw(contribution=contribution, reason="made twice", by=treasurer)
    receive(entry_xml("2500.00", structured=contribution.reference))
    assert the_match() is None


def test_a_reference_of_another_fund_is_not_known_here(receive, contribution, drenthe):
    other = make_reference(fund_id=drenthe.pk, employer_id=contribution.employer_id, number=1)
    receive(entry_xml("2500.00", structured=other))
    assert the_match() is None


def test_references_of_several_lengths_are_found():
    known = {"RF490010000120003": 1, make_reference(fund_id=1234, employer_id=9, number=1): 2}
    long = next(reference for reference, key in known.items() if key == 2)
    assert find_in_text(f"a {long} b", known) == {2}
    assert find_in_text("rf49 0010 0001 2000 3", known) == {1}


def test_an_account_that_pays_for_two_employers_is_ambiguous_only_when_both_fit(db):
    asked = [Asked(1, 10, "RF1", 500, 1), Asked(2, 20, "RF2", 700, 1)]
    matcher = Matcher(asked, {"NL20INGB0001234567": [10, 20]})

    class Entry:
        structured_reference = remittance = end_to_end_id = ""
        iban = "NL20INGB0001234567"
        amount_cents = 700

    assert matcher.settle(Entry()).shares[0].asked.id == 2
    assert matcher.settle(Entry()) is None
