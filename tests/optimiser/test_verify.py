"""The verifier accepts what the optimiser made and refuses, by name, what somebody changed."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import call_command

from allocation.optimiser import InvalidInput, allocate, files, verify
from tests.optimiser import folders, rounds
from tests.optimiser.everybody import verifier

VARIANTS = ["plain", "pools", "solidarity", "dear", "two_awards", "parts", "board"]


class Files:
    """The files of one round, to be changed by a forger."""

    def __init__(self, folder: Path) -> None:
        self.round, self.out = folder / "round", folder / "out"

    def decisions(self) -> pd.DataFrame:
        return pd.read_csv(self.out / "decisions.csv", dtype={"reason_params": str})

    def save_decisions(self, frame: pd.DataFrame) -> None:
        frame.to_csv(self.out / "decisions.csv", index=False)

    def change(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change result.json or certificate.json."""
        content = json.loads((self.out / name).read_text())
        change(content)
        (self.out / name).write_text(json.dumps(content))

    def stage(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        def one(content: dict[str, Any]) -> None:
            change(next(stage for stage in content["stages"] if stage["stage"] == name))

        self.change("certificate.json", one)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.round / name).read_text()
        assert old in text
        (self.round / name).write_text(text.replace(old, new, 1))

    def hash_again(self) -> None:
        """A forger who knows the format writes fitting hashes."""
        read = verifier.read(self.round, self.out)
        for name in ("result.json", "certificate.json"):
            self.change(
                name,
                lambda content: content.update(
                    snapshot_sha256=read.snapshot_sha256(), policy_sha256=read.policy_sha256()
                ),
            )

    def codes(self) -> set[str]:
        return {finding.code for finding in verify.verify(self.round, self.out)}


def solved(folder: Path, variant: str) -> Files:
    if variant == "levels":  # a round whose groups reach different levels of coverage
        problem = rounds.random_round(42)
    else:
        workers = 60 if variant == "solidarity" else 110  # whose proof takes ten times as long
        problem = rounds.random_round(50, workers=workers, variant=variant)
    folders.write(problem, folder / "round")
    found = allocate(problem)
    assert found.outcome == "proven"
    files.write(found, folder / "out")
    return Files(folder)


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> Callable[[str], Files]:
    made: dict[str, Files] = {}

    def get(variant: str) -> Files:
        if variant not in made:
            made[variant] = solved(tmp_path_factory.mktemp(variant), variant)
        return made[variant]

    return get


@pytest.fixture
def forged(originals, tmp_path) -> Callable[[str], Files]:
    def copy(variant: str) -> Files:
        original = originals(variant)
        shutil.copytree(original.round, tmp_path / "round")
        shutil.copytree(original.out, tmp_path / "out")
        return Files(tmp_path)

    return copy


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_honest_result_is_accepted(variant, originals):
    assert originals(variant).codes() == set()


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("awarded", [0, 1])
def test_one_flipped_decision_is_refused(variant, awarded, forged):
    result = forged(variant)
    frame = result.decisions()
    place = frame.index[frame["awarded"] == awarded][5]
    amount = pd.read_csv(result.round / "requests.csv")["amount_cents"][place]
    frame.loc[place, ["awarded", "amount_cents"]] = [1 - awarded, 0 if awarded else amount]
    result.save_decisions(frame)
    assert {"figure_differs", "reached_differs"} <= result.codes()


def change_first_award(change: int) -> Callable[[Files], None]:
    def forge(result: Files) -> None:
        frame = result.decisions()
        place = frame.index[frame["awarded"] == 1][0]
        frame.loc[place, "amount_cents"] += change
        result.save_decisions(frame)

    return forge


def tighten(name: str, pattern: str, new: str) -> Callable[[Files], None]:
    """Make a limit smaller than what was spent, with fitting hashes."""

    def forge(result: Files) -> None:
        import re

        text = (result.round / name).read_text()
        changed = re.sub(pattern, new, text, count=1, flags=re.MULTILINE)
        assert changed != text
        (result.round / name).write_text(changed)
        result.hash_again()

    return forge


def refuse_nothing_is_left(result: Files) -> None:
    frame = result.decisions()
    result.save_decisions(frame.iloc[1:])


def fill_edition(result: Files) -> None:
    """One seat less than was taken in an edition that is in use."""
    frame = result.decisions()
    requests = pd.read_csv(result.round / "requests.csv")
    taken = requests.loc[frame["awarded"] == 1, "edition_id"].value_counts()
    seats = pd.read_csv(result.round / "editions.csv")
    seats.loc[seats["edition_id"] == taken.index[0], "seats"] = taken.iloc[0] - 1
    seats.to_csv(result.round / "editions.csv", index=False)
    result.hash_again()


