"""Plan a round: days that are still to come, which the draft can change."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from allocation import rounds
from allocation.models import Round
from budgetpool.fund import checks, ledger
from tests.allocation.people import ask, euros
from tests.cast import cancel, lotto, make_window, make_worker
from tests.refusing import refuses
from workers.models import Window


def span(opens, closes):
    now = timezone.now()
    return now + timedelta(days=opens), now + timedelta(days=closes)


def plan(fund, policy, chair, *, opens, closes, code="2027-2"):
    window = Window(opens_at=span(opens, closes)[0], closes_at=span(opens, closes)[1])
    return rounds.plan(
        fund=fund,
        code=code,
        span=span(opens, closes),
        policy=policy,
        ceiling=euros(100),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
    )


@pytest.mark.parametrize("opens", [-9, -1, 0])
def test_a_round_starts_tomorrow_at_the_earliest(rich_fund, policy, chair, opens):
    with refuses("starts_in_the_past"):
        plan(rich_fund, policy, chair, opens=opens, closes=9)
    assert not Window.objects.exists()
    planned = plan(rich_fund, policy, chair, opens=1, closes=9)
    with refuses("starts_in_the_past"):
        rounds.change(round=planned, member=chair, span=span(opens, 9))


def test_a_draft_whose_days_went_by_gets_other_days_and_opens(draft, chair):
    later = span(1, 9)
    window = Window(opens_at=later[0], closes_at=later[1])
    rounds.change(round=draft, member=chair, span=later, draw=lotto(window))
    opened = rounds.open(round=draft, member=chair)
    assert (opened.window.opens_at, opened.status) == (later[0], Round.Status.OPEN)


def test_a_cancelled_round_leaves_its_name_to_a_new_one(
    opened, rich_fund, policy, chair, second_signer, pool
):
    first = cancel(opened, chair, second_signer)
    assert (first.code, first.window.code) == ("2027-1-x1", "2027-1-x1")
    for number in (2, 3):
        again = plan(rich_fund, policy, chair, opens=1, closes=9, code="2027-1")
        again = rounds.open(round=again, member=chair)
        assert ledger.balance_cents(again.account) == 10_000
        assert cancel(again, chair, second_signer).code == f"2027-1-x{number}"
    assert ledger.balance_cents(pool) == 1_000_000
    assert all(outcome.ok for outcome in checks.check_ledger())


def test_days_in_which_somebody_asked_stay(draft, chair, edition):
    ask(make_worker("Ann", draft.fund), draft.window, edition)
    with refuses("window_used"):
        rounds.change(round=draft, member=chair, span=span(1, 9), draw=lotto(draft.window))


def test_other_days_need_a_draw_after_them(rich_fund, policy, chair):
    planned = plan(rich_fund, policy, chair, opens=1, closes=9)
    with refuses("draw_before_end"):
        rounds.change(round=planned, member=chair, span=span(1, 30))


def test_a_window_and_its_round_are_made_both_or_neither(rich_fund, policy, chair):
    make_window(rich_fund, "2027-2", opens=1, closes=2)
    with pytest.raises(ValidationError, match="bestaat al"):
        plan(rich_fund, policy, chair, opens=1, closes=9)
    assert not Round.objects.exists()
