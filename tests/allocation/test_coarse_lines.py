"""Open data in which nobody finds a person, and on which the division can still be checked."""

import csv
import json
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import optimiser
from allocation.decisions import coarse, coarse_files, published, standalone_check
from allocation.decisions.coarse import LEAST, Person
from allocation.optimiser import Policy, allocate, files
from allocation.rounds import folder, line_keys

RULE = Policy.from_dict(
    {
        "name": "Twente",
        "seed": "4 11 19 27 33 41",
        "ceiling_cents": 2_000_000,
        "choice_percent": [100, 90],
        "coverage": "education",
        "coverage_cap": "1/2",
        "floor": [
            {"name": "least", "column": "target", "equals": "yes", "share_of_ceiling": "1/5"}
        ],
        "cap": [{"name": "provider", "column": "provider_id", "share_of_ceiling": "2/5"}],
    }
)


class Shown:
    """What the files need to know of a round."""

    code = "2027-1"


def problem_of(people):
    """Sixty-odd people, most with two choices; amounts as different as prices are."""
    rows = []
    for n in range(people):
        for choice in (1, 2)[: 1 + n % 2]:
            rows.append(
                {
                    "request_id": f"r{n}-{choice}",
                    "worker_id": f"w{n:016x}",
                    "choice": choice,
                    "amount_cents": 30_000 + (n * 7_919 + choice * 1_733) % 90_000,
                    "points": 20 + 5 * ((n * 13) % 12),
                    "edition_id": f"e{(n + choice) % 5}",
                    "education": ("low", "middle", "high")[n % 3],
                    "target": "yes" if n % 4 == 0 else "no",
                    "provider_id": f"p{(n + choice) % 4}",
                }
            )
    editions = pd.DataFrame({"edition_id": [f"e{n}" for n in range(5)], "seats": [12] * 5})
    pools = pd.DataFrame(
        {"pool_id": ["pool"], "amount_cents": [2_000_000], "column": [""], "equals": [""]}
    )
    return optimiser.Problem(
        requests=pd.DataFrame(rows), policy=RULE, editions=editions, pools=pools
    )


@pytest.fixture(scope="module")
def divided():
    """A division of ninety requests, as files, with its groups."""
    problem = problem_of(90)
    outcome = allocate(problem)
    texts = {f"input/{name}": text for name, text in folder.input_files(problem).items()}
    texts |= {
        "outcome/decisions.csv": outcome.decisions.to_csv(index=False, lineterminator="\n"),
        "outcome/result.json": json.dumps(outcome.to_dict(), default=str),
        "outcome/certificate.json": json.dumps(outcome.certificate),
    }
    awarded = published.awarded_lines(texts["outcome/decisions.csv"])
    groups = coarse_files.groups_of(problem, awarded)
    return coarse_files.files_of(Shown, problem, texts, groups), problem, groups


def written(texts, place):
    target = place / Shown.code
    target.mkdir()
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8")
    return target


@pytest.fixture
def checked(capsys):
    """Runs the published program here; how it ends and what it says."""

    def run(target, *more):
        ending = standalone_check.main([str(target), *more])
        said = capsys.readouterr()
        return SimpleNamespace(returncode=ending, stdout=said.out, stderr=said.err)

    return run


def rows_of(text):
    return list(csv.DictReader(text.splitlines()))


# ---- nobody is found


def test_every_person_stands_among_five_of_each_answer(divided):
    texts, _problem, groups = divided
    assert len(groups) > 3, "the lines are coarse, but they say something"
    lines = rows_of(texts["lines.csv"])
    assert len(lines) == 90
    for group in rows_of(texts["groups.csv"]):
        mine = [line["awarded"] for line in lines if line["group"] == group["group"]]
        assert mine.count("1") >= LEAST
        assert mine.count("0") >= LEAST


