"""Nobody can forge a division: what somebody changed is refused by name, or is no better a claim.

From honest results every field of every file is changed, removed, added, doubled and swapped;
awards are dropped, added, moved and traded; results of weaker rules are dressed up with honest
certificates. A forgery may be as good as the truth only where `as_good` says why.
"""

import copy
import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.optimiser import allocate, files, verify
from allocation.optimiser.baselines import rules
from tests.optimiser import featured, folders, rounds
from tests.optimiser.everybody import verifier
from tests.optimiser.test_waiting import waiting_round

# Between them: floors missed and met, give-back and coverage at several levels, people short,
# pools, caps of money and number, parts, two awards per worker, adjustments, trees.
ROUNDS: dict[str, Callable[[], Any]] = {
    **{
        f"featured {seed}": lambda seed=seed: featured.featured_round(seed)
        for seed in (1, 3, 7, 15)
    },
    "random": lambda: rounds.random_round(50, workers=60),
    "waiting": lambda: waiting_round(2),
}

# Each kind is forged in its first place or in its last. All in both places takes minutes.
QUICK = {"featured 3": (0,), "featured 7": (-1,)}
MANY = [pytest.param(name, which, id=name) for name, which in QUICK.items()] + [
    pytest.param(name, (0, -1), id=f"{name}, both places", marks=pytest.mark.slow)
    for name in ROUNDS
]


@dataclass
class Folder:
    """The files of a round and its result, in memory, and on disk when they are verified."""

    input: Path
    result: dict[str, Any]
    certificate: dict[str, Any]
    decisions: list[dict[str, str]]

    def write(self, out: Path) -> None:
        out.mkdir(exist_ok=True)
        (out / "result.json").write_text(json.dumps(self.result))
        (out / "certificate.json").write_text(json.dumps(self.certificate))
        with (out / "decisions.csv").open("w", newline="") as file:
            columns = list(self.decisions[0])
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self.decisions)

    def ending(self, out: Path) -> int:
        self.write(out)
        try:
            return verifier.ending(verifier.report(self.input, out))
        except verifier.Unreadable:
            return verifier.UNREADABLE


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Callable[[str], Folder]:
    made: dict[str, Folder] = {}

    def get(name: str) -> Folder:
        if name not in made:
            folder = tmp_path_factory.mktemp("round")
            problem = ROUNDS[name]()
            folders.write(problem, folder / "in")
            found = allocate(problem)
            assert found.outcome == "proven"
            files.write(found, folder / "out")
            with (folder / "out" / "decisions.csv").open(newline="") as file:
                decisions = list(csv.DictReader(file))
            made[name] = Folder(
                folder / "in",
                json.loads((folder / "out" / "result.json").read_text()),
                json.loads((folder / "out" / "certificate.json").read_text()),
                decisions,
            )
        return copy.deepcopy(made[name])

    return get


# ---- every field of the two JSON files

Place = tuple[Any, ...]


def places(content: Any, where: Place = ()) -> Iterator[Place]:
    """Every place in a JSON document."""
    inside = content.items() if isinstance(content, dict) else enumerate(content)
    for key, part in inside:
        yield (*where, key)
        if isinstance(part, dict | list):
            yield from places(part, (*where, key))


def kind(file: str, content: Any, place: Place) -> str:
    """The kind of a place: numbers in lists, names of limits, requests and groups left out."""
    words, at = [file], content
    for key in place:
        fixed = isinstance(key, str) and key.isidentifier() and len(key) > 3
        words.append(key if fixed else "*")
        at = at[key]
        if isinstance(at, dict) and isinstance(at.get("stage"), str):
            words.append(at["stage"].partition(":")[0])
    return ".".join(words)


def changes(value: Any) -> dict[str, Any]:
    """What a forger may put in the place of a value."""
    if isinstance(value, bool) or value is None:
        return {"other": "x", "number": 1}
    if isinstance(value, int):
        return {
            "more": value + 1,
            "less": value - 1,
            "as text": str(value),
            "fraction": value + 0.5,
        }
    if isinstance(value, float):
        return {"more": value + 0.01, "as text": str(value)}
    if isinstance(value, str):
        return {"other": f"{value}x", "nothing": None}
    if isinstance(value, list):
        return {"with one more": [*value, 1], "doubled": [*value, *value] or [1], "no list": {}}
    return {"with one more": {**value, "extra": 1}, "no table": []}


