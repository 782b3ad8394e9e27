"""One table says which steps need two people and who may be the second."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from budgetpool.fund import second_person
from employers.deposits import refunds
from employers.models import Deposit
from tests.access.matrix import BOARD, BOARD_PAGES, TREASURER_PAGES
from tests.cast import signed_in
from tests.payouts.conftest import statement
from tests.refusing import refuses

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def test_the_page_about_security_lists_every_step_and_its_second_person():
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", PAGE.read_text("utf-8"), re.M)
    with translation.override("en"):
        assert rows == [
            (code, str(step.words), ", ".join(step.first), ", ".join(step.second))
            for code, step in second_person.STEPS.items()
        ]


# The page on which the second person says yes.
DOORS = {
    "opening": "treasurer-bank",
    "unproven_file": "treasurer-held-file",
    "charge": "treasurer-charges",
    "refund": "treasurer-charges",
    "payee": "treasurer-payee",
    "batch": "treasurer-batch",
    "write_off": "treasurer-recovery",
    "close_month": "treasurer-periods",
    "reopen_month": "treasurer-periods",
    "admission": "treasurer-programs",
    "seat": "board-seat-change",
}


def test_whoever_may_be_the_second_may_open_the_page_and_send_it():
    """A rule that no page lets anybody follow is a deadlock: the matrix tells who may open what."""
    rows = {row.url: row for row in (*TREASURER_PAGES, *BOARD_PAGES)}
    assert DOORS.keys() == second_person.STEPS.keys()
    for step, door in DOORS.items():
        row = rows[door]
        assert set(BOARD) <= set(row.opens_to), step
        assert row.post is not None, step


# A seat is asked by the board or an administrator: see `test_seat_changes.py`.
@pytest.mark.parametrize("step", [step for step in second_person.STEPS if step != "seat"])
@pytest.mark.django_db
def test_a_fund_with_one_treasurer_can_do_every_step(step, twente, treasurer, chair, stranger):
    second_person.require_first(step, by=treasurer, fund=twente)
    second_person.require_second(step, by=chair, fund=twente, first=treasurer.pk)
    with refuses("same_person"):
        second_person.require_second(step, by=treasurer, fund=twente, first=treasurer.pk)
    for nobody in (chair, stranger):
        with refuses("not_treasurer"):
            second_person.require_first(step, by=nobody, fund=twente)
    with refuses("not_second"):
        second_person.require_second(step, by=stranger, fund=twente, first=treasurer.pk)


@pytest.mark.django_db
def test_the_board_approves_a_refund_where_there_is_one_treasurer(fund_iban, treasurer, chair):
    """The demo's fund has one treasurer, and a refund waited for ever."""
    statement(fund_iban, (5_000, "", {"name": "Bakker", "iban": "NL20INGB0001234567"}))
    refund = refunds.ask(deposit=Deposit.objects.get(), reason="Twice", by=treasurer)
    address = reverse("treasurer-charges", args=["twente"])
    for person, is_approved in ((treasurer, False), (chair, True)):
        signed_in(person).post(address, {"verb": f"refund-{refund.pk}"})
        refund.refresh_from_db()
        assert (refund.approved_by == person) == is_approved
