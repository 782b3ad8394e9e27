"""Earmarked pools: their money goes to who matches, and what is left goes back to them."""

from datetime import timedelta

from allocation import rounds
from allocation.models import Award, Round
from allocation.rounds import returning
from budgetpool.fund import checks, ledger
from budgetpool.fund.models import Account
from budgetpool.money import to_cents
from tests.allocation.people import ask, euros
from tests.cast import draw, finish, lotto, make_worker
from tests.refusing import refuses
from tests.sharing import shared


@shared
def transport(rich_fund):
    """EUR 3,000 for people who work in transport (section H) only."""
    earmarked = ledger.open_account(
        fund=rich_fund,
        kind=Account.Kind.POOL,
        code="pool-transport",
        earmark_column="sector",
        earmark_equals="H",
    )
    bank = Account.objects.get(fund=rich_fund, code="bank")
    ledger.post(debit=bank, credit=earmarked, amount=300_000, reference="fill:h", memo="deposit")
    return earmarked


def draft_of(window, policy, chair, pools):
    return rounds.draft(
        window=window,
        policy=policy,
        ceiling=sum(pools.values(), euros(0)),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
        pools=pools,
    )


def test_pools_that_do_not_add_up_to_the_ceiling_are_refused(
    closed_window, policy, chair, pool, transport
):
    with refuses("pools_do_not_add_up"):
        rounds.draft(
            window=closed_window,
            policy=policy,
            ceiling=euros(2_000),
            reserve=euros(0),
            draw=lotto(closed_window),
            member=chair,
            pools={pool: euros(500), transport: euros(1_000)},
        )


def test_an_earmark_pays_its_own_people_and_gets_back_what_they_did_not_need(
    rich_fund, closed_window, policy, chair, second_signer, pool, transport, edition
):
    # EUR 1,800 for transport, EUR 600 for anybody; two people in transport, two in industry.
    pools = {pool: euros(600), transport: euros(1_800)}
    draft = draft_of(closed_window, policy, chair, pools)
    opened = rounds.open(round=draft, member=chair, at=closed_window.opens_at)
    people = [
        make_worker(f"Person {number}", rich_fund, sector=sector)
        for number, sector in enumerate("HHCC")
    ]
    asked = [ask(worker, closed_window, edition) for worker in people]
    rounds.close(round=opened, member=chair)
    draw(opened, chair, second_signer)
    scenario = rounds.compute(round=opened, name="Ours", member=chair)
    rounds.propose(
        round=opened, scenario=scenario, motivation="Best.", no_interest=True, member=chair
    )
    rounds.sign(round=opened, sha256=scenario.sha256, no_interest=True, member=second_signer)
    published = rounds.publish(round=opened, member=chair)
    # Both of transport from the earmark (EUR 1,200), one of industry from the general EUR 600.
    awarded = set(Award.objects.values_list("request_id", flat=True))
    assert {asked[0].pk, asked[1].pk} < awarded
    assert len(awarded) == 3
    long_ago = published.published_at - timedelta(days=80)
    Round.objects.filter(pk=published.pk).update(published_at=long_ago)
    Award.objects.update(status=Award.Status.ACCEPTED)
    finish(published, chair, second_signer)
    # EUR 600 of the earmark was not needed and goes back to it, not to everybody.
    assert ledger.balance_cents(transport) == 300_000 - 180_000 + 60_000
    assert ledger.balance_cents(pool) == 1_000_000 - 60_000
    assert all(outcome.ok for outcome in checks.check_ledger())


def test_money_of_earmarks_alone_goes_back_to_them_and_the_reserve_to_everybody(
    rich_fund, closed_window, policy, chair, pool, transport
):
    draft = rounds.draft(
        window=closed_window,
        policy=policy,
        ceiling=euros(1_800),
        reserve=euros(0),
        draw=lotto(closed_window),
        member=chair,
        pools={transport: euros(1_800)},
    )
    opened = rounds.open(round=draft, member=chair, at=closed_window.opens_at)
    ledger.post(
        debit=pool, credit=opened.reserve_account, amount=2_500, reference="more", memo="deposit"
    )
    [earmarked] = opened.pools.all()
    # What is more than the earmark gave has nowhere else to go.
    assert returning.shares(opened, [earmarked], 180_100) == [(earmarked, 180_100)]
    assert returning.shares(opened, [earmarked], 500) == [(earmarked, 500)]
    assert returning.everything(opened, chair) == 180_000 + 2_500
    assert ledger.balance_cents(transport) == 300_000
    assert ledger.balance_cents(pool) == 1_000_000
    earmarked.refresh_from_db()
    assert to_cents(earmarked.returned) == 180_000
    assert to_cents(opened.reserve_returned) == 2_500


def test_a_round_that_never_had_money_gives_nothing_back(draft, chair):
    assert returning.everything(draft, chair) == 0
