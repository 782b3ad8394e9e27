"""What would have changed a refusal: each claim is tried by dividing the changed round again."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from allocation.optimiser import Allocation, Policy, Problem, allocate, files, verify
from allocation.optimiser.counterfactual import changes
from allocation.optimiser.inputs.problem import check
from tests.optimiser import folders
from tests.optimiser.examples import PAGE
from tests.optimiser.rounds import random_round

VARIANTS = ("plain", "pools", "solidarity", "dear", "two_awards", "parts", "board")
TRIED = {"points": 2, "amount_cents": 1}


@pytest.mark.parametrize(("seed", "variant"), list(enumerate(VARIANTS, start=11)))
def test_every_confirmed_change_of_a_random_round_turns_the_refusal_into_an_award(
    seed: int, variant: str
) -> None:
    problem = check(random_round(seed, workers=30, variant=variant))
    allocation = allocate(problem)
    # Ceilings have their own test: here the richer rounds stay what the round was.
    found = changes.changes(problem, allocation, divide=lambda richer: allocation)
    assert (found["points"] > 0).any()
    for kind, tried in TRIED.items():
        claimed = found[found[kind] > 0]
        for claim in claimed.sample(min(tried, len(claimed)), random_state=seed).itertuples():
            again = allocate(changed(problem, kind, claim))
            assert claim.request_id in served(problem, again, worker=kind == "points"), claim


def test_a_claimed_ceiling_is_one_at_which_the_round_was_divided_again() -> None:
    problem = check(random_round(5, workers=30, variant="pools"))
    found = changes.changes(problem, allocate(problem))
    claimed = found[found["ceiling_cents"] > 0]
    ceilings = sorted(claimed["ceiling_cents"].unique())
    old = problem.policy.ceiling_cents
    assert ceilings == [old * (100 + more) // 100 for more in changes.CEILING_PERCENT]
    policy = replace(problem.policy, ceiling_cents=int(ceilings[0]))
    pools = problem.pools.assign(amount_cents=problem.pools["amount_cents"] * 105 // 100)
    richer = allocate(replace(problem, policy=policy, pools=pools))
    first = set(claimed["request_id"][claimed["ceiling_cents"] == ceilings[0]])
    assert first <= served(problem, richer, worker=True)


def test_the_worked_example_of_the_page_can_be_checked_by_hand() -> None:
    """EUR 1,000; Bilal (45) and Cor (40) have it, Anna asks EUR 900 with 70 points.

    With 86 points Anna is worth more than the two together. For EUR 500 she would take Cor's place.
    """
    rows = [("Anna", 900, 70), ("Bilal", 500, 45), ("Cor", 500, 40), ("Emre", 2000, 90)]
    frame = pd.DataFrame(
        {
            "request_id": [name for name, _, _ in rows],
            "worker_id": [name for name, _, _ in rows],
            "choice": 1,
            "amount_cents": [100 * euros for _, euros, _ in rows],
            "points": [points for _, _, points in rows],
        }
    )
    policy = Policy.from_dict({"name": "hand", "seed": "s", "ceiling_cents": 100_000})
    problem = Problem(frame, policy)
    allocation = allocate(problem)
    found = changes.changes(problem, allocation).set_index("request_id")
    page = PAGE.read_text(encoding="utf-8")
    for name, euros, points in rows:
        award, told = "yes", ["", ""]
        if name in found.index:
            change = found.loc[name]
            award, told = "no", [change["points"] or "", change["amount_cents"] // 100 or ""]
        cells = [name, euros, points, award, *told]
        line = f"| {' | '.join(str(cell) for cell in cells)} |".replace("|  |", "| |")
        assert line.replace("|  |", "| |") in page
    assert found["points"].tolist() == [86, 0]


def test_many_more_points_than_anybody_has_are_not_claimed() -> None:
    frame = pd.DataFrame(
        [("Anna", 90_000, 10), ("Bilal", 50_000, 45), ("Cor", 50_000, 40)],
        columns=["request_id", "amount_cents", "points"],
    )
    frame = frame.assign(worker_id=frame["request_id"], choice=1)
    policy = Policy.from_dict({"name": "hand", "seed": "s", "ceiling_cents": 100_000})
    found = changes.changes(Problem(frame, policy), allocate(Problem(frame, policy)))
    assert found["points"].tolist() == [0]  # 86 would do, but nobody has more than 45


def test_a_lost_lot_needs_one_point_more() -> None:
    frame = pd.DataFrame(
        {
            "request_id": ["a", "b", "c", "d"],
            "worker_id": ["a", "b", "c", "d"],
            "choice": 1,
            "amount_cents": 50_000,
            "points": [40, 40, 40, 60],
            "draw": [7, 3, 5, 1],
        }
    )
    policy = Policy.from_dict({"name": "lots", "seed": "s", "ceiling_cents": 150_000})
    problem = Problem(frame, policy)
    found = changes.changes(problem, allocate(problem))
    assert found[["request_id", "points"]].to_numpy().tolist() == [["a", 41]]


REACH = {"points": 60, "amount_cents": 50_000, "limit": "money"}


def out_of_reach() -> Problem:
    """EUR 1,000; Bilal, Cor and Dewi ask EUR 500 each, Anna EUR 1,000 with far fewer points.

    With the 60 points that are the most Anna is worth less than two of them, and for EUR 500 less
    than any of them.
    """
    rows = [("Anna", 1000, 10), ("Bilal", 500, 50), ("Cor", 500, 60), ("Dewi", 500, 40)]
    frame = pd.DataFrame(
        [(name, name, 1, 100 * euros, points) for name, euros, points in rows],
        columns=["request_id", "worker_id", "choice", "amount_cents", "points"],
    )
    policy = Policy.from_dict({"name": "reach", "seed": "s", "ceiling_cents": 100_000})
    return Problem(frame, policy)


def test_nothing_in_reach_is_proven_and_dividing_again_agrees() -> None:
    problem = out_of_reach()
    [found, _] = changes.changes(problem, allocate(problem), most_points=60).to_dict("records")
    assert changes.facts(found)["out_of_reach"] == REACH
    for column, number in (("points", 60), ("amount_cents", 50_000), ("amount_cents", 99_999)):
        other = problem.requests.copy()
        other.loc[0, column] = number
        again = allocate(replace(problem, requests=other))
        assert again.decisions["awarded"].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("who", "claim", "fine"),
    [
        ("Anna", REACH, True),
        ("Anna", REACH | {"points": 59}, False),  # somebody has more
        ("Anna", REACH | {"points": 10**6}, False),  # with so many it would be awarded
        ("Anna", REACH | {"amount_cents": 99_999}, False),  # less was in reach
        ("Anna", REACH | {"limit": "edition"}, False),
        ("Anna", {"points": 60}, False),
        ("Anna", "nothing", False),
        ("Dewi", REACH | {"amount_cents": 25_000}, False),  # 51 points would do
        ("Cor", REACH | {"amount_cents": 25_000}, False),  # has the training
    ],
)
def test_a_verifier_proves_what_is_out_of_reach_anew(who, claim, fine, tmp_path) -> None:
    problem = out_of_reach()
    allocation = allocate(problem)
    decisions = allocation.decisions.copy()
    at = decisions.index[decisions["request_id"] == who][0]
    params = json.loads(decisions.loc[at, "reason_params"]) | {"out_of_reach": claim}
    decisions.loc[at, "reason_params"] = json.dumps(params)
    folder = folders.write(problem, tmp_path / "in")
    files.write(replace(allocation, decisions=decisions), tmp_path / "out")
    codes = [finding.code for finding in verify.verify(folder, tmp_path / "out")]
    assert codes == ([] if fine else ["reason_differs"])


@pytest.fixture(scope="module")
def found(divided: tuple[Problem, Allocation]) -> pd.DataFrame:
    return changes.changes(*divided)


def test_finding_them_twice_gives_the_same(
    divided: tuple[Problem, Allocation], found: pd.DataFrame
) -> None:
    problem, _allocation = divided
    rows = problem.requests.sample(frac=1, random_state=3)
    moved = replace(problem, requests=rows.reset_index(drop=True))
    again = changes.changes(moved, allocate(moved))
    pd.testing.assert_frame_equal(
        found.sort_values("request_id", ignore_index=True),
        again.sort_values("request_id", ignore_index=True),
    )


def test_points_that_only_the_prices_suggest_are_not_told() -> None:
    params = {"points": 70, "needed": 86}
    confirmed = {"would_change": {"points": 87, "amount_cents": 130_500}}
    assert changes.told(params, confirmed) == {
        "points": 70,
        "needed": 87,
        "would_change": {"points": 87, "amount_cents": 130_500},
    }
    assert changes.told(params, {}) == {"points": 70}


def test_what_was_confirmed_stands_among_the_parameters_of_the_refusal(
    divided: tuple[Problem, Allocation], found: pd.DataFrame
) -> None:
    _problem, allocation = divided
    told = changes.explained(allocation, found).decisions
    params = dict(zip(told["request_id"], map(json.loads, told["reason_params"]), strict=True))
    for row in found.to_dict("records"):
        said = params[row["request_id"]].get("would_change", {})
        assert said == {
            kind: row[kind] for kind in ("points", "amount_cents", "ceiling_cents") if row[kind]
        }
    awarded = told["request_id"][told["awarded"] == 1]
    assert not any("would_change" in params[name] for name in awarded)


@pytest.fixture(scope="module")
def divided() -> tuple[Problem, Allocation]:
    problem = check(random_round(3, workers=40))
    return problem, allocate(problem)


def changed(problem: Problem, kind: str, claim) -> Problem:
    requests = problem.requests.copy()
    mine = requests["request_id"] == claim.request_id
    if kind == "points":
        mine = requests["worker_id"] == requests.loc[mine, "worker_id"].iloc[0]
    requests.loc[mine, kind] = getattr(claim, kind)
    return replace(problem, requests=requests)


def served(problem: Problem, allocation: Allocation, *, worker: bool) -> set[str]:
    """Awarded requests; with `worker`, all requests of workers with an award."""
    decisions = allocation.decisions
    awarded = (decisions["awarded"] == 1).to_numpy()
    if worker:
        workers = problem.requests["worker_id"]
        awarded = workers.isin(workers[awarded]).to_numpy()
    return set(problem.requests["request_id"][awarded])
