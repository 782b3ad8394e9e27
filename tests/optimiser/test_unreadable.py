"""What the verifier cannot read it refuses by code and file, and says nothing about the rest."""

import json
import re

import pandas as pd
import pytest

from allocation.optimiser import Policy, Problem, files, verify
from allocation.optimiser.baselines import rules
from tests.optimiser import folders
from tests.optimiser.everybody import verifier

ROUND, OUT = "in", "out"
REQUESTS, EDITIONS = f"{ROUND}/requests.csv", f"{ROUND}/editions.csv"
POLICY, RESULT = f"{ROUND}/policy.toml", f"{OUT}/result.json"


@pytest.fixture
def folder(tmp_path):
    """Two people, two rows each, an edition with seats: a round that can be read."""
    rows = [
        {
            "request_id": f"r{worker}-{choice}",
            "worker_id": f"w{worker}",
            "choice": choice,
            "amount_cents": 10_000,
            "points": 5,
            "draw": worker + 1,
            "edition_id": "e1",
            "education": "mbo1",
        }
        for worker in (0, 1)
        for choice in (1, 2)
    ]
    policy = {
        "name": "small",
        "seed": "s",
        "ceiling_cents": 10_000,
        "choice_percent": [100, 90],
        "coverage": "education",
    }
    editions = pd.DataFrame({"edition_id": ["e1", "e2"], "seats": [1, 1]})
    problem = Problem(pd.DataFrame(rows), Policy.from_dict(policy), editions=editions)
    folders.write(problem, tmp_path / ROUND)
    files.write(rules.allocate(problem, "lottery"), tmp_path / OUT)
    return tmp_path


def put(name, old, new):
    def change(folder):
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


def write(name, content):
    def change(folder):
        (folder / name).write_bytes(content)

    return change


def gone(name):
    return lambda folder: (folder / name).unlink()


def as_folder(name):
    def change(folder):
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


def cell(column, value, *, row=0):
    """Another value in one cell of requests.csv."""

    def change(folder):
        path = folder / ROUND / "requests.csv"
        frame = pd.read_csv(path, dtype=str)
        frame.loc[row, column] = value
        frame.to_csv(path, index=False)

    return change


def by_the_optimiser(folder):
    """Lots matter to this rule alone."""
    put(RESULT, '"lottery"', '"optimiser"')(folder)


def two_lots(folder):
    by_the_optimiser(folder)
    cell("draw", "9")(folder)


def same_lot(folder):
    by_the_optimiser(folder)
    for row in (2, 3):
        cell("draw", "1", row=row)(folder)


def before(content):
    """A question about who is unchanged, with what was awarded before."""

    def change(folder):
        put(POLICY, "seed", "unchanged = 1\nseed")(folder)
        write(f"{ROUND}/before.csv", b"request_id,amount_cents\n" + content)(folder)

    return change


def waits(*values, column="waited"):
    """A rule by which nobody waits for ever, and a wait in each row."""

    def change(folder):
        path = folder / ROUND / "policy.toml"
        path.write_text(path.read_text() + f'\n[waiting]\ncolumn = "{column}"\nbound = 2\n')
        path = folder / REQUESTS
        pd.read_csv(path, dtype=str).assign(waited=list(values)).to_csv(path, index=False)

    return change


def accepts(text):
    """A rule of part awards, of which the first row accepts what the text says."""

    def change(folder):
        path = folder / ROUND / "policy.toml"
        path.write_text(
            path.read_text() + '\n[part_awards]\ncolumn = "accepts"\nvalue_percent = {50 = 40}\n'
        )
        path = folder / REQUESTS
        texts = [text, "", "", ""]
        pd.read_csv(path, dtype=str).assign(accepts=texts).to_csv(path, index=False)

    return change