def as_good(place: Place, how: str, value: Any) -> bool:
    """Changes that leave a true claim, each with its reason."""
    if place[-1] in ("seconds", "solver"):  # told, and no claim about the division
        return how in ("more", "less", "other") or (how == "fraction" and place[-1] == "seconds")
    if place[-1] == "claimed_bound":  # what the solver said: nobody need believe it
        return how == "more" or value is None
    return False


# Another proof of the same bound, level and blocks proves the same; nothing is claimed besides.
PROOF = {"tree", "fractions", "multipliers", "denominator"}


def json_forgeries(honest: Folder) -> Iterator[tuple[str, Callable[[Folder], None]]]:
    for file in ("result", "certificate"):
        content = getattr(honest, file)
        for place in places(content):
            value = content
            for key in place:
                value = value[key]
            named = kind(file, content, place)
            for how, new in changes(value).items():
                if not as_good(place, how, value):
                    yield f"{named}: {how}", _put(file, place, new)
            if not ("kept" in place and value == 0):  # a promise of nothing may be left out
                yield f"{named}: removed", _put(file, place, _GONE)


_GONE = object()


def _put(file: str, place: Place, new: Any) -> Callable[[Folder], None]:
    def forge(folder: Folder) -> None:
        at = getattr(folder, file)
        for key in place[:-1]:
            at = at[key]
        if new is _GONE:
            del at[place[-1]]
        else:
            at[place[-1]] = new

    return forge


# ---- stages, decisions and reasons


def stage_forgeries(honest: Folder) -> Iterator[tuple[str, Callable[[Folder], None]]]:
    stages = honest.certificate["stages"]
    for number, stage in enumerate(stages):
        name = stage["stage"].partition(":")[0]

        def twice(folder: Folder, number: int = number) -> None:
            folder.certificate["stages"].insert(number, folder.certificate["stages"][number])

        def later(folder: Folder, number: int = number) -> None:
            folder.certificate["stages"].append(folder.certificate["stages"].pop(number))

        yield f"stage {name}: twice", twice
        if number < len(stages) - 1:
            yield f"stage {name}: at the end", later


def _row(honest: Folder, awarded: str) -> int | None:
    for number, row in enumerate(honest.decisions):
        if row["awarded"] == awarded and row["reason"] not in ("given_by_board",):
            return number
    return None


REASONS = (
    "awarded",
    "awarded_part",
    "given_by_board",
    "withheld_by_board",
    "other_choice_awarded",
    "lot_lost",
    "amount_too_large",
    "edition_full",
    "cap_reached",
    "below_cutoff",
    "money_gone",
    "friend_of_the_board",
)


