"""Earmarks: a pool with a rule, the limit of the board, and pledges that fill it."""

from datetime import date

import pytest

from allocation.rounds import snapshot
from budgetpool.fund.models import Account
from employers.models import DepositMatch
from employers.pledges import earmarking, promising, requests
from tests.bank.samples import entry_xml
from tests.refusing import refuses
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def transport(twente, chair):
    """EUR 15,000 a year may be earmarked for transport."""
    return earmarking.set_up(
        fund=twente,
        name="Transport",
        column="training_sector",
        equals="H",
        limit_cents=15_000_00,
        by=chair,
    )


def promise(employer, fund, by, euros, **terms):
    return promising.promise(
        employer=employer,
        fund=fund,
        by=by,
        kind="fixed",
        amount_cents=euros * 100,
        schedule="yearly",
        starts_on=date(2027, 1, 1),
        **terms,
    )


def test_an_earmark_is_a_pool_with_a_rule_that_rounds_know(transport):
    pool = transport.account
    assert (pool.kind, pool.earmark_column, pool.earmark_equals) == (
        Account.Kind.POOL,
        "training_sector",
        "H",
    )
    assert set(earmarking.RULES) <= set(snapshot.COLUMNS)
    assert earmarking.rule_text(transport).count(": ") == 1


def test_only_the_board_of_the_region_sets_an_earmark_and_its_limit(
    transport, twente, treasurer, chair_of_drenthe
):
    for somebody in (treasurer, chair_of_drenthe):
        with refuses("not_board"):
            earmarking.set_up(
                fund=twente, name="Care", column="sector", equals="Q", limit_cents=1, by=somebody
            )
        with refuses("not_board"):
            earmarking.set_limit(earmark=transport, limit_cents=99_000_00, by=somebody)


def test_a_rule_has_one_earmark_and_is_one_that_rounds_know(transport, twente, chair):
    with refuses("earmark_taken"):
        earmarking.set_up(
            fund=twente, name="More", column="training_sector", equals="H", limit_cents=1, by=chair
        )
    for column, equals in (("training_sector", "nowhere"), ("name", "Anna")):
        with refuses("unknown_earmark_rule"):
            earmarking.set_up(
                fund=twente, name="Odd", column=column, equals=equals, limit_cents=1, by=chair
            )


def test_a_part_is_earmarked_by_a_second_pledge_and_the_limit_holds(
    transport, employer, other_employer, twente, manager, other_manager, chair
):
    promise(employer, twente, manager, 20_000)
    promise(employer, twente, manager, 10_000, earmark=transport)
    with refuses("earmark_full"):
        promise(other_employer, twente, other_manager, 5_001, earmark=transport)
    promise(other_employer, twente, other_manager, 5_000, earmark=transport)
    (standing,) = earmarking.of_fund(twente)
    assert (standing.promised_cents, standing.room_cents) == (15_000_00, 0)
    with refuses("limit_below_promised"):
        earmarking.set_limit(earmark=transport, limit_cents=14_999_99, by=chair)
    raised = earmarking.set_limit(earmark=transport, limit_cents=16_000_00, by=chair)
    assert raised.limit_cents == 16_000_00


def test_what_is_paid_for_an_earmark_joins_its_pool_and_no_other(
    transport, employer, twente, manager, receive
):
    promise(employer, twente, manager, 10_000, earmark=transport)
    (asked,) = requests.ask_due(fund=twente, day=date(2027, 1, 4))
    receive(entry_xml("10000.00", structured=asked.reference))
    match = DepositMatch.objects.get()
    assert match.account == transport.account
    transport.account.refresh_from_db()
    assert transport.account.balance_cents == 10_000_00
    assert Account.objects.get(fund=twente, code="pool").balance_cents == 0