def award_twice(result: Files) -> None:
    frame = result.decisions()
    requests = pd.read_csv(result.round / "requests.csv")
    served = set(requests.loc[frame["awarded"] == 1, "worker_id"])
    more = requests["worker_id"].isin(served) & (frame["awarded"] == 0)
    place = frame.index[more][0]
    frame.loc[place, ["awarded", "amount_cents"]] = [1, requests["amount_cents"][place]]
    result.save_decisions(frame)


def stage(name: str, **fields: Any) -> Callable[[Files], None]:
    return lambda result: result.stage(name, lambda content: content.update(fields))


def shift(name: str, field: str, by: int) -> Callable[[Files], None]:
    def forge(result: Files) -> None:
        result.stage(name, lambda content: content.update({field: content[field] + by}))

    return forge


def multiplier(name: str, limit: str, number: int) -> Callable[[Files], None]:
    def forge(result: Files) -> None:
        result.stage(name, lambda content: content["multipliers"].update({limit: number}))

    return forge


def figure(name: str, by: float) -> Callable[[Files], None]:
    def forge(result: Files) -> None:
        result.change("result.json", lambda content: content.update({name: content[name] + by}))

    return forge


def keep_less(result: Files) -> None:
    def change(content: dict[str, Any]) -> None:
        limit = next(iter(content["kept"]))
        content["kept"][limit] -= 1

    result.stage("value", change)


def lower_the_level(result: Files) -> None:
    result.stage("coverage:1", lambda content: content["level"].__setitem__(0, 1))


def block_a_free_group(result: Files) -> None:
    """Hold a group at the first level although nothing proves that it cannot rise."""

    def change(content: dict[str, Any]) -> None:
        levels = [one for one in content["stages"] if one["stage"].startswith("coverage:")]
        later = next(
            (one, group)
            for one in levels[1:]
            for group in one["blocked"]
            if not levels[0]["objective"].get(f"coverage:{group}")
        )
        later[0]["blocked"].remove(later[1])
        levels[0]["blocked"].append(later[1])

    result.change("certificate.json", change)


def drop_stage(result: Files) -> None:
    result.change("certificate.json", lambda content: content["stages"].pop(0))


def widen_gap(result: Files) -> None:
    def change(content: dict[str, Any]) -> None:
        row = next(row for row in content["stages"] if row["name"] == "value")
        row["gap"] = content["gap"] = 0.00009

    result.change("result.json", change)


def reason(of: str, stated: str | None = None, **params: Any) -> Callable[[Files], None]:
    """Change the first decision with this reason, or what its parameters say."""

    def forge(result: Files) -> None:
        frame = result.decisions()
        place = frame.index[frame["reason"] == of][0]
        told = json.loads(frame.loc[place, "reason_params"])
        frame.loc[place, "reason"] = stated or of
        frame.loc[place, "reason_params"] = json.dumps(told | params)
        result.save_decisions(frame)

    return forge