def decision_forgeries(honest: Folder) -> Iterator[tuple[str, Callable[[Folder], None]]]:
    def put(row: int, **cells: Any) -> Callable[[Folder], None]:
        return lambda folder: folder.decisions[row].update(cells)

    won, lost = _row(honest, "1"), _row(honest, "0")
    if won is not None:
        cents = int(honest.decisions[won]["amount_cents"])
        yield "award: dropped", put(won, awarded="0", amount_cents="0")
        yield "award: one cent more", put(won, amount_cents=str(cents + 1))
        yield "award: one cent less", put(won, amount_cents=str(cents - 1))
        yield "award: of nothing", put(won, amount_cents="0")
        yield "award: below nothing", put(won, amount_cents=str(-cents))
        yield "award: twice", put(won, awarded="2")
        yield "award: a refusal with money", put(won, awarded="0")
    if lost is not None:
        yield "refusal: awarded", put(lost, awarded="1", amount_cents="10000")
        yield "refusal: with money", put(lost, amount_cents="1")
    if won is not None and lost is not None:

        def traded(folder: Folder) -> None:
            for column in ("awarded", "amount_cents", "reason", "reason_params"):
                one, other = folder.decisions[won], folder.decisions[lost]
                one[column], other[column] = other[column], one[column]

        yield "award: traded", traded
        yield "rows: one gone", lambda folder: folder.decisions.pop(lost) and None
        yield "rows: one twice", lambda folder: folder.decisions.append(folder.decisions[won])
        yield "rows: another order", lambda folder: folder.decisions.reverse()
    for number, row in enumerate(honest.decisions):
        old, params = row["reason"], json.loads(row["reason_params"])
        for new in REASONS:
            # Another reason of a refusal may be true as well; verify checks each.
            if new != old and not {old, new} <= {*verifier.PRICED}:
                yield f"reason {old}: {new}", put(number, reason=new)
        for key, value in params.items():
            for how, other in changes(value).items():
                forged = json.dumps(params | {key: other})
                yield f"params {old}.{key}: {how}", put(number, reason_params=forged)
        for change in (
            {"points": 0},
            {"points": "many"},
            {"amount_cents": 0},
            {"ceiling_cents": 1},
            {"friends": 1},
            {},
        ):
            forged = json.dumps(params | {"would_change": change})
            yield f"params {old}: would_change {change}", put(number, reason_params=forged)
        yield f"params {old}: unknown", put(number, reason_params=json.dumps(params | {"x": 1}))
        yield f"params {old}: no JSON", put(number, reason_params="{")
        for key in params:
            twice = f"{{{json.dumps(key)}: 0, {json.dumps(params)[1:]}"
            yield f"params {old}.{key}: twice", put(number, reason_params=twice)


def all_forgeries(honest: Folder) -> dict[str, list[Callable[[Folder], None]]]:
    found: dict[str, list[Callable[[Folder], None]]] = {}
    for forgeries in (json_forgeries, stage_forgeries, decision_forgeries):
        for name, forge in forgeries(honest):
            found.setdefault(name, []).append(forge)
    return found


@pytest.mark.parametrize("name", ROUNDS)
def test_an_honest_result_holds(name, honest, tmp_path):
    assert honest(name).ending(tmp_path) == verifier.HOLDS


def test_there_are_hundreds_of_kinds(honest):
    kinds = {kind for name in ROUNDS for kind in all_forgeries(honest(name))}
    assert len(kinds) >= 200, len(kinds)


@pytest.mark.parametrize(("name", "which"), MANY)
def test_every_kind_of_forgery_is_refused(name, which, honest, tmp_path):
    passed = []
    for kind, forgeries in all_forgeries(honest(name)).items():
        for place in which:
            folder = honest(name)
            forgeries[place](folder)
            if folder.ending(tmp_path) == verifier.HOLDS and not another_proof(kind):
                passed.append(kind)
    assert passed == []


def another_proof(kind: str) -> bool:
    """Whether only multipliers or cases were changed, by which the same is proven."""
    return kind.startswith("certificate.stages.") and bool(PROOF & set(re.split(r"[.:]", kind)))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_forgeries_are_refused(data, honest, tmp_path):
    name = data.draw(st.sampled_from(sorted(ROUNDS)))
    every = all_forgeries(honest(name))
    folder = honest(name)
    kinds = data.draw(st.lists(st.sampled_from(sorted(every)), min_size=1, max_size=3))
    for kind in kinds:
        forge = data.draw(st.sampled_from(every[kind]))
        try:
            forge(folder)
        except (KeyError, IndexError, TypeError, AttributeError):  # a place that is gone already
            return
    if any(map(another_proof, kinds)):
        folder.ending(tmp_path)  # it must not fail
        return
    if (folder.result, folder.certificate, folder.decisions) == (
        honest(name).result,
        honest(name).certificate,
        honest(name).decisions,
    ):
        return
    assert folder.ending(tmp_path) != verifier.HOLDS


# ---- whole divisions that are worse, dressed up as well as can be