def test_no_published_file_names_a_training_an_amount_or_a_pseudonym(divided):
    texts, problem, _groups = divided
    for row in problem.requests.to_dict("records"):
        everything = "".join(texts[name] for name in texts if name != "check.py")
        assert row["worker_id"] not in everything
        assert f"{row['request_id']}," not in everything
    columns = {name for file in ("lines", "groups") for name in rows_of(texts[f"{file}.csv"])[0]}
    assert columns == {
        *("line", "group", "awarded", "people", "spent_cents", "value"),
        *("education", "target", "points", "amount_cents"),
    }


people_st = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.integers(1, 40), st.booleans()),
    max_size=90,
)


@given(people_st)
def test_whatever_the_round_a_group_hides_everybody_or_there_is_none(rows):
    people = [
        Person(f"w{n}", {"group": g, "points": 5 * p, "amount_cents": 1_000 * a}, got)
        for n, (g, p, a, got) in enumerate(rows)
    ]
    groups = coarse.groups_of(people)
    assert all(coarse.hides(group) for group in groups)
    placed = [person.worker_id for group in groups for person in group]
    assert sorted(placed) == (sorted(p.worker_id for p in people) if placed else [])
    assert bool(groups) == coarse.hides(people)


def test_a_range_is_nobodys_own_number():
    group = [
        Person("w1", {"points": 41, "amount_cents": 45_001}, True),
        Person("w2", {"points": 44, "amount_cents": 61_333}, False),
    ]
    assert coarse.words_of(group) == {"points": "40-45", "amount_cents": "45000-62500"}


def test_exact_lines_are_public_only_when_they_are_all_alike():
    rows = [
        {"request_id": f"r{n}", "worker_id": f"w{n}", "choice": 1, "amount_cents": 600}
        for n in range(10)
    ]
    half = {f"r{n}" for n in range(5)}
    assert published.alike(pd.DataFrame(rows), half)
    assert not published.alike(pd.DataFrame(rows), set(list(half)[:4]))
    rows[0]["amount_cents"] = 601
    assert not published.alike(pd.DataFrame(rows), half)


# ---- everybody finds their own


def test_a_key_finds_one_line_however_it_is_typed(divided, tmp_path, checked):
    texts, _problem, groups = divided
    target = written(texts, tmp_path)
    person = groups[0][0]
    key = line_keys.key_of(person.worker_id)
    answer = "awarded" if person.awarded else "not awarded"
    for typed in (key, key.lower(), key.replace("-", " ")):
        assert f": {answer}." in checked(target, "--key", typed).stdout
    assert "no line with this key" in checked(target, "--key", "AAAA-AAAA-AAAA-AAAA").stdout


# ---- everybody can check