FORGERIES: dict[str, tuple[str, Callable[[Files], None], str]] = {
    "a euro more in one award": ("plain", change_first_award(100), "amount_not_offered"),
    "a cent less in one award": ("plain", change_first_award(-1), "amount_not_offered"),
    "a part that nobody accepts": ("parts", change_first_award(-1), "amount_not_offered"),
    "the ceiling overspent": (
        "plain",
        tighten("policy.toml", r"^ceiling_cents = \d+", "ceiling_cents = 1000000"),
        "ceiling_exceeded",
    ),
    "a provider over its cap": (
        "plain",
        tighten(
            "policy.toml",
            r'(name = "provider"\n.*\n)share_of_ceiling = .*',
            r"\1share_of_ceiling = 0.001",
        ),
        "cap_exceeded",
    ),
    "a count over its cap": (
        "plain",
        tighten("policy.toml", "^count = 12", "count = 1"),
        "cap_exceeded",
    ),
    "a seat too many": ("plain", fill_edition, "edition_overbooked"),
    "an empty pool": (
        "pools",
        tighten("pools.csv", r"^(pool ),\d+", r"\1,0"),
        "pools_exceeded",
    ),
    "two awards for one worker": ("plain", award_twice, "too_many_awards"),
    "a request left out": ("plain", refuse_nothing_is_left, "rows_differ"),
    "other points in the input": (
        "plain",
        lambda result: result.replace("requests.csv", ",100,", ",95,"),
        "snapshot_differs",
    ),
    "another policy": (
        "plain",
        lambda result: result.replace("policy.toml", "fairness = 1.0", "fairness = 0.9"),
        "policy_differs",
    ),
    "another seed of the lots": (
        "plain",
        lambda result: result.replace("policy.toml", "draw 50", "draw 51"),
        "policy_differs",
    ),
    "a given request refused": (
        "plain",
        lambda result: adjust(result, awarded=0, action="give"),
        "given_refused",
    ),
    "a withheld request awarded": (
        "plain",
        lambda result: adjust(result, awarded=1, action="withhold"),
        "withheld_awarded",
    ),
    "a refusal called an award": ("plain", reason("edition_full", "awarded"), "reason_differs"),
    "an award called a refusal": ("plain", reason("awarded", "below_cutoff"), "reason_differs"),
    "another choice that nobody awarded": (
        "plain",
        reason("edition_full", "other_choice_awarded"),
        "reason_differs",
    ),
    "an act of the board that it did not do": (
        "board",
        reason("edition_full", "withheld_by_board"),
        "reason_differs",
    ),
    "another edition in the reason": (
        "plain",
        reason("edition_full", edition_id="e99"),
        "reason_differs",
    ),
    "other points in the reason": ("plain", reason("below_cutoff", points=1), "reason_differs"),
    "a cap that the request is not in": (
        "plain",
        reason("cap_reached", value="p99"),
        "reason_differs",
    ),
    "another part in the reason": (
        "parts",
        reason("awarded_part", share_percent=99),
        "reason_differs",
    ),
    "envy that is hushed up": (
        "plain",
        lambda result: result.change("result.json", lambda c: c.update(envy=1)),
        "figure_differs",
    ),
    "a cap left out": (
        "plain",
        lambda result: result.change("result.json", lambda c: c["caps"].pop()),
        "figure_differs",
    ),
    "an understated bound": ("plain", shift("value", "bound", -1), "bound_differs"),
    "an understated numerator": ("plain", shift("value", "bound_numerator", -1), "bound_differs"),
    "an overstated bound": ("plain", shift("value", "bound", 1), "bound_differs"),
    "an understated bound of people": ("plain", shift("people", "bound", -1), "bound_differs"),
    "a constant out of nothing": ("plain", shift("value", "constant", -(10**6)), "bound_differs"),
    "a multiplier below zero": ("plain", multiplier("value", "ceiling", -1), "negative_multiplier"),
    "another multiplier": ("plain", multiplier("value", "ceiling", 10**9), "bound_differs"),
    "an invented limit": ("plain", multiplier("value", "moon", 1), "unknown_limit"),
    "another objective": ("plain", stage("value", objective={"people": 1}), "objective_differs"),
    "a value that was not reached": ("plain", shift("value", "reached", 1), "reached_differs"),
    "people that were not reached": ("plain", shift("people", "reached", 1), "reached_differs"),
    "a floor that was not reached": (
        "plain",
        shift("floor:target", "reached", -1),
        "reached_differs",
    ),
    "less kept than was reached": ("plain", keep_less, "kept_differs"),
    "another level of coverage": ("plain", lower_the_level, "level_differs"),
    "a group held down": ("levels", block_a_free_group, "certificate_malformed"),
    "a stage left out": ("plain", drop_stage, "stages_differ"),
    "a text for a number": ("plain", stage("value", bound_numerator="1"), "certificate_malformed"),
    "a fraction for a number": ("plain", stage("value", denominator=1.5), "certificate_malformed"),
    "no certificate": (
        "plain",
        lambda result: (result.out / "certificate.json").unlink(),
        "certificate_missing",
    ),
    "another value": ("plain", figure("value", 1), "figure_differs"),
    "another sum of money": ("plain", figure("spent_cents", -1), "figure_differs"),
    "another number of people": ("plain", figure("people", 1), "figure_differs"),
    "another bound": ("plain", figure("bound", -1), "figure_differs"),
    "another gap": ("plain", widen_gap, "gap_differs"),
    "not proven": (
        "plain",
        lambda result: result.change("result.json", lambda c: c.update(outcome="stopped_early")),
        "outcome_differs",
    ),
    "a group counted wrongly": (
        "plain",
        lambda result: result.change(
            "result.json", lambda c: c["coverage"]["mbo1"].update(awarded=0)
        ),
        "figure_differs",
    ),
    "a floor reported as met": (
        "plain",
        lambda result: result.change(
            "result.json", lambda c: c["floors"][0].update(reached_cents=10**9)
        ),
        "figure_differs",
    ),
    "give-back reported otherwise": (
        "solidarity",
        lambda result: result.change(
            "result.json", lambda c: c["floors"][-1].update(required_cents=1)
        ),
        "figure_differs",
    ),
    "give-back within two awards where one does": (
        "solidarity",
        lambda result: result.change("result.json", lambda c: c.update(give_back_awards=2)),
        "stages_differ",
    ),
    "give-back of which nothing is said": (
        "solidarity",
        lambda result: result.change("result.json", lambda c: c.pop("give_back_awards")),
        "figure_differs",
    ),
    "a contributor left without a level": (
        "solidarity",
        lambda result: result.change(
            "certificate.json", lambda c: level_of(c, "give_back:1")["blocked"].pop()
        ),
        "blocked_unproven",
    ),
    "a contributor that gets nothing": (
        "solidarity",
        lambda result: empty(result, "Q"),
        "give_back_short",
    ),
}