def dressed(problem: Any, worse: Any, folder: Path) -> Folder:
    """A worse division with its own true sums, beside the honest certificate of the best."""
    best = allocate(problem)
    folders.write(problem, folder / "in")
    value = worse.value
    stages = [
        replace(stage, value=min(stage.value, {"value": value, "people": worse.people}[stage.name]))
        if stage.name in ("value", "people")
        else stage
        for stage in best.stages
    ]
    stages = [
        replace(stage, bound=stage.value, gap=0.0) if stage.name in ("value", "people") else stage
        for stage in stages
    ]
    certificate = copy.deepcopy(best.certificate)
    for entry in certificate["stages"]:
        if entry["stage"] in ("value", "people"):
            entry["reached"] = {"value": value, "people": worse.people}[entry["stage"]]
    forged = replace(
        best,
        decisions=worse.decisions,
        value=value,
        bound=value,
        gap=0.0,
        spent_cents=worse.spent_cents,
        people=worse.people,
        coverage={
            group: row | {"target": best.coverage[group].get("target", 0)}
            for group, row in worse.coverage.items()
        },
        floors=worse.floors,
        caps=worse.caps,
        stages=stages,
        certificate=certificate,
    )
    files.write(forged, folder / "out")
    with (folder / "out" / "decisions.csv").open(newline="") as file:
        decisions = list(csv.DictReader(file))
    read = json.loads((folder / "out" / "result.json").read_text())
    return Folder(folder / "in", read, certificate, decisions)


@pytest.mark.parametrize("rule", ["lottery", "ranking", "fcfs"])
@pytest.mark.parametrize("seed", [1, 3, 7])
def test_a_weaker_rule_in_the_clothes_of_the_best_is_refused(rule, seed, tmp_path):
    problem = featured.featured_round(seed)
    requests = problem.requests.assign(submitted_at="2027-01-01")
    problem = replace(problem, requests=requests)
    folder = dressed(problem, rules.allocate(problem, rule), tmp_path)
    assert folder.ending(tmp_path / "out") == verifier.DOES_NOT_HOLD


def test_a_division_in_which_nobody_gets_anything_is_refused(tmp_path):
    problem = rounds.random_round(50, workers=60)
    nobody = rules.allocate(
        replace(problem, policy=replace(problem.policy, ceiling_cents=1)), "lottery"
    )
    assert nobody.people == 0
    folder = dressed(problem, nobody, tmp_path)
    folder.write(tmp_path / "out")
    codes = {finding.code for finding in verifier.verify(folder.input, tmp_path / "out")}
    assert {"could_be_added", "bound_differs"} <= codes


def test_a_third_of_the_winners_dropped_is_refused(honest, tmp_path):
    folder = honest("random")
    winners = [row for row in folder.decisions if row["awarded"] == "1"]
    for row in winners[::3]:
        row.update(awarded="0", amount_cents="0", reason="below_cutoff")
    assert folder.ending(tmp_path) == verifier.DOES_NOT_HOLD


def test_a_group_is_not_blocked_by_a_weight_of_next_to_nothing(tmp_path):
    """The level of the poorest group is true; another is called blocked for a weight of 1."""
    problem = rounds.random_round(42)
    folders.write(problem, tmp_path / "in")
    files.write(allocate(problem), tmp_path / "out")
    certificate = json.loads((tmp_path / "out" / "certificate.json").read_text())
    levels = [s for s in certificate["stages"] if s["stage"].startswith("coverage:")]
    first = levels[0]
    other = next(
        group for level in levels[1:] for group in level["blocked"] if group not in first["blocked"]
    )
    first["objective"][f"coverage:{other}"] = 1
    first["blocked"].append(other)
    (tmp_path / "out" / "certificate.json").write_text(json.dumps(certificate))
    codes = {f.code for f in verifier.verify(tmp_path / "in", tmp_path / "out")}
    assert codes & {"blocked_unproven", "groups_differ", "certificate_malformed", "level_differs"}


def test_it_runs_without_anything_installed(honest, tmp_path):
    folder = honest("random")
    folder.write(tmp_path / "out")
    program = tmp_path / "check.py"
    program.write_text(verify.text(), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(program), str(folder.input), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Everything holds.")
