"""The program that anybody runs on a published round, part by part, on numbers done by hand."""

import json

import pytest

from allocation.decisions import standalone_check as check

POLICY = """
ceiling_cents = 1000
[[cap]]
name = "provider"
share_of_ceiling = "1/3"
[[cap]]
name = "few"
count = 2
"""
STAGE = {
    "stage": "value",
    "denominator": 10,
    "constant": 7,
    "bound_numerator": 3000,
    "objective": {"value": 10},
    "multipliers": {"ceiling": 3},
    "kept": {},
    "reached": 300,
}
RESULT = {"value": 300, "spent_cents": 900, "people": 5, "rule": "optimiser"}


@pytest.fixture
def folder(tmp_path):
    """Ten people in one group, of whom five were awarded: just enough to hide them."""
    lines = "".join(f"l{n},1,{int(n < 5)}\n" for n in range(10))
    texts = {
        "policy.toml": POLICY,
        "result.json": json.dumps(RESULT),
        "certificate.json": json.dumps({"format": "budgetpool-published-1", "stages": [STAGE]}),
        "lines.csv": f"line,group,awarded\n{lines}",
        "groups.csv": "group,people,awarded,spent_cents,value\n1,10,5,900,300\n",
        "terms.csv": "stage,group,term\nvalue,1,5\nother,1,1000000\n",
        "editions.csv": "edition_id,seats\ne0,4\ne1,7\n",
        "pools.csv": "pool_id,amount_cents\np,900\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def stage_of(folder, **changed):
    write_stages(folder, [STAGE | changed])


def write_stages(folder, stages, form="budgetpool-published-1"):
    (folder / "certificate.json").write_text(json.dumps({"format": form, "stages": stages}))


def replaced(folder, name, old, new):
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


def test_what_holds_is_left_alone(folder):
    files = check.Published(folder)
    assert check.hidden(files) == check.added_up(files) == []
    # 7 + 3 x 1000 + 5 = 3012, a tenth of which is 301 whole: one more than was reached.
    assert check.bounds(files) == (
        [],
        ["value: 300 was reached, no division has more than 301 (+0.333 %)"],
    )


def test_each_limit_has_its_own_side(folder):
    files = check.Published(folder)
    sides = {
        "ceiling": 1000,
        "edition:e1": 7,
        "pool:p": 900,
        "cap:provider": 333,
        "cap:provider:p1": 333,
        "cap:few": 2,
    }
    assert {limit: files.side(limit) for limit in sides} == sides
    for unknown in ("cap:providers", "cap:other"):
        with pytest.raises(KeyError):
            files.side(unknown)
    with pytest.raises(StopIteration):
        files.side("edition:e9")


def test_a_promise_that_is_kept_lowers_the_bound_and_a_level_counts_in_millionths(folder):
    files = check.Published(folder)
    stage = STAGE | {
        "multipliers": {"floor:x": 2, "coverage:low": 5, "value": 4, "unchanged": 3, "pool:p": 1},
        "kept": {"floor:x": 100, "coverage:low": 1_999_999, "value": 6},
    }
    without = 7 + 900 - 2 * 100 - 4 * 6 + 5
    assert check.bound(files, stage) == without - 5 * 1_999_999
    assert check.bound(files, stage | {"level": 1}) == without - 9


def test_one_awarded_too_few_hides_nobody(folder):
    replaced(folder, "lines.csv", "l4,1,1", "l4,1,0")
    assert check.hidden(check.Published(folder)) == [
        "group 1 does not hide its people",
        "group 1: its lines are not the people that it states",
    ]
    replaced(folder, "groups.csv", "10,5", "10,4")
    assert check.hidden(check.Published(folder)) == ["group 1 does not hide its people"]


@pytest.mark.parametrize(
    ("cents", "found"), [(1000, []), (1001, ["more is spent than the round has"])]
)
def test_a_cent_more_than_the_ceiling_is_named(folder, cents, found):
    replaced(folder, "groups.csv", "900,300", f"{cents},300")
    replaced(folder, "result.json", "900", str(cents))
    assert check.added_up(check.Published(folder)) == found


def test_a_bound_as_stated_holds_and_one_more_does_not(folder):
    stage_of(folder, bound_numerator=3012)
    assert check.bounds(check.Published(folder))[0] == []
    stage_of(folder, bound_numerator=3013)
    assert check.bounds(check.Published(folder))[0] == [
        "value: the terms add up to less than the certificate states"
    ]


def test_what_was_reached_may_be_the_most_and_not_more(folder):
    (folder / "result.json").write_text(json.dumps(RESULT | {"value": 301}))
    stage_of(folder, reached=301)
    found, (proven,) = check.bounds(check.Published(folder))
    assert (found, proven[-10:]) == ([], "(+0.000 %)")
    (folder / "result.json").write_text(json.dumps(RESULT | {"value": 302}))
    stage_of(folder, reached=302)
    assert check.bounds(check.Published(folder))[0] == ["value: more was reached than is possible"]


def test_a_stage_without_terms_proves_nothing_of_itself(folder):
    write_stages(folder, [STAGE | {"stage": "people", "reached": 10**9}])
    assert check.bounds(check.Published(folder)) == (
        ["nothing is published that proves the value"],
        [],
    )


def test_another_rule_than_the_optimiser_owes_no_proof(folder):
    (folder / "result.json").write_text(json.dumps(RESULT | {"rule": "lottery"}))
    write_stages(folder, [])
    assert check.bounds(check.Published(folder)) == ([], [])


def test_nothing_to_group_is_nothing_to_add_up(folder):
    for name in ("lines", "groups", "terms"):
        (folder / f"{name}.csv").unlink()
    files = check.Published(folder)
    assert check.hidden(files) == check.added_up(files) == []
    assert check.bounds(files) == ([], [])
    assert check._size(files).startswith("The round is too small")


def test_the_size_names_the_smallest_group(folder):
    replaced(folder, "groups.csv", "1,10,5,900,300\n", "1,10,5,900,300\n2,11,5,0,0\n")
    said = "21 lines in 2 groups, the smallest of 10 people."
    assert check._size(check.Published(folder)) == said


UNREADABLE = {
    "another format": lambda f: write_stages(f, [STAGE], "budgetpool-published-2"),
    "a denominator of nothing": lambda f: stage_of(f, denominator=0),
    "half a constant": lambda f: stage_of(f, constant=0.5),
    "half a bound": lambda f: stage_of(f, bound_numerator=1.5),
    "yes instead of a number": lambda f: stage_of(f, multipliers={"ceiling": True}),
    "half a promise": lambda f: stage_of(f, kept={"floor:x": 0.5}),
    "half an aim": lambda f: stage_of(f, objective={"value": 0.5}),
    "half a division": lambda f: stage_of(f, reached=300.0),
    "half a cent": lambda f: replaced(f, "result.json", "900", "900.5"),
    "half a point": lambda f: replaced(f, "result.json", "300", "300.0"),
    "half a person": lambda f: replaced(f, "result.json", '"people": 5', '"people": 5.0'),
    "a key twice": lambda f: replaced(f, "result.json", "{", '{"value": 1, '),
}


@pytest.mark.parametrize("spoil", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_no_proof(folder, capsys, spoil):
    spoil(folder)
    assert check.main([str(folder)]) == 2
    assert capsys.readouterr().err.startswith("A file is absent or cannot be read: ")


@pytest.mark.parametrize("words", [[], ["a", "b"], ["a", "--other", "KEY"], ["a", "b", "c", "d"]])
def test_another_command_line_is_told_how_to_ask(capsys, words):
    assert check.main(words) == 2
    assert capsys.readouterr().err.startswith("Check what a round published: python check.py")