# Code -> what is done to the files, and the file that is named.
CASES = {
    "missing_file": [
        (gone(RESULT), "result.json"),
        (gone(POLICY), "policy.toml"),
        (put(POLICY, "seed", "unchanged = 1\nseed"), "before.csv"),
    ],
    "unreadable_file": [(as_folder(f"{OUT}/decisions.csv"), "decisions.csv")],
    "not_utf8": [(write(REQUESTS, b"\xff\xfe\x00"), "requests.csv")],
    "empty_file": [(write(EDITIONS, b""), "editions.csv")],
    "duplicate_column": [(put(EDITIONS, "edition_id,seats", "seats,seats"), "editions.csv")],
    "uneven_row": [(put(EDITIONS, "e2,1", "e2,1,1"), "editions.csv")],
    "not_csv": [(write(EDITIONS, b"edition_id,seats\n" + b"e" * 200_000), "editions.csv")],
    "not_a_whole_number": [
        (put(EDITIONS, "e2,1", "e2,1.5"), "editions.csv"),
        (cell("amount_cents", "many"), "requests.csv"),
        (cell("points", str(10**18)), "requests.csv"),
        (waits("three", "0", "0", "0"), "requests.csv"),
        (waits("9" * 5000, "0", "0", "0"), "requests.csv"),
    ],
    "not_shares": [
        (accepts(text), "requests.csv")
        for text in ("half", "050", "+50", "\u0665\u0660", "150", "0")
    ],
    "missing_column": [
        (put(REQUESTS, "points", "marks"), "requests.csv"),
        (put(POLICY, 'coverage = "education"', 'coverage = "moon"'), "requests.csv"),
    ],
    "unknown_column": [
        (write(f"{ROUND}/adjustments.csv", b"request_id,action,why\n"), "adjustments.csv")
    ],
    "not_json": [
        (write(RESULT, b"[]"), "result.json"),
        (write(RESULT, b'{"value": 1, "value": 2}'), "result.json"),
        (write(f"{OUT}/certificate.json", b"{"), "certificate.json"),
    ],
    "not_toml": [(write(POLICY, b"name ="), "policy.toml")],
    "missing_key": [(put(POLICY, "seed", "lot"), "policy.toml")],
    "unknown_key": [(put(POLICY, "seed", 'friend = "x"\nseed'), "policy.toml")],
    "bad_policy": [
        *(
            (put(POLICY, "fairness = ", f"fairness = {share} # "), "policy.toml")
            for share in (
                '"x"',
                '"1_0/30"',
                '"\u0663/\u0664"',
                '"1e999999999"',
                "1e999999999",
                "nan",
                "true",
            )
        ),
        (put(POLICY, "seed", "unchanged = -1\nseed"), "policy.toml"),
    ],
    "duplicate_id": [
        (cell("request_id", "r0-2"), "requests.csv"),
        (put(EDITIONS, "e2", "e1"), "editions.csv"),
    ],
    "odd_characters": [
        (cell("worker_id", "w\u200b0"), "requests.csv"),
        (cell("worker_id", "e\u0301"), "requests.csv"),
        (cell("request_id", ""), "requests.csv"),
    ],
    "unknown_value": [
        (write(f"{ROUND}/adjustments.csv", b"request_id,action\nr0-1,bribe\n"), "adjustments.csv")
    ],
    "unknown_edition": [(cell("edition_id", "e9"), "requests.csv")],
    "two_groups": [(cell("education", "hbo"), "requests.csv")],
    "unknown_choice": [
        (cell("choice", "3"), "requests.csv"),
        (cell("choice", "0"), "requests.csv"),
    ],
    "two_lots": [(two_lots, "requests.csv")],
    "two_waits": [
        (waits("3", "2", "0", "0"), "requests.csv"),
        (waits("0", "0", "0", "0", column="choice"), "requests.csv"),
    ],
    "same_lot": [(same_lot, "requests.csv")],
    "unknown_request": [(before(b"nobody,10000\n"), "before.csv")],
    "two_awards_before": [(before(b"r0-1,10000\nr0-2,10000\n"), "before.csv")],
}
EACH = [
    pytest.param(code, change, file, id=f"{code} {number}")
    for code, cases in CASES.items()
    for number, (change, file) in enumerate(cases)
]


def test_part_awards_of_plain_percentages_can_be_read(folder):
    accepts("50 100")(folder)
    out = verifier.report(folder / ROUND, folder / OUT)
    assert {finding.code for finding in out.found} <= {"policy_differs", "snapshot_differs"}


def test_the_files_can_be_read(folder):
    assert verifier.report(folder / ROUND, folder / OUT).found == []


@pytest.mark.parametrize(("code", "change", "file"), EACH)
def test_what_cannot_be_read_is_refused_by_code_and_file(code, change, file, folder, capsys):
    change(folder)
    with pytest.raises(verifier.Unreadable) as refused:
        verifier.report(folder / ROUND, folder / OUT)
    assert (refused.value.code, refused.value.file) == (code, file)
    assert refused.value.remedy
    assert verifier.main([str(folder / ROUND), str(folder / OUT)]) == 2
    assert code in capsys.readouterr().err


def test_every_code_is_tried():
    codes = set(re.findall(r'Unreadable\(\s*"(\w+)"', verify.text()))
    assert codes == set(CASES)


def test_a_figure_that_is_no_json_number_is_no_reason_to_fail(folder):
    path = folder / RESULT
    stated = json.loads(path.read_text())
    for name in stated:
        path.write_text(json.dumps(stated | {name: [{"x": 1}]}))
        assert verifier.report(folder / ROUND, folder / OUT).found, name


def test_the_program_asks_for_two_folders(capsys):
    assert verifier.main([]) == 2
    assert "FOLDER OUT" in capsys.readouterr().err