def level_of(certificate: dict[str, Any], stage: str) -> dict[str, Any]:
    return next(entry for entry in certificate["stages"] if entry["stage"] == stage)


def empty(result: Files, sector: str) -> None:
    """Take every award of a sector away."""
    frame = result.decisions()
    requests = pd.read_csv(result.round / "requests.csv")
    frame.loc[(requests["sector"] == sector).to_numpy(), ["awarded", "amount_cents"]] = 0
    frame.to_csv(result.out / "decisions.csv", index=False)


def adjust(result: Files, *, awarded: int, action: str) -> None:
    frame = result.decisions()
    request = frame.loc[frame["awarded"] == awarded, "request_id"].iloc[0]
    (result.round / "adjustments.csv").write_text(f"request_id,action\n{request},{action}\n")
    result.hash_again()


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_by_name(name, forged):
    variant, forge, code = FORGERIES[name]
    result = forged(variant)
    forge(result)
    assert code in result.codes()


def equal_cases(folder: Path) -> Files:
    """Twelve workers in two classes of equals, money for five."""
    frame = pd.DataFrame(
        {
            "request_id": [f"r{n}" for n in range(12)],
            "worker_id": [f"w{n}" for n in range(12)],
            "choice": 1,
            "amount_cents": 50_000,
            "points": [40] * 6 + [30] * 6,
            "draw": [7, 3, 12, 9, 1, 4, 2, 5, 6, 8, 10, 11],
        }
    )
    policy = {"name": "lots", "seed": "s", "ceiling_cents": 400_000}
    problem = files.Problem(requests=frame, policy=files.Policy.from_dict(policy))
    folders.write(problem, folder / "round")
    files.write(allocate(problem), folder / "out")
    return Files(folder)


def test_an_award_for_fewer_points_at_the_same_place_is_seen_however_small_the_gap(tmp_path):
    """Two people alike but for their points, money for one: Bilal's 99 goes before Anna's 100.

    The forger writes fitting sums, and a tolerance in the policy that covers the gap of 1 %.
    """
    rows = [("anna", 100, 1), ("bilal", 99, 0)]
    frame = pd.DataFrame(
        [
            {"request_id": name, "worker_id": name, "choice": 1, "amount_cents": 500, "points": pts}
            for name, pts, _ in rows
        ]
    )
    policy = {"name": "envy", "seed": "s", "ceiling_cents": 500, "tolerance": "0.02"}
    problem = files.Problem(requests=frame, policy=files.Policy.from_dict(policy))
    folders.write(problem, tmp_path / "round")
    files.write(allocate(problem), tmp_path / "out")
    result = Files(tmp_path)
    assert result.decisions()["awarded"].tolist() == [awarded for *_, awarded in rows]
    assert result.codes() == set()
    decided = result.decisions()
    decided["reason"] = decided["reason"][::-1].to_numpy()
    for column in ("awarded", "amount_cents"):
        decided[column] = decided[column][::-1].to_numpy()
    decided["reason_params"] = ['{"needed": 101, "points": 100}', "{}"]
    result.save_decisions(decided)

    def lower(content: dict[str, Any]) -> None:
        content.update(value=9_900, gap=0.01)
        for row in content["stages"]:
            if row["name"] == "value":
                row.update(value=9_900, gap=0.01)

    result.change("result.json", lower)
    result.stage("value", lambda content: content.update(reached=9_900))
    result.stage("people", lambda content: content["kept"].update(value=9_900))
    report = verify.report(result.round, result.out)
    assert ("figure_differs", "envy") in {(f.code, f.params.get("figure")) for f in report.found}
    envied = [note.params for note in report.notes if note.code == "envy"]
    assert envied == [{"request": "anna", "award": "bilal"}]


