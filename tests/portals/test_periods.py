"""The page of closed months: what hinders, who asks, who approves."""

import re

import pytest
from django.urls import reverse

from budgetpool.fund import closed_months, funds, ledger, periods
from budgetpool.fund.models import Account, PeriodStep
from tests.cast import signed_in
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def page(twente):
    funds.open_fund(region=twente.region, name=twente.name)
    return reverse("treasurer-periods", args=[twente.region.slug])


@shared
def until(twente):
    return periods.can_close(twente)


def text(browser, page):
    answer = browser.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_treasurer_asks_and_the_board_approves_and_opens_again(
    page, twente, until, treasurer, chair
):
    desk, board = signed_in(treasurer), signed_in(chair)
    assert "Vraag om af te sluiten" in text(desk, page)
    assert "Vraag om af te sluiten" not in text(board, page)
    desk.post(page, {"verb": "close"})
    step = PeriodStep.objects.get()
    desk.post(page, {"verb": f"approve-{step.pk}"})
    assert closed_months.closed_until(twente.pk) is None  # not the same person
    board.post(page, {"verb": f"approve-{step.pk}"})
    assert closed_months.closed_until(twente.pk) == until
    assert "is afgesloten" in text(board, page)
    assert desk.post(page, {"verb": "reopen", "reason": ""}).status_code == 422
    desk.post(page, {"verb": "reopen", "reason": "De accountant vraagt het"})
    board.post(page, {"verb": f"approve-{PeriodStep.objects.latest('pk').pk}"})
    assert closed_months.closed_until(twente.pk) is None
    assert "De accountant vraagt het" in text(desk, page)


def test_the_page_says_what_hinders_a_month(page, twente, until, treasurer):
    bank = funds.add_iban(fund=twente, iban="NL91ABNA0417164300", holder_name="Fonds").account
    pool = Account.objects.get(fund=twente, code="pool")
    ledger.post(
        debit=bank, credit=pool, amount=5, reference="fill", memo="deposit", value_date=until
    )
    desk = signed_in(treasurer)
    assert "bewijst" in text(desk, page)  # no statement proves that day
    hinders = text(desk, page).partition("Wat in de weg staat")[2]
    assert not re.search(r"\w+=\w|_\w+:", re.sub(r"<[^>]*>", "", hinders)), "words, no codes"
    assert "Vraag om af te sluiten" not in text(desk, page)
    desk.post(page, {"verb": "close"})
    assert not PeriodStep.objects.exists()


def test_nobody_decides_about_another_fund(page, twente, until, treasurer, chair_of_drenthe):
    step = periods.ask_to_close(fund=twente, until=until, by=treasurer)
    stranger = signed_in(chair_of_drenthe)
    assert stranger.post(page, {"verb": f"approve-{step.pk}"}).status_code in (403, 404)
    elsewhere = reverse("treasurer-periods", args=["drenthe"])
    assert stranger.post(elsewhere, {"verb": f"approve-{step.pk}"}).status_code == 404
    for nobody in ("approve-", "approve-x", "withdraw-999999"):
        assert signed_in(treasurer).post(page, {"verb": nobody}).status_code == 404
