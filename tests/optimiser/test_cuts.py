"""A cut takes no whole division away, and a verifier computes it anew: any other one is refused."""

import itertools
import json
import shutil
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allocation.optimiser import allocate, files
from allocation.optimiser.integer.cuts import Cutting, Row, rounded
from tests.optimiser import folders, rounds
from tests.optimiser.everybody import verifier

WIDE = 4
whole = st.integers(-9, 9)
limits = st.lists(
    st.tuples(st.integers(-4, 4), st.lists(whole, min_size=WIDE, max_size=WIDE), whole),
    min_size=1,
    max_size=3,
)


def row(use, rhs):
    return Row("", np.arange(WIDE), np.array(use), rhs)


@given(limits=limits, divisor=st.integers(1, 12))
@example(limits=[(1, [7, 5, 3, 0], 9), (-7, [1, 1, 0, 0], 2)], divisor=5)
def test_no_whole_awards_within_the_limits_pass_a_cut(limits, divisor):
    parts = [(multiplier, row(use, rhs)) for multiplier, use, rhs in limits]
    cut, most = rounded(parts, divisor, WIDE)
    for awards in itertools.product(range(3), repeat=WIDE):
        if all(int(part.use @ awards) <= part.rhs for _, part in parts):
            assert int(cut @ awards) <= most


@given(
    amounts=st.lists(st.integers(1, 12), min_size=WIDE, max_size=WIDE),
    money=st.integers(0, 40),
    seats=st.integers(0, 4),
    at=st.lists(st.floats(0, 1), min_size=WIDE, max_size=WIDE),
)
def test_no_division_passes_what_is_found_in_a_round(amounts, money, seats, at):
    """Four workers, the first two with one edition of so many seats."""
    ceiling = Row("ceiling", np.arange(WIDE), np.array(amounts), money)
    edition = Row("edition:e", np.array([0, 1]), np.array([1, 1]), seats)
    ones = np.ones(WIDE, dtype=np.int64)
    cutting = Cutting([ceiling, edition], np.arange(WIDE), ones, ones, ones)
    cutting.passed(np.array(at))
    for awards in itertools.product((0, 1), repeat=WIDE):
        if np.dot(amounts, awards) <= money and awards[0] + awards[1] <= seats:
            for cut in cutting.found:
                assert cut.use @ np.array(awards)[cut.options] <= cut.rhs


@pytest.fixture(scope="module")
def proven(tmp_path_factory):
    """A round whose value is proven by a tree with cuts, and its files."""
    folder = tmp_path_factory.mktemp("cuts")
    problem = rounds.random_round(60, workers=40, variant="solidarity")
    folders.write(problem, folder / "round")
    (folder / "out").mkdir(exist_ok=True)
    found = allocate(problem)
    assert found.outcome == "proven"
    files.write(found, folder / "out")
    return folder


def tree_of(certificate):
    (stage,) = [stage for stage in certificate["stages"] if stage["stage"] == "value"]
    return stage["tree"]


def priced(tree):
    """A leaf that prices a cut, and the cut's number."""
    leaf = next(node for node in tree["nodes"] if "cuts" in node)
    return leaf, next(iter(leaf["cuts"]))


def test_a_cut_is_part_of_the_proof(proven):
    report = verifier.report(proven / "round", proven / "out")
    assert report.found == []
    tree = tree_of(json.loads((proven / "out/certificate.json").read_text()))
    assert tree["cuts"]
    assert any(cut["sums"] for cut in tree["cuts"])
    assert any(len(cut["multipliers"]) > 1 for cut in tree["cuts"])


def without_divisor(tree):
    tree["cuts"][0]["divisor"] = 0


def of_a_group(tree):
    tree["cuts"][0]["multipliers"]["coverage:hbo"] = 1


def of_people(tree):
    tree["cuts"][0]["multipliers"]["people"] = 1


def of_a_sum_that_is_none(tree):
    tree["cuts"][0]["sums"][str(len(tree["sums"]))] = 1


def that_is_written_out(tree):
    tree["cuts"][0] |= {"rhs": 0}


