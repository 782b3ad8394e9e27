"""Who was refused for lack of money often enough goes first: counted, divided, told, and paid."""

import csv
import io

import pytest

from allocation import rounds
from allocation.models import Decision
from allocation.optimiser import Policy as Rule
from allocation.rounds import record, scenarios
from allocation.rules import policies, waiting_credit
from budgetpool.mail import reasons
from budgetpool.portals.board.forms import ComputeForm
from budgetpool.portals.board.policy_forms import PolicyForm, initial
from budgetpool.portals.components import divisions
from budgetpool.portals.components.policy import levers
from tests.allocation.people import ask, euros
from tests.cast import draw, lotto, make_window, make_worker
from tests.refusing import refuses

WAITING = {"column": "refused_for_money", "bound": 1}


@pytest.fixture
def second(published, policy, rich_fund, edition, chair, second_signer):
    """Round 2027-2: EUR 600 for one of two, of whom Tara was refused and Nora has more points."""
    rule = policies.new_version(
        fund=rich_fund, name="Rule", rules={**policy.rules, "waiting": WAITING}, member=chair
    )
    window = make_window(rich_fund, "2027-2", opens=-5, closes=-1)
    draft = rounds.draft(
        window=window,
        policy=rule,
        ceiling=euros(600),
        reserve=euros(0),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at)
    tara = Decision.objects.get(round=published, request__worker__name="Trained Tara")
    assert tara.reason == Decision.Reason.BELOW_CUTOFF
    ask(tara.request.worker, window, edition)
    ask(make_worker("New Nora", rich_fund), window, edition)
    return draw(rounds.close(round=opened, member=chair), chair, second_signer)


def served(scenario):
    decided = {outcome.request: outcome for outcome in record.outcomes(scenario)}
    requests = scenario.round.window.requests.filter(pk__in=decided).select_related("worker")
    return {row.worker.name for row in requests if decided[row.pk].awarded}


def test_who_was_refused_for_money_goes_first_and_the_price_stands_beside_it(second, chair):
    rows = list(csv.DictReader(io.StringIO(second.snapshot.requests_csv)))
    assert sorted(row["refused_for_money"] for row in rows) == ["0", "1"]
    ours = rounds.compute(round=second, name="With the rule", member=chair)
    never = rounds.compute(round=second, name="Without", member=chair, variation={"waiting": None})
    assert (ours.verified, never.verified) == (True, True)
    assert (served(ours), served(never)) == ({"Trained Tara"}, {"New Nora"})
    assert ours.result["waiting"] == [{"rounds": 1, "people": 1, "served": 1}]
    value = {s.pk: s.measures["numbers"]["value"] for s in (ours, never)}
    assert value[ours.pk] < value[never.pk], "both by the points of the round's own rule"
    table = divisions.comparison(divisions.of_round(second))
    place = [str(column.name) for column in table.columns].index(
        "Wie te lang wachtte en nu aan de beurt is"
    )
    assert [row[place] for row in table.rows] == ["1 van 1", "–"]
    tara = next(outcome for outcome in record.outcomes(ours) if outcome.awarded)
    assert tara.params["waited"] == 1
    words = reasons.why(tara.reason, tara.params)
    assert words == ["Je kreeg 1 keer nee omdat er te weinig geld was. Daarom ging je nu voor."]


def test_an_award_sets_the_number_back(published, rich_fund):
    counted = waiting_credit.refused_for_money(fund=rich_fund)
    winners = Decision.objects.filter(round=published, awarded=True)
    refused = Decision.objects.filter(round=published, awarded=False)
    assert set(counted) == set(refused.values_list("request__worker_id", flat=True))
    assert not set(counted) & set(winners.values_list("request__worker_id", flat=True))
    assert waiting_credit.refused_for_money(fund=rich_fund, before=published) == {}


@pytest.mark.parametrize(
    ("reason", "choices", "counts"),
    [
        ("below_cutoff", ["below_cutoff"], True),
        ("lot_lost", ["lot_lost"], True),
        ("edition_full", ["edition_full"], False),
        ("edition_full", ["edition_full", "below_cutoff"], True),
        ("cap_reached", ["cap_reached", "amount_too_large"], False),
        ("withheld_by_board", ["below_cutoff"], False),
        ("below_cutoff", [], True),
    ],
)
def test_a_refusal_counts_where_nothing_but_money_stood_in_the_way(reason, choices, counts):
    params = {"choices": [{"choice": n, "reason": r} for n, r in enumerate(choices, start=1)]}
    assert waiting_credit._lacked_money(reason, params) is counts


def test_a_round_from_before_the_count_refuses_the_rule(second, chair):
    frozen = second.snapshot
    frozen.requests_csv = frozen.requests_csv.replace("refused_for_money", "something_else", 1)
    with refuses("rules_invalid"):
        scenarios._check(second, "With the rule", "optimiser", {"waiting": WAITING})


def test_the_lever_reads_and_writes_the_clause_and_is_off_where_it_is_empty(policy):
    start = initial(policy.rules)
    assert start["waiting_rounds"] == ""
    data = {**start, "name": "Rule", "explanation": ""}
    for typed, clause in (("", None), ("3", {"column": "refused_for_money", "bound": 3})):
        form = PolicyForm({**data, "waiting_rounds": typed})
        assert form.is_valid(), form.errors
        assert form.rules().get("waiting") == clause
        Rule.from_dict({**form.rules(), "name": "r", "seed": "s", "ceiling_cents": 0})
        names = [lever.name for lever in levers(form.rules())]
        assert ("Niemand wacht eindeloos" in names) is (clause is not None)
    assert initial({"waiting": {"bound": 3}})["waiting_rounds"] == 3
    for typed in ("0", "21", "two"):
        assert "waiting_rounds" in PolicyForm({**data, "waiting_rounds": typed}).errors


@pytest.mark.parametrize(
    ("typed", "changed"), [("", {}), ("0", {"waiting": None}), ("2", {"waiting": 2})]
)
def test_a_scenario_may_have_the_rule_or_not(typed, changed):
    form = ComputeForm({"rule": "optimiser", "name": "n", "fairness": "", "waiting": typed})
    assert form.is_valid(), form.errors
    found = form.variation()
    if found.get("waiting"):
        assert found["waiting"] == {"column": "refused_for_money", "bound": changed["waiting"]}
    else:
        assert found == changed
