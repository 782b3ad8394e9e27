"""Earmarks, bank costs, drop-outs and exclusions, through their pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.models import Exclusion, ProviderDropout, Replacement, Round
from allocation.payouts import replacing, tasks
from budgetpool.fund import ledger
from budgetpool.fund.models import Seat
from budgetpool.jobs.models import Job
from employers.models import Charge, Earmark
from employers.pledges import earmarking
from tests.cast import seat, signed_in
from tests.payouts.conftest import *  # noqa: F403
from tests.payouts.conftest import statement
from tests.sharing import shared

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"treasurer-{name}", args=["twente", *args])


def text(answer):
    return answer.content.decode()


def day(days):
    return (timezone.localdate() + timedelta(days=days)).strftime("%d-%m-%Y")


def test_the_board_sets_up_an_earmark_and_the_treasurer_sees_it(twente, chair, treasurer):
    board, desk = signed_in(chair), signed_in(treasurer)
    answer = board.post(
        url("earmark-new"), {"name": "Vervoer", "rule": "training_sector:H", "limit": "15.000"}
    )
    earmark = Earmark.objects.get()
    assert answer.url == url("earmark", earmark.pk)
    assert earmark.limit_cents == 1_500_000
    assert "15.000,00" in text(desk.get(url("earmarks")))
    assert url("earmark-new") not in text(desk.get(url("earmarks")))
    assert desk.post(url("earmark-limit", earmark.pk), {"limit": "99"}).status_code == 403
    assert board.post(url("earmark-limit", earmark.pk), {"limit": "20.000"}).status_code == 302
    earmark.refresh_from_db()
    assert earmark.limit_cents == 2_000_000
    twice = board.post(
        url("earmark-new"), {"name": "Nog een", "rule": "training_sector:H", "limit": "1"}
    )
    assert twice.status_code == 422


def test_bank_costs_are_entered_by_the_treasurer_and_approved_by_the_board(
    main_iban, pool, chair, treasurer
):
    (line,) = statement(main_iban, (-1_250, "", {"name": "Bank"}))
    before = ledger.balance_cents(pool)
    desk, board = signed_in(treasurer), signed_in(chair)
    assert "12,50" in text(desk.get(url("line", line.pk)))
    desk.post(url("line", line.pk), {"verb": "say", "part-part": "costs", "part-reason": "Kosten"})
    charge = Charge.objects.get()
    assert url("charges") in text(desk.get(url("home")))
    desk.post(url("charges"), {"verb": f"approve-{charge.pk}"})
    charge.refresh_from_db()
    assert charge.approved_at is None
    board.post(url("charges"), {"verb": f"approve-{charge.pk}"})
    assert ledger.balance_cents(pool) == before - 1_250


def test_a_line_of_another_region_is_no_choice(main_iban, treasurer_of_drenthe, drenthe):
    (line,) = statement(main_iban, (-1_250, "", {"name": "Bank"}))
    other = signed_in(treasurer_of_drenthe)
    for region in (drenthe.region.slug, "twente"):
        answer = other.post(
            reverse("treasurer-line", args=[region, line.pk]),
            {"verb": "say", "part-part": "costs", "part-reason": "Costs"},
        )
        assert answer.status_code == 404
    assert not Charge.objects.exists()


def test_a_drop_out_is_looked_at_before_it_touches_anybody(award, school, treasurer):
    desk = signed_in(treasurer)
    facts = {"provider": school.provider.pk, "reason": "Expelled", "choose_by": day(21)}
    looked = desk.post(url("dropouts"), {"verb": "look", **facts})
    assert looked.status_code == 200
    assert not ProviderDropout.objects.exists()
    assert 'value="open"' in text(looked)
    asked = desk.post(url("dropouts"), {"verb": "open", **facts})
    made = desk.get(asked.url)
    dropout = ProviderDropout.objects.get()
    assert made.url == url("dropout", dropout.pk)
    assert Replacement.objects.get().award == award
    page = text(desk.get(made.url))
    assert award.request.reference in page
    assert award.request.worker.name not in page
    assert replacing.of_fund(school.fund).get().people_count == 1


@shared
def waiting_dropout(school, treasurer):
    return Job.objects.create(
        key=f"{tasks.prefix(school.fund)}{school.provider_id}",
        requested_by=treasurer,
        arguments={
            "fund": school.fund_id,
            "provider": school.provider_id,
            "reason": "Expelled",
            "choose_by": "2027-03-01",
        },
    )


def test_a_drop_out_that_waits_is_shown_and_can_be_stopped(waiting_dropout, treasurer):
    desk, here = signed_in(treasurer), url("dropout-work", waiting_dropout.pk)
    page = text(desk.get(here))
    assert "wacht op zijn beurt" in page
    assert "data-again" in page
    assert here in text(desk.get(url("dropouts")))
    assert desk.post(here, {"verb": "stop"}).url == here
    assert desk.get(here).url == url("dropouts")
    assert "Het is gestopt" in text(desk.get(url("dropouts")))


def test_a_drop_out_that_runs_shows_how_many_people_and_cannot_be_stopped_half_way(
    waiting_dropout, treasurer
):
    desk, here = signed_in(treasurer), url("dropout-work", waiting_dropout.pk)
    waiting_dropout.state, waiting_dropout.started_at = Job.State.RUNNING, timezone.now()
    waiting_dropout.progress = {"people": 3348}
    waiting_dropout.save()
    page = text(desk.get(here))
    assert "3.348" in page
    assert 'value="stop"' not in page


def test_a_drop_out_that_was_refused_says_why_in_words(waiting_dropout, treasurer):
    waiting_dropout.state, waiting_dropout.finished_at = Job.State.FAILED, timezone.now()
    waiting_dropout.result = {"code": "payments_at_bank", "params": {"payouts": [1]}}
    waiting_dropout.save()
    assert "is bij de bank" in text(signed_in(treasurer).get(url("dropouts")))


def test_the_work_of_another_region_is_not_found(waiting_dropout, twente, drenthe):
    desk = signed_in(seat("Tessa Treasurer", drenthe, Seat.Role.TREASURER))
    for region in ("twente", "drenthe"):
        address = reverse("treasurer-dropout-work", args=[region, waiting_dropout.pk])
        assert desk.get(address).status_code == 404


def test_a_provider_and_a_worker_are_excluded_and_the_term_is_ended(award, school, treasurer):
    desk = signed_in(treasurer)
    desk.post(
        url("exclusions"),
        {
            "verb": "provider",
            "provider-provider": school.provider.pk,
            "provider-until": day(200),
            "provider-reason": "False invoices",
        },
    )
    desk.post(
        url("exclusions"),
        {
            "verb": "worker",
            "worker-reference": award.request.reference,
            "worker-until": day(200),
            "worker-reason": "Never came",
        },
    )
    of_worker, of_provider = Exclusion.objects.order_by("-pk")
    assert {of_worker.worker, of_provider.provider} == {award.request.worker, school.provider}
    listed = text(desk.get(url("exclusions")))
    assert award.request.reference in listed
    assert award.request.worker.name not in listed
    desk.post(url("exclusion", of_provider.pk), {"verb": "lift", "reason": "A mistake"})
    of_provider.refresh_from_db()
    assert of_provider.lifted_at is not None


def test_an_exclusion_of_more_than_two_years_is_refused_with_the_last_day(award, treasurer):
    answer = signed_in(treasurer).post(
        url("exclusions"),
        {
            "verb": "worker",
            "worker-reference": award.request.reference,
            "worker-until": day(900),
            "worker-reason": "Never came",
        },
    )
    assert answer.status_code == 422
    assert not Exclusion.objects.exists()


def test_hundreds_of_awards_are_one_line_of_the_trial_balance(award, make_award, treasurer):
    make_award("Wanda Worker")
    page = text(signed_in(treasurer).get(url("books", timezone.localdate().year)))
    assert "2 toekenningen samen" in page
    assert award.account.code not in page


def test_a_round_takes_an_amount_from_an_earmark_and_the_rest_from_the_general_pool(
    rich_fund, policy, chair
):
    earmark = earmarking.set_up(
        fund=rich_fund,
        name="Vervoer",
        column="training_sector",
        equals="H",
        limit_cents=1_000_000,
        by=chair,
    )
    facts = {
        "code": "2027-9",
        "first_day": day(5),
        "last_day": day(20),
        "reserve": "0",
        "policy": policy.pk,
        "seed_source": "Lotto",
        "draw_on": day(21),
        "draw_count": "6",
        "draw_lowest": "1",
        "draw_highest": "45",
        "draw_order": "sorted",
        f"earmark_{earmark.pk}": "400",
    }
    board = signed_in(chair)
    too_much = board.post(reverse("board-round-new", args=["twente"]), {**facts, "ceiling": "300"})
    assert not Round.objects.exists()
    assert "bestemmingen leggen meer in" in text(too_much)
    board.post(reverse("board-round-new", args=["twente"]), {**facts, "ceiling": "1.000"})
    round = Round.objects.get()
    put_in = {pool.account.code: pool.amount.amount for pool in round.pools.all()}
    assert put_in == {earmark.account.code: 400, "pool": 600}
    change = reverse("board-round-change", args=["twente", "2027-9"])
    assert 'value="400"' in text(board.get(change))
    board.post(change, {**facts, "ceiling": "900", f"earmark_{earmark.pk}": ""})
    assert [pool.amount.amount for pool in round.pools.all()] == [900]
