"""Groups that whole awards cannot bring to their target: told plainly; forged ones are refused."""

import json

import pandas as pd
import pytest

from allocation.optimiser import Policy, Problem, allocate, files, verify
from tests.optimiser import folders


def triangles(number: int) -> Problem:
    """Three people round three places, each needs two of them: half of each can be served at once.

    Fractions give one and a half person per triangle, whole awards give one. Somebody in another
    group, for whom there is room too, has everything that is left.
    """
    rows = []
    for triangle in range(number):
        for person, places in enumerate([("x", "y"), ("y", "z"), ("z", "x")]):
            row = {
                "request_id": f"t{triangle}p{person}",
                "group": "tied",
                "x": "",
                "y": "",
                "z": "",
            }
            rows.append(row | {place: f"{place}{triangle}" for place in places})
    rows += [
        {"request_id": f"free{n}", "group": "free", "x": "", "y": "", "z": ""} for n in range(2)
    ]
    frame = pd.DataFrame(rows)
    frame = frame.assign(
        worker_id=frame["request_id"], choice=1, amount_cents=10_000, points=range(len(frame))
    )
    policy = Policy.from_dict(
        {
            "name": "triangles",
            "seed": "s",
            "ceiling_cents": 10_000 * len(frame),
            "coverage": "group",
            "cap": [{"name": place, "column": place, "count": 1} for place in "xyz"],
        }
    )
    return Problem(frame, policy)


@pytest.fixture
def divided(tmp_path):
    """Four triangles: 6 of 12 are the target, 4 can be."""

    def divide(number):
        problem = triangles(number)
        folder = folders.write(problem, tmp_path / f"round{number}")
        files.write(allocate(problem), tmp_path / f"out{number}")
        return folder, tmp_path / f"out{number}"

    return divide


@pytest.mark.parametrize(("number", "short"), [(2, 1), (4, 2), (7, 3)])
def test_a_group_that_whole_awards_leave_short_is_accepted_and_named(divided, number, short):
    report = verify.report(*divided(number))
    assert report.found == []
    assert [(n.code, n.params["group"], n.params["people"]) for n in report.notes] == [
        ("coverage_rounded", "tied", str(short))
    ]


def test_a_group_at_its_target_is_not_mentioned(divided):
    folder, out = divided(1)
    assert verify.report(folder, out).notes == []


def test_whoever_still_fits_is_named_when_an_award_is_taken_away(divided):
    folder, out = divided(4)
    decisions = pd.read_csv(out / "decisions.csv", keep_default_na=False)
    lost = decisions.index[
        decisions["request_id"].str.startswith("t") & (decisions["awarded"] == 1)
    ]
    decisions.loc[lost[0], ["awarded", "amount_cents"]] = 0
    decisions.to_csv(out / "decisions.csv", index=False)
    found = {finding.code: finding.params for finding in verify.verify(folder, out)}
    assert "coverage_avoidable" in found
    assert found["coverage_avoidable"]["request"][:2] == decisions["request_id"][lost[0]][:2]


def test_an_award_to_a_group_above_its_target_gives_way_to_one_below(tmp_path):
    """EUR 300 for four who ask EUR 100; the second of the `high` ones has a place of `low`."""
    frame = pd.DataFrame(
        {
            "request_id": ["low1", "low2", "high1", "high2"],
            "group": ["low", "low", "high", "high"],
            "points": [1, 1, 9, 9],
        }
    )
    frame = frame.assign(worker_id=frame["request_id"], choice=1, amount_cents=10_000)
    keys = {"name": "n", "seed": "s", "ceiling_cents": 20_000, "coverage": "group"}
    problem = Problem(frame, Policy.from_dict(keys))
    folder = folders.write(problem, tmp_path / "round")
    files.write(allocate(problem), tmp_path / "out")
    assert verify.verify(folder, tmp_path / "out") == []
    decisions = pd.read_csv(tmp_path / "out" / "decisions.csv", keep_default_na=False)
    decisions["awarded"] = [0, 0, 1, 1]
    decisions["amount_cents"] = [0, 0, 10_000, 10_000]
    decisions.to_csv(tmp_path / "out" / "decisions.csv", index=False)
    found = {finding.code: finding.params for finding in verify.verify(folder, tmp_path / "out")}
    assert found["coverage_avoidable"] == {
        "group": "low",
        "target": "1",
        "awarded": "0",
        "request": "low1",
        "instead_of": "high1",
    }


def test_more_people_short_than_rounding_explains_are_refused(divided):
    folder, out = divided(4)
    certificate = json.loads((out / "certificate.json").read_text())
    decisions = pd.read_csv(out / "decisions.csv", keep_default_na=False)
    tied = decisions["request_id"].str.startswith("t")
    decisions.loc[tied, ["awarded", "amount_cents"]] = 0
    decisions.to_csv(out / "decisions.csv", index=False)
    assert certificate["stages"][0]["stage"] == "coverage:1"
    codes = {finding.code for finding in verify.verify(folder, out)}
    assert "coverage_short" in codes