def test_the_published_program_is_one_file_that_needs_nothing(divided, tmp_path):
    texts, _problem, _groups = divided
    target = written(texts, tmp_path)
    command = [sys.executable, "-I", "-S", target / "check.py", target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Everything that can be added up holds.\n")


def test_the_published_files_prove_what_the_exact_ones_do_within_a_percent(
    divided, tmp_path, checked
):
    texts, problem, _groups = divided
    done = checked(written(texts, tmp_path))
    assert done.returncode == 0, done.stderr
    assert f"sha256 {files.snapshot_sha256(problem)}" in done.stdout
    assert "90 lines in " in done.stdout
    [value] = [line for line in done.stdout.splitlines() if line.startswith("value:")]
    assert float(value.rsplit("+", 1)[1].split()[0]) < 1.0, value


def change_csv(name, column, make):
    def changed(texts):
        rows = rows_of(texts[name])
        rows[0][column] = make(rows[0][column])
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        return texts | {name: "\n".join(lines) + "\n"}

    return changed


def change_json(name, make):
    def changed(texts):
        stated = json.loads(texts[name])
        make(stated)
        return texts | {name: json.dumps(stated)}

    return changed


def last_stage(stated):
    return next(stage for stage in stated["stages"] if stage["stage"] == "value")


def first_again(stated):
    stated["stages"].append(stated["stages"][0])


def again(name):
    def changed(texts):
        return texts | {name: texts[name] + texts[name].splitlines()[1] + "\n"}

    return changed


FORGED = {
    "one more was awarded": change_csv("lines.csv", "awarded", lambda n: str(1 - int(n))),
    "a line moved to another group": change_csv("lines.csv", "group", lambda n: "2"),
    "a group spent less": change_csv("groups.csv", "spent_cents", lambda n: str(int(n) - 1)),
    "a group is worth more": change_csv("groups.csv", "value", lambda n: str(int(n) + 1)),
    "a term is smaller": change_csv("terms.csv", "term", lambda n: str(int(n) - 10**15)),
    "more people than lines": change_csv("groups.csv", "people", lambda n: str(int(n) + 1)),
    "more value than possible": change_json(
        "certificate.json", lambda s: last_stage(s).update(reached=10**9)
    ),
    "a multiplier below nothing": change_json(
        "certificate.json", lambda s: last_stage(s)["multipliers"].update(ceiling=-1)
    ),
    "less is spent": change_json("result.json", lambda s: s.update(spent_cents=1)),
    "an answer that is none": change_csv("lines.csv", "awarded", lambda n: "2"),
    "a group that is not there": change_csv("lines.csv", "group", lambda n: "99"),
    "a line twice": again("lines.csv"),
    "a group twice": again("groups.csv"),
    "a term twice": again("terms.csv"),
    "a stage twice": change_json("certificate.json", first_again),
    "other people": change_json("result.json", lambda s: s.update(people=s["people"] + 1)),
    "another rule": lambda texts: (
        texts | {"policy.toml": texts["policy.toml"].replace("2000000", "2000001")}
    ),
    "no proof of the value": change_json(
        "certificate.json", lambda s: last_stage(s).update(objective={})
    ),
    "the proof of another outcome": change_json(
        "certificate.json", lambda s: last_stage(s).update(objective={"people": 1})
    ),
}
NAMED = {
    "a group spent less": "spent_cents: the groups add up to ",
    "more value than possible": "value: more was reached than is possible",
    "a multiplier below nothing": "value: a multiplier is below nothing",
    "a term is smaller": ": the terms add up to less than the certificate states",
    "more people than lines": ": its lines are not the people that it states",
    "an answer that is none": "lines.csv has an answer that is neither 0 nor 1",
    "a group that is not there": "lines.csv has a line twice, or of a group that is not there",
    "a line twice": "lines.csv has a line twice, or of a group that is not there",
    "a group twice": "groups.csv has a group twice",
    "a term twice": "terms.csv has a term twice",
    "a stage twice": "certificate.json has a stage twice",
    "other people": "people: the certificate is of another outcome",
    "another rule": "policy.toml is not the rule that this outcome was made with",
    "no proof of the value": "nothing is published that proves the value",
    "the proof of another outcome": "value: the certificate is of another outcome",
}


@pytest.mark.parametrize("forgery", FORGED)
def test_what_does_not_add_up_is_named(divided, tmp_path, checked, forgery):
    texts, _problem, _groups = divided
    changed = FORGED[forgery](texts)
    if changed == texts:  # the first line stood in group 2 already
        changed = change_csv("lines.csv", "group", lambda n: "1")(texts)
    done = checked(written(changed, tmp_path))
    assert done.returncode == 1, done.stdout
    assert NAMED.get(forgery, "") in done.stderr
    assert done.stdout.endswith("Something does not hold.\n")


def test_a_missing_file_is_no_proof(divided, tmp_path, checked):
    texts, _problem, _groups = divided
    target = written(texts, tmp_path)
    (target / "policy.toml").unlink()
    assert checked(target).returncode == 2


def test_the_fingerprint_ties_both_kinds_of_files_together(divided):
    texts, problem, _groups = divided
    stated = json.loads(texts["result.json"])["snapshot_sha256"]
    assert stated == files.snapshot_sha256(problem)
