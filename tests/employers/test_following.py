"""An employer sees of each euro that it sent where it is now."""

import pytest
from django.urls import reverse

from budgetpool.bank.models import BankEntry
from employers import following
from employers.deposits import desk, refunds
from employers.models import EmployerIban
from tests.bank.samples import entry_xml
from tests.cast import make_employer, signed_in

pytestmark = pytest.mark.django_db
OWN = "NL20INGB0001234567"


def states(employer):
    return [(part.state, part.amount_cents, part.reason) for part in following.of(employer)]


def page(viewer, employer):
    return (
        signed_in(viewer)
        .get(reverse("employer:payments", args=[employer.pk]))
        .content.decode()
        .replace("\xa0", " ")
    )


def test_what_came_in_is_followed_into_the_pool_and_back(
    contribution, employer, viewer, receive, treasurer, second_treasurer
):
    receive(entry_xml("2500.00", structured=contribution.reference, iban=OWN), id="1")
    receive(entry_xml("30.00", date="2027-01-06", remittance="oeps", iban=OWN), id="2")
    assert states(employer) == [("waits", 30_00, ""), ("in_pool", 2500_00, "")]
    shown = page(viewer, employer)
    assert "de penningmeester kijkt" in shown
    assert "In de pot" in shown

    wrong = BankEntry.objects.get(amount_cents=30_00).deposit
    refund = refunds.ask(deposit=wrong, reason="Twee keer betaald", by=treasurer)
    refunds.approve(refund=refund, by=second_treasurer)
    assert states(employer)[0] == ("goes_back", 30_00, "Twee keer betaald")
    assert "Het gaat naar je terug. Waarom: Twee keer betaald" in page(viewer, employer)
    receive(entry_xml("30.00", "DBIT", date="2027-01-08", iban=OWN, remittance="terug"), id="3")
    assert states(employer)[0] == ("went_back", 30_00, "Twee keer betaald")
    assert "op 8 januari 2027 naar je teruggegaan" in page(viewer, employer)


def test_a_part_for_somebody_else_and_what_is_left_are_told_apart(
    contribution, employer, receive, treasurer
):
    receive(entry_xml("100.00", remittance="x", iban="NL39RABO0300065264"))
    deposit = BankEntry.objects.get().deposit
    assert states(employer) == []
    desk.match_by_hand(
        deposit=deposit,
        employer=make_employer("Ander", "90000033"),
        amount_cents=40_00,
        by=treasurer,
    )
    match = desk.match_by_hand(
        deposit=deposit, contribution=contribution, amount_cents=25_00, by=treasurer
    )
    assert states(employer) == [("in_pool", 25_00, "")]
    desk.undo_match(match=match, reason="Wrong", by=treasurer)
    assert states(employer) == []
    refunds.ask(deposit=deposit, reason="Of nobody here", by=treasurer, amount_cents=60_00)
    assert states(employer) == []


def test_an_account_that_two_employers_named_shows_nothing_of_the_other(
    contribution, employer, receive
):
    other = make_employer("Ander", "90000033")
    assert list(employer.ibans.values_list("iban", flat=True)) == [OWN]
    EmployerIban.objects.create(employer=other, iban=OWN)
    receive(entry_xml("31.00", remittance="x", iban=OWN))
    assert (states(employer), states(other)) == ([], [])


def test_the_page_asks_as_often_for_many_deposits(
    contribution, employer, viewer, receive, django_assert_max_num_queries
):
    receive(*(entry_xml(f"{n}.00", remittance=f"x{n}", iban=OWN) for n in range(1, 40)))
    with django_assert_max_num_queries(4):
        assert len(following.of(employer)) == 39