def test_another_rule_is_told_to_prove_nothing(originals, tmp_path, capsys):
    result = originals("plain")
    out = tmp_path / "ranking"
    call_command("allocate", result.round, out=out, rule="ranking")
    call_command("verify", result.round, out)
    said = capsys.readouterr().out
    assert "other_rule (rule ranking)" in said
    assert "Everything holds: limits and sums." in said


def test_the_lowest_lots_of_a_class_win(tmp_path):
    result = equal_cases(tmp_path)
    assert result.codes() == set()
    awarded = result.decisions().set_index("request_id")["awarded"]
    assert awarded[awarded == 1].index.tolist() == ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"]


def test_a_swapped_lot_is_refused_by_name_and_nothing_else_is_wrong(tmp_path):
    """r7 (lot 5) gives its award to r8 (lot 6): every sum stays what it was.

    The forger writes fitting reasons too: r7 is the second of six.
    """
    result = equal_cases(tmp_path)
    frame = result.decisions().set_index("request_id")
    frame.loc[["r7", "r8"]] = frame.loc[["r8", "r7"]].to_numpy()
    frame.loc["r7", "reason_params"] = '{"candidates": 6, "lot": 2, "places": 2}'
    result.save_decisions(frame.reset_index())
    assert "lot_passed_over" in result.codes()


def test_another_lot_number_changes_who_is_owed_the_award(tmp_path):
    result = equal_cases(tmp_path)
    requests = pd.read_csv(result.round / "requests.csv")
    requests.loc[requests["request_id"] == "r7", "draw"] = 99
    requests.to_csv(result.round / "requests.csv", index=False)
    result.hash_again()
    assert {"lot_passed_over", "reason_differs"} <= result.codes()


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("round", "requests.csv"),
        ("round", "policy.toml"),
        ("out", "decisions.csv"),
        ("out", "result.json"),
    ],
)
def test_a_file_that_is_absent_or_no_file_of_its_kind_exits_with_2(folder, name, forged, capsys):
    result = forged("plain")
    path = getattr(result, folder) / name
    for content in (b"\xff\xfe\x00", b"", None):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        with pytest.raises(SystemExit) as ended:
            call_command("verify", result.round, result.out)
        assert ended.value.code == 2
        assert name in capsys.readouterr().err


def test_the_command_exits_with_0_when_everything_holds(originals, capsys):
    result = originals("plain")
    call_command("verify", result.round, result.out)
    assert "Everything holds" in capsys.readouterr().out


def test_the_command_names_each_thing_that_does_not_hold(forged, capsys):
    result = forged("plain")
    change_first_award(100)(result)
    with pytest.raises(SystemExit) as ended:
        call_command("verify", result.round, result.out)
    assert ended.value.code == 1
    error = capsys.readouterr().err
    assert "amount_not_offered" in error
    assert "figure_differs (figure spent_cents" in error


def test_a_column_that_the_policy_names_must_be_there(forged):
    result = forged("plain")
    result.replace("policy.toml", 'coverage = "education"', 'coverage = "moon"')
    with pytest.raises(InvalidInput) as refused:
        verify.verify(result.round, result.out)
    assert refused.value.faults[0].code == "missing_column"


def test_a_column_of_the_round_may_be_called_like_a_number_of_another_file(tmp_path):
    """`seats` are numbers in editions.csv and any text in requests.csv; "007" is no 7."""
    problem = rounds.random_round(50, workers=20)
    requests = problem.requests.assign(seats="window", awarded="007")
    problem = replace(problem, requests=requests)
    folders.write(problem, tmp_path / "round")
    files.write(allocate(problem), tmp_path / "out")
    assert Files(tmp_path).codes() == set()


def test_two_columns_of_one_name_are_refused(forged):
    result = forged("plain")
    lines = (result.round / "editions.csv").read_text().splitlines()
    twice = [f"{line},{line.split(',')[1]}" for line in lines]
    (result.round / "editions.csv").write_text("\n".join(twice))
    with pytest.raises(InvalidInput) as refused:
        result.codes()
    assert refused.value.faults[0].code == "duplicate_column"