def below_zero(tree):
    leaf, number = priced(tree)
    leaf["cuts"][number] *= -1


def of_none(tree):
    leaf, _ = priced(tree)
    leaf["cuts"][str(len(tree["cuts"]))] = 1


def half_a_price(tree):
    leaf, number = priced(tree)
    leaf["cuts"][number] = 0.5


def respelled(numbers, spelling):
    """The same number under another spelling of its place."""
    place = next(iter(numbers))
    numbers[spelling(place)] = numbers.pop(place)


def arabic(place):
    return place.translate({ord("0") + n: 0x660 + n for n in range(10)})


def charged(tree):
    return next(node["charges"] for node in tree["nodes"] if node.get("charges"))


def a_price_with_a_nought(tree):
    respelled(priced(tree)[0]["cuts"], lambda place: f"0{place}")


def a_price_in_other_digits(tree):
    respelled(priced(tree)[0]["cuts"], arabic)


def a_price_with_a_blank(tree):
    respelled(priced(tree)[0]["cuts"], lambda place: f" {place}")


def a_price_twice(tree):
    prices = priced(tree)[0]["cuts"]
    prices[f"0{next(iter(prices))}"] = 1


def a_sum_with_a_nought(tree):
    respelled(summed(tree), lambda place: f"0{place}")


def a_sum_in_other_digits(tree):
    respelled(summed(tree), arabic)


def a_charge_with_a_nought(tree):
    respelled(charged(tree), lambda place: f"0{place}")


def a_charge_in_other_digits(tree):
    respelled(charged(tree), arabic)


def a_charge_with_a_point(tree):
    respelled(charged(tree), lambda place: f"{place}.0")


def a_charge_of_none(tree):
    charged(tree)["99999"] = 0


def summed(tree):
    return next(cut["sums"] for cut in tree["cuts"] if cut["sums"])


OF_ANOTHER_FORM = [
    without_divisor,
    of_a_group,
    of_people,
    of_a_sum_that_is_none,
    that_is_written_out,
    below_zero,
    of_none,
    half_a_price,
    a_price_with_a_nought,
    a_price_in_other_digits,
    a_price_with_a_blank,
    a_price_twice,
    a_sum_with_a_nought,
    a_sum_in_other_digits,
    a_charge_with_a_nought,
    a_charge_in_other_digits,
    a_charge_with_a_point,
    a_charge_of_none,
]


@pytest.mark.parametrize("forge", OF_ANOTHER_FORM)
def test_a_cut_of_another_form_is_refused(forge, proven, tmp_path):
    assert "certificate_malformed" in codes(forge, proven, tmp_path)


def more_than_whole_awards_keep(tree):
    for cut in tree["cuts"]:
        cut["divisor"] += 1


def slack_of_the_wrong_sign(tree):
    for cut in tree["cuts"]:
        cut["multipliers"] = {name: -n for name, n in cut["multipliers"].items()}


def fewer_workers(tree):
    for cut in tree["cuts"]:
        cut["sums"] = {number: -n for number, n in cut["sums"].items()}


def dearer(tree):
    for node in tree["nodes"]:
        for number in node.get("cuts", {}):
            node["cuts"][number] *= 2


OF_ANOTHER_BOUND = [more_than_whole_awards_keep, slack_of_the_wrong_sign, fewer_workers, dearer]


@pytest.mark.parametrize("forge", OF_ANOTHER_BOUND)
def test_another_cut_proves_another_bound(forge, proven, tmp_path):
    assert "bound_differs" in codes(forge, proven, tmp_path)


def codes(forge, proven, tmp_path):
    out = forged(forge, proven, tmp_path)
    return {finding.code for finding in verifier.report(proven / "round", out).found}


def forged(forge, proven, tmp_path):
    """The files of the result with another tree."""
    out = Path(shutil.copytree(proven / "out", tmp_path / "out"))
    path = out / "certificate.json"
    certificate = json.loads(path.read_text())
    before = deepcopy(tree_of(certificate))
    forge(tree_of(certificate))
    assert tree_of(certificate) != before
    path.write_text(json.dumps(certificate))
    return out
