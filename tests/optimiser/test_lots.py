"""Lots decide between all divisions that are equally good, and nothing else does."""

import itertools
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from scipy import stats

from allocation.optimiser import Policy, Problem, allocate
from allocation.optimiser.backend import Backend
from allocation.optimiser.inputs.problem import check
from allocation.optimiser.model import build
from allocation.optimiser.results import lots
from allocation.optimiser.stages import by_lot, order
from tests.optimiser import featured
from tests.optimiser.test_bar import with_lots

BACKEND = Backend("highs", 60.0)


def winners(problem: Problem) -> set[str]:
    """Who gets an award, solved in this process; one choice and one award per worker."""
    problem = check(problem)
    model, book = build.build(problem)
    outcome = order.solve(model, BACKEND, lambda event: None)
    option, place = lots.deal(
        awards=outcome.x,
        class_of_option=model.option_class,
        class_size=model.size,
        class_start=book.start,
    )
    assert len(option) == outcome.x.sum()
    return set(book.worker_id[book.members[place]])


def unlike(draw: list[int]) -> Problem:
    """Three people want e1, one wants e2; same price and points, nine seats, money for two."""
    frame = pd.DataFrame(
        {
            "request_id": ["a", "b", "c", "d"],
            "worker_id": ["a", "b", "c", "d"],
            "choice": 1,
            "amount_cents": 50_000,
            "points": 40,
            "edition_id": ["e1", "e1", "e1", "e2"],
            "draw": draw,
        }
    )
    policy = Policy.from_dict({"name": "unlike", "seed": "s", "ceiling_cents": 100_000})
    editions = pd.DataFrame({"edition_id": ["e1", "e2"], "seats": [9, 9]})
    return Problem(frame, policy, editions=editions)


@pytest.mark.parametrize("draw", list(itertools.permutations([1, 2, 3, 4])))
def test_the_two_lowest_lots_win_whatever_they_ask_for(draw):
    lowest = {name for name, lot in zip("abcd", draw, strict=True) if lot <= 2}
    assert winners(unlike(list(draw))) == lowest


@pytest.mark.parametrize("draw", list(itertools.permutations([1, 2, 3])))
def test_the_lowest_lot_gets_the_first_choice_that_two_compete_for(draw):
    """Each wants the one seat of e1 first, e2 second: one gets each, one nothing."""
    rows = [
        {
            "request_id": f"{name}{choice}",
            "worker_id": name,
            "choice": choice,
            "amount_cents": 50_000,
            "points": 40,
            "edition_id": f"e{choice}",
            "draw": lot,
        }
        for name, lot in zip("abc", draw, strict=True)
        for choice in (1, 2)
    ]
    keys = {"name": "n", "seed": "s", "ceiling_cents": 100_000, "choice_percent": [100, 90]}
    editions = pd.DataFrame({"edition_id": ["e1", "e2"], "seats": [1, 9]})
    found = allocate(Problem(pd.DataFrame(rows), Policy.from_dict(keys), editions=editions))
    taken = found.decisions.loc[found.decisions["awarded"] == 1, "request_id"]
    order_ = [name for _, name in sorted(zip(draw, "abc", strict=True))]
    assert set(taken) == {f"{order_[0]}1", f"{order_[1]}2"}


def test_every_pair_is_drawn_equally_often():
    """2,000 public draws: the six pairs of the round above, by chi-square at 1 in 1,000."""
    problem = unlike([0, 0, 0, 0])
    requests = problem.requests.drop(columns="draw")
    pairs: Counter[str] = Counter()
    for number in range(2_000):
        draw = lots.drawn(requests, replace(problem.policy, seed=f"draw {number}"))
        pairs["".join(name for name, lot in zip("abcd", draw, strict=True) if lot <= 2)] += 1
    assert len(pairs) == 6
    assert stats.chisquare(list(pairs.values())).pvalue > 0.001


