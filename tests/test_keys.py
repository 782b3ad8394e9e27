"""A number that somebody writes where a key stands is a key, or nobody's; never a fault."""

import re
from pathlib import Path

import pytest

from budgetpool.fund.models import Fund
from budgetpool.keys import LARGEST, key_of

ROOT = Path(__file__).resolve().parent.parent
# These read numbers that are no keys: days, hours, telephone numbers, lines of a file.
OTHER_NUMBERS = {
    "allocation/optimiser/counterfactual/out_of_reach.py",
    "allocation/optimiser/inputs/table.py",
    "allocation/optimiser/verify/reach.py",
    "allocation/optimiser/verify/round.py",
    "allocation/optimiser/verify/tree.py",
    "allocation/payouts/lines/finding.py",
    "api/sheets/columns.py",
    "budgetpool/bank/account_numbers.py",
    "budgetpool/demo/obstacles.py",
    "budgetpool/keys.py",
    "budgetpool/portals/account/entrance.py",
    "budgetpool/portals/components/answer_fields.py",
    "budgetpool/register/words.py",
    "workers/unmet.py",
}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("412", 412),
        ("0412", 412),
        ("0", 0),
        (str(LARGEST), LARGEST),
        (str(LARGEST + 1), None),
        ("9" * 400, None),
        ("0" * 400 + "7", 7),
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("1e3", None),
        ("٣", None),
        ("²", None),
        ("1\0", None),
    ],
)
def test_a_key_is_read_or_nobodys(text, key):
    assert key_of(text) == key


@pytest.mark.django_db
@pytest.mark.parametrize("text", [str(LARGEST), str(LARGEST + 1), "9" * 400])
def test_every_database_can_be_asked_for_it(text):
    assert not Fund.objects.filter(pk__in={key_of(text)}).exists()


def test_nobody_reads_a_key_in_a_way_of_their_own():
    """Each way of its own forgot one thing: a number that no column holds is a fault there."""
    found = {
        str(path.relative_to(ROOT))
        for package in ("allocation", "api", "budgetpool", "employers", "workers")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"\.is(digit|decimal|numeric)\(", path.read_text())
    }
    assert found == OTHER_NUMBERS
