"""One list for every desk: sorted, turned, searched and taken along; nothing is cut in silence."""

import re

import pytest
from django.test import RequestFactory

from allocation.models import Payee
from budgetpool.audit.models import AuditEvent
from budgetpool.portals.components import lists
from budgetpool.portals.components.lists import Cents
from budgetpool.portals.components.tables import Column
from budgetpool.register.models import Provider
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
PAYEES = "/treasurer/twente/payees"
MANY = lists.PER_PAGE + 3


@pytest.fixture
def accounts(twente, treasurer, provider):
    """More accounts than a page holds; names count down while keys count up."""
    rows = [
        Payee(
            fund=twente,
            provider=Provider.objects.create(name=f"School {n}", kvk=f"{10_000_000 + n}"),
            iban=f"NL00TEST{n:010}",
            holder_name=f"Holder {MANY - n:03}" if n else "=Formula",
            entered_by=treasurer,
        )
        for n in range(MANY)
    ]
    return Payee.objects.bulk_create(rows)


@pytest.fixture
def desk(treasurer):
    return signed_in(treasurer)


def names(page):
    return re.findall(r"Holder \d+", page.content.decode().split("<tbody")[1].split("</tbody")[0])


def test_a_list_says_which_lines_of_how_many_it_shows(accounts, desk):
    first = desk.get(PAYEES).content.decode()
    assert f"1 tot en met {lists.PER_PAGE} van {MANY} regels" in first
    last = desk.get(f"{PAYEES}?page=2").content.decode()
    assert f"{lists.PER_PAGE + 1} tot en met {MANY} van {MANY} regels" in last
    assert (
        f"1 tot en met {lists.PER_PAGE} van {MANY - 1} regels"
        in desk.get(f"{PAYEES}?find=Holder").content.decode()
    )
    assert "1 regel" in desk.get(f"{PAYEES}?find=Holder+007").content.decode()


def test_it_is_sorted_both_ways_over_all_pages_and_keeps_what_was_searched(accounts, desk):
    up = desk.get(f"{PAYEES}?sort=0&find=Holder")
    assert names(up)[0] == "Holder 001"
    assert 'aria-sort="ascending"' in up.content.decode()
    assert names(desk.get(f"{PAYEES}?sort=0&page=2"))[-1] == f"Holder {MANY - 1:03}"
    down = desk.get(f"{PAYEES}?sort=-0&find=Holder")
    assert 'aria-sort="descending"' in down.content.decode()
    html = up.content.decode()
    assert 'href="?sort=-0&amp;find=Holder"' in html or 'href="?find=Holder&amp;sort=-0"' in html
    assert '<input type="hidden" name="sort" value="0">' in html


@pytest.mark.parametrize("asked", ["9", "-9", "x", "1;drop", "--0", "０", "0" * 400])
def test_a_column_that_is_none_sorts_nothing(accounts, desk, asked):
    answer = desk.get(PAYEES, {"sort": asked})
    assert answer.status_code == 200
    assert "aria-sort" not in answer.content.decode()


def test_the_sheet_holds_all_that_the_filter_found_and_the_trail_says_so(accounts, desk):
    answer = desk.get(f"{PAYEES}?format=csv&sort=0")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + MANY
    assert rows[1].startswith("'=Formula"), "no cell becomes a formula"
    assert rows[2].startswith("Holder 001")
    assert "<a" not in answer.content.decode()
    event = AuditEvent.objects.get(action="list.exported")
    assert event.details == {"list": "accounts", "count": MANY}


def test_an_amount_is_a_number_in_a_sheet():
    rows = [["A", Cents(123_456)], ["B", Cents(-5)], ["1\xa0maart\xa02027", ""]]
    assert lists.as_csv(["Name", "Amount"], rows).decode("utf-8-sig").splitlines() == [
        "Name;Amount",
        "A;1234,56",
        "B;-0,05",
        "1 maart 2027;",
    ]


def test_rows_that_are_equal_keep_their_place_from_page_to_page(accounts):
    columns = [Column("Nobody verified any", orders=("verified_at",))]
    request = RequestFactory().get("/", {"sort": "-0"})
    seen = [row.pk for row in lists.ordered(request, Payee.objects.all(), columns)]
    assert seen == sorted(seen)


def test_recoveries_are_no_longer_cut(desk):
    page = desk.get("/treasurer/twente/recoveries").content.decode()
    assert "0 regels" in page


def test_whoever_stands_on_a_page_was_looked_at_and_in_a_file_everybody(twente, treasurer):
    looked = []
    rows = lists.Rows(
        "people", list("abcde"), [Column("Name")], list, per_page=2, look=looked.append
    )
    lists.of(RequestFactory().get("/", {"page": "2"}), rows)
    request = RequestFactory().get("/", {"format": "csv"})
    request.user = treasurer
    lists.answer(request, "no.html", rows, {}, subject=twente)
    assert looked == [["c", "d"], list("abcde")]