@pytest.mark.parametrize("seed", [f"draw {number}" for number in range(12)])
def test_a_shortfall_of_give_back_falls_on_nobody_alone(seed):
    """EUR 900; A and B paid in 900 each; two requests of 450 in each: each gets one."""
    frame = pd.DataFrame({"request_id": ["a1", "a2", "b1", "b2"], "sector": list("AABB")})
    frame = frame.assign(
        worker_id=frame["request_id"], choice=1, amount_cents=45_000, points=[1, 1, 9, 9]
    )
    keys = {"name": "n", "seed": seed, "ceiling_cents": 90_000}
    keys["solidarity"] = {"column": "sector", "give_back": "1"}
    paid = pd.DataFrame({"value": ["A", "B"], "amount_cents": [90_000, 90_000]})
    found = allocate(Problem(frame, Policy.from_dict(keys), contributions=paid))
    assert [row["reached_cents"] for row in found.floors] == [45_000, 45_000]
    assert {row["cause"] for row in found.floors} == {"traded"}


def swappable(problem: Problem, awarded: set[str]) -> list[tuple[str, str]]:
    """Pairs (refused, awarded with a higher lot) that could change places, by every plain rule.

    For one award per worker, without pools, promises, groups and part awards.
    """
    rows = problem.requests.set_index("request_id")
    policy, inside = problem.policy, rows.loc[sorted(awarded)]
    seats = dict(problem.editions.itertuples(index=False)) if problem.editions is not None else {}

    def fits(chosen: pd.DataFrame) -> bool:
        if chosen["amount_cents"].sum() > policy.ceiling_cents:
            return False
        taken = chosen["edition_id"].value_counts()
        if any(count > seats.get(edition, count) for edition, count in taken.items()):
            return False
        for cap in policy.caps:
            for _, part in chosen.groupby(cap.column):
                cents = cap.limit_cents(policy.ceiling_cents)
                used = len(part) if cents is None else part["amount_cents"].sum()
                if used > (cap.count if cents is None else cents):
                    return False
        return True

    def value(row: pd.Series) -> int:
        worth = int(row["points"]) * policy.choice_percent[row["choice"] - 1]
        return worth * int(row["amount_cents"]) if policy.value != "points" else worth

    served, found = set(inside["worker_id"]), []
    for name, row in rows[~rows["worker_id"].isin(served)].iterrows():
        if name in problem.withheld:
            continue
        for other, taken in inside[inside["draw"] > row["draw"]].iterrows():
            after = rows.loc[[*sorted(awarded - {other}), name]]
            if value(row) == value(taken) and fits(after):
                found.append((name, other))
    return found


def plain(seed: int) -> Problem:
    """A featured round without what `swappable` does not know."""
    problem = with_lots(featured.featured_round(seed, workers=(20, 40)), seed)
    policy = replace(
        problem.policy,
        floors=(),
        coverage=None,
        solidarity=None,
        part_awards=None,
        awards_per_worker=1,
    )
    return replace(problem, policy=policy, pools=None, contributions=None)


@pytest.mark.parametrize("seed", range(30))
def test_without_a_search_to_the_end_nobody_could_change_places(seed, monkeypatch):
    """Swaps alone, from what the solver's corner happens to be."""
    monkeypatch.setattr(by_lot, "SMALL_REQUESTS", 0)
    monkeypatch.setattr(by_lot, "OPEN_OPTIONS", 0)
    problem = plain(seed)
    model, book = build.build(check(problem))
    outcome = order.solve(model, BACKEND, lambda event: None)
    awarded = awarded_requests(problem, model, book, outcome)
    assert outcome.lots in ("swap_stable", "exact")
    assert swappable(problem, awarded) == []


def test_some_rounds_need_swaps(monkeypatch):
    """The test above would notice: without the swaps some rounds are not stable."""
    monkeypatch.setattr(by_lot, "SMALL_REQUESTS", 0)
    monkeypatch.setattr(by_lot, "OPEN_OPTIONS", 0)
    monkeypatch.setattr(by_lot.swaps, "swapped", lambda model, x, keep, options: x)
    unstable = 0
    for seed in range(12):
        problem = plain(seed)
        model, book = build.build(check(problem))
        outcome = order.solve(model, BACKEND, lambda event: None)
        unstable += bool(swappable(problem, awarded_requests(problem, model, book, outcome)))
    assert unstable


def awarded_requests(problem, model, book, outcome) -> set[str]:
    option, place = lots.deal(
        awards=outcome.x,
        class_of_option=model.option_class,
        class_size=model.size,
        class_start=book.start,
    )
    rows = book.rows[book.first_row[book.members[place]] + book.option_slot[option]]
    return set(problem.requests["request_id"].to_numpy()[rows])
