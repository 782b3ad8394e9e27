"""An employer's program sees what was promised, asked and paid, and nobody else's."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from employers.models import Contribution, Employer
from employers.pledges import promising, requests
from tests.api.conftest import Program, access_token, make_program
from tests.bank.samples import entry_xml
from tests.employers.conftest import contribution, pledge, receive  # noqa: F401
from tests.sharing import shared

pytestmark = pytest.mark.django_db
READS = ["/pledges", "/contributions", "/contributions/{asked}"]


@shared
def at_work(contribution, employer):  # noqa: F811
    """The program of the employer's bookkeeping."""
    region = contribution.fund.region
    return make_program("Boekhouding Almelo", employer.kvk, [region])


@pytest.fixture
def other(contribution):  # noqa: F811
    """The double: another employer of the same region, and its program."""
    Employer.objects.create(name="Ander Bedrijf", kvk="90000055")
    return make_program("Ander Bedrijf", "90000055", [contribution.fund.region])


@pytest.fixture
def on(monkeypatch):
    def day(*parts):
        monkeypatch.setattr(timezone, "localdate", lambda *_: date(*parts))

    return day


def test_a_pledge_is_told_in_its_newest_version(at_work, pledge, manager):  # noqa: F811
    terms = {"kind": "fixed", "schedule": "monthly", "starts_on": pledge.starts_on}
    promising.change(pledge=pledge, by=manager, amount_cents=12_000_00, **terms)
    [told] = at_work.get("/pledges").json()["items"]
    assert (told["number"], told["version"], told["yearCents"]) == (1, 2, 12_000_00)
    assert (told["schedule"], told["startsOn"], told["endsOn"]) == ("monthly", "2027-01-01", None)
    assert (told["regionCode"], told["basisPoints"]) == (pledge.fund.region.code, None)


def test_what_is_asked_says_how_to_pay_it(at_work, contribution, fund_iban, on):  # noqa: F811
    on(2027, 1, 10)
    [listed] = at_work.get("/contributions").json()["items"]
    told = at_work.get(f"/contributions/{contribution.pk}").json()
    assert told["toPay"] == {
        "holderName": fund_iban.holder_name,
        "iban": fund_iban.iban,
        "bic": fund_iban.bic,
        "amountCents": 2_500_00,
        "reference": contribution.reference,
    }
    assert {name: told[name] for name in listed} == listed
    assert (told["state"], told["paidCents"], told["deposits"]) == ("to_pay", 0, [])


@pytest.mark.parametrize(
    ("amounts", "day", "state", "open_cents"),
    [
        ([], (2027, 1, 10), "to_pay", 2_500_00),
        ([], (2030, 1, 1), "late", 2_500_00),
        (["1000.00"], (2027, 1, 10), "partly_paid", 1_500_00),
        (["1000.00"], (2030, 1, 1), "late", 1_500_00),
        (["1000.00", "1500.00"], (2030, 1, 1), "paid", 0),
    ],
)
def test_what_came_in_is_told_to_the_cent(
    at_work,
    contribution,  # noqa: F811
    receive,  # noqa: F811
    on,
    amounts,
    day,
    state,
    open_cents,
):
    lines = [
        entry_xml(amount, structured=contribution.reference, bank_reference=f"B{number}")
        for number, amount in enumerate(amounts)
    ]
    if lines:
        receive(*lines)
    on(*day)
    told = at_work.get(f"/contributions/{contribution.pk}").json()
    cents = [int(amount.replace(".", "")) for amount in amounts]
    assert [one["amountCents"] for one in told["deposits"]] == cents
    assert (told["state"], told["paidCents"]) == (state, sum(cents))
    assert (told["toPay"] or {"amountCents": 0})["amountCents"] == open_cents
    still = at_work.get("/contributions?isOpen=true").json()["items"]
    assert [one["id"] for one in still] == ([contribution.pk] if open_cents else [])


def test_what_was_taken_back_is_not_to_be_paid(at_work, contribution):  # noqa: F811
    Contribution.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="Dubbel")
    told = at_work.get(f"/contributions/{contribution.pk}").json()
    assert (told["state"], told["toPay"]) == ("withdrawn", None)
    assert at_work.get("/contributions?isOpen=true").json()["items"] == []


@pytest.mark.parametrize("spelled", ["{}", "RF{}"])
def test_a_request_is_found_by_its_reference(at_work, contribution, spelled):  # noqa: F811
    wanted = spelled.format(
        contribution.reference.removeprefix("RF") if "RF" in spelled else contribution.reference
    )
    found = at_work.get(f"/contributions?reference={wanted}").json()["items"]
    assert [one["id"] for one in found] == [contribution.pk]
    assert at_work.get("/contributions?reference=RF00").json()["items"] == []
    assert at_work.get("/contributions?regionCode=NOWHERE").json()["items"] == []


def test_nobody_sees_what_another_pays(other, contribution):  # noqa: F811
    assert other.get("/pledges").json()["items"] == []
    assert other.get("/contributions").json()["items"] == []
    assert other.get(f"/contributions/{contribution.pk}").status_code == 404


def test_outside_its_regions_a_program_sees_nothing(at_work, contribution):  # noqa: F811
    at_work.partner.regions.clear()
    assert at_work.get("/pledges").json()["items"] == []
    assert at_work.get(f"/contributions/{contribution.pk}").status_code == 404


@pytest.mark.parametrize("path", READS)
def test_who_is_no_employer_is_told_so(program, contribution, path):  # noqa: F811
    refused = program.get(path.format(asked=contribution.pk))
    assert (refused.status_code, refused.json()["code"]) == (403, "no_employer")


@pytest.mark.parametrize("path", READS)
def test_a_token_without_the_scope_sees_nothing(at_work, contribution, path):  # noqa: F811
    client = at_work.partner.client
    poor = Program(None, access_token(client, at_work.client_secret, scope="requests:read"))
    refused = poor.get(path.format(asked=contribution.pk))
    assert refused.json()["code"] == "insufficient_scope"


def test_a_long_list_asks_no_more_of_the_database(at_work, pledge):  # noqa: F811
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            count = len(at_work.get("/contributions?pageSize=100").json()["items"])
        return count, len(asked)

    at_work.get("/contributions")
    few, before = queries()
    for month in (4, 7, 10):
        requests.ask_due(fund=pledge.fund, day=date(2027, month, 4))
    more, after = queries()
    assert more > few
    assert after == before
