"""A school's program bills what its people cost, follows the money, and sees nobody else's."""

import base64
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allocation.decisions import places, starting
from allocation.models import Award, Invoice
from allocation.payouts import batches, confirming, planning
from api.models import Partner
from api.webhooks import endpoints
from budgetpool.audit.models import AuditEvent
from budgetpool.limits import shares
from budgetpool.register.models import Provider
from tests.api.conftest import Program, access_token, make_program
from tests.api.receiving import *  # noqa: F403
from tests.payouts.conftest import (  # noqa: F401
    award,
    edition,
    main_iban,
    make_award,
    school,
    second_treasurer,
    statement,
)
from tests.payouts.test_ubl import BOMB, OUTSIDE, e_invoice
from tests.sharing import shared

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def school_program(provider, region, name="Lasschool"):
    return make_program(name, provider.kvk, [region])


@shared
def shown(award):  # noqa: F811
    """The award's person let the school know who they are."""
    places.let_know(award=award, actor=award.request.worker.user)
    return award


@shared
def at_school(shown, welding):
    return school_program(welding.provider, shown.round.fund.region)


@shared
def other_school(shown):
    provider = Provider.objects.create(
        name="Andere school", kvk="90000077", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )
    return school_program(provider, shown.round.fund.region, "Andere school")


@pytest.fixture
def bill(shown):
    """EUR 600 for the welding course, by an exempt school."""
    return {
        "requestId": shown.request_id,
        "number": "2027-31",
        "datedOn": TODAY().isoformat(),
        "amountCents": 60_000,
        "vatCents": 0,
    }


def code_at(answer):
    assert answer.status_code == 400, answer.content
    return {one["location"]["pointer"]: one["code"] for one in answer.json()["errors"]}


def test_an_invoice_goes_to_the_treasurer_and_its_payment_comes_back(
    at_school,
    bill,
    shown,
    school,  # noqa: F811
    main_iban,  # noqa: F811
    treasurer,
    second_treasurer,  # noqa: F811
):
    sent = at_school.post("/invoices", bill, key="i-1")
    assert (sent.status_code, sent.json()["state"], sent.json()["paidCents"]) == (
        201,
        "received",
        0,
    )
    again = at_school.post("/invoices", bill, key="i-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == sent.json()
    where = sent.headers["Location"].removeprefix("http://testserver/v1")
    # 80% before the end: EUR 480.
    payout = planning.advance(invoice=Invoice.objects.get(), actor=treasurer)
    assert at_school.get(where).json()["state"] == "planned"
    batch = batches.prepare(fund=shown.round.fund, execution_on=TODAY(), actor=treasurer)
    batches.approve(batch=batch, sha256=batch.xml_sha256, actor=second_treasurer)
    statement(main_iban, (-48_000, payout.end_to_end_id, {}))
    confirming.confirm(fund=main_iban.fund, actor=treasurer)
    told = at_school.get(where).json()
    assert (told["state"], told["paidCents"]) == ("partly_paid", 48_000)
    assert [(one["amountCents"], one["status"]) for one in told["payments"]] == [(48_000, "paid")]
    listed = at_school.get(f"/invoices?requestId={shown.request_id}&number=2027-31").json()
    assert (listed["total"], listed["items"]) == (1, [told])
    # Of what is paid nothing is taken back.
    refused = at_school.post(f"{where}/withdrawal", {"reason": "Te vroeg"})
    assert (refused.status_code, refused.json()["code"]) == (409, "has_payouts")


def test_an_invoice_is_taken_back_and_its_number_free_again(at_school, bill):
    sent = at_school.post("/invoices", bill)
    twice = at_school.post("/invoices", bill)
    assert (twice.status_code, twice.json()["code"]) == (409, "number_used")
    path = f"/invoices/{sent.json()['id']}/withdrawal"
    assert code_at(at_school.post(path, {})) == {"#/reason": "required"}
    assert code_at(at_school.post(path, {"reason": " "})) == {"#/reason": "blank"}
    back = at_school.post(path, {"reason": "Verkeerd nummer"})
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    assert at_school.post("/invoices", bill).status_code == 201


def test_an_e_invoice_tells_all_by_itself(at_school, shown):
    file = e_invoice(
        reference=f"R-{shown.request_id:04}", kvk=at_school.partner.kvk, vat="0", number="E-1"
    )
    sent = at_school.post("/invoices", {"eInvoice": base64.b64encode(file).decode()})
    assert sent.status_code == 201, sent.content
    told = sent.json()
    assert (told["requestId"], told["number"], told["amountCents"], told["datedOn"]) == (
        shown.request_id,
        "E-1",
        60_000,
        "2027-03-01",
    )


# Attacks


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"amountCents": 60_001}, {"#/amountCents": "above_register_price"}),
        ({"vatCents": 10_413}, {"#/vatCents": "vat_wrong"}),
        ({"amountCents": 0}, {"#/amountCents": "min_value"}),
        ({"amountCents": -1, "vatCents": "x"}, {"#/amountCents": "min_value", "#/vatCents": None}),
        ({"number": "9" * 36, "datedOn": "1 maart"}, {"#/number": "max_length", "#/datedOn": None}),
        ({"number": "123456782"}, {"#/number": "bsn"}),
        ({"requestId": 2**63 - 1}, {"#/requestId": "does_not_exist"}),
        ({"iban": "NL00"}, {"#/iban": "unknown"}),
        ({"eInvoice": "PHg+"}, dict.fromkeys(["#/number", "#/datedOn"], "repeated")),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_at_its_place_and_nothing_is_sent(at_school, bill, change, errors):
    found = code_at(at_school.post("/invoices", bill | change))
    assert errors.keys() <= found.keys()
    assert all(found[place] == code for place, code in errors.items() if code)
    assert not Invoice.objects.exists()


def test_everything_that_is_missing_is_told_at_once(at_school):
    assert set(code_at(at_school.post("/invoices", {}))) == {
        "#/requestId",
        "#/number",
        "#/datedOn",
        "#/amountCents",
        "#/vatCents",
    }


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"%PDF-1.7", "not_an_invoice"),
        (BOMB + e_invoice()[38:], "not_an_invoice"),
        (OUTSIDE + e_invoice()[38:], "not_an_invoice"),
        (e_invoice(kvk="12345678"), "other_supplier"),
        (e_invoice(currency="USD"), "other_currency"),
    ],
    ids=["pdf", "bomb", "outside", "other school", "dollars"],
)
def test_no_file_is_trusted(at_school, bill, file, code):
    body = {"requestId": bill["requestId"], "eInvoice": base64.b64encode(file).decode()}
    assert code_at(at_school.post("/invoices", body)) == {"#/eInvoice": code}
    assert code_at(at_school.post("/invoices", body | {"eInvoice": "é!"})) == {
        "#/eInvoice": "not_base64"
    }
    assert not Invoice.objects.exists()


def test_an_e_invoice_that_names_nobody_or_somebody_of_another_school_is_for_nobody(
    at_school, other_school
):
    def sent(program, number):
        file = e_invoice(reference=number, kvk=program.partner.kvk, vat="0")
        return program.post("/invoices", {"eInvoice": base64.b64encode(file).decode()})

    request = Award.objects.get().request_id
    assert code_at(sent(at_school, "R-999999")) == {"#/requestId": "required"}
    assert code_at(sent(other_school, f"R-{request:04}")) == {"#/requestId": "required"}


def test_another_school_reads_sends_and_takes_back_nothing(at_school, other_school, bill):
    where = f"/invoices/{at_school.post('/invoices', bill).json()['id']}"
    person = f"/school-awards/{bill['requestId']}"
    assert other_school.get("/invoices").json()["items"] == []
    assert other_school.get("/school-awards").json()["items"] == []
    for path in (where, person, f"{person}/attendance"):
        assert at_school.get(path).status_code == 200
        assert other_school.get(path).status_code == 404
    assert other_school.post(f"{where}/withdrawal", {"reason": "x"}).status_code == 404
    assert other_school.post(f"{person}/start", {"startedOn": "2026-01-01"}).status_code == 404
    assert code_at(other_school.post("/invoices", bill)) == {"#/requestId": "does_not_exist"}
    assert Invoice.objects.get().withdrawn_at is None


def test_who_stops_sharing_is_seen_and_billed_no_more_but_what_was_sent_stays(
    at_school, bill, shown
):
    where = f"/invoices/{at_school.post('/invoices', bill).json()['id']}"
    places.stop_sharing(award=shown, actor=shown.request.worker.user)
    assert at_school.get("/school-awards").json()["items"] == []
    assert at_school.get(f"/school-awards/{shown.request_id}").status_code == 404
    assert code_at(at_school.post("/invoices", bill | {"number": "2"})) == {
        "#/requestId": "does_not_exist"
    }
    assert at_school.get(where).json()["number"] == "2027-31"


def test_a_school_of_another_region_or_one_that_ended_sees_nothing(at_school, bill, shown):
    where = f"/invoices/{at_school.post('/invoices', bill).json()['id']}"
    at_school.partner.regions.clear()
    assert at_school.get("/school-awards").json()["items"] == []
    assert at_school.get(where).status_code == 404
    Provider.objects.update(status=Provider.Status.ENDED)
    refused = at_school.get("/school-awards")
    assert (refused.status_code, refused.json()["code"]) == (403, "no_school")


def test_an_agency_is_no_school(program, bill):
    for refused in (program.get("/invoices"), program.post("/invoices", bill)):
        assert (refused.status_code, refused.json()["code"]) == (403, "no_school")


def test_a_reader_sends_nothing(at_school, bill):
    client = at_school.partner.client
    reader = Program(None, access_token(client, at_school.client_secret, scope="invoices:read"))
    assert reader.get("/invoices").status_code == 200
    assert reader.post("/invoices", bill).json()["code"] == "insufficient_scope"
    assert reader.get("/school-awards").json()["code"] == "insufficient_scope"


# Who comes


def test_a_school_sees_who_comes_and_each_look_is_kept(at_school, shown):
    [told] = at_school.get("/school-awards").json()["items"]
    assert (told["requestId"], told["name"], told["status"]) == (
        shown.request_id,
        "Willem Worker",
        "accepted",
    )
    account = Partner.objects.get(name="Lasschool").account
    looks = AuditEvent.objects.filter(actor=account, action="award.seen")
    assert looks.count() == 1


def test_the_first_lesson_and_the_weeks_are_told(at_school, shown):
    path = f"/school-awards/{shown.request_id}"
    monday = TODAY() - timedelta(days=TODAY().weekday())
    week = {"weekOf": monday.isoformat(), "lessons": 9, "attended": 7}
    early = at_school.post(f"{path}/attendance", week)
    assert (early.status_code, early.json()["code"]) == (409, "not_begun")
    Award.objects.update(granted_at=timezone.now() - timedelta(days=20))
    begun = at_school.post(f"{path}/start", {"startedOn": monday.isoformat()})
    assert (begun.status_code, begun.json()["startedOn"]) == (201, monday.isoformat())
    assert at_school.post(f"{path}/attendance", week).status_code == 201
    # 7 of 9 lessons is 77%.
    assert at_school.get(f"{path}/attendance").json() == {
        "percent": 77,
        "items": [{"weekOf": monday.isoformat(), "lessons": 9, "attended": 7}],
    }
    more = at_school.post(f"{path}/attendance", week | {"attended": 10})
    assert (more.status_code, more.json()["code"]) == (409, "more_than_lessons")
    said_again = at_school.post(f"{path}/attendance", week | {"attended": 9})
    assert said_again.status_code == 201
    assert at_school.get(f"{path}/attendance").json()["percent"] == 100


def test_a_list_costs_the_same_however_long_it_is(
    at_school,
    shown,
    make_award,  # noqa: F811
):
    shares.forget()
    with CaptureQueriesContext(connection) as few:
        at_school.get("/school-awards")
    for number in range(5):
        more = make_award(f"Worker {number}", cents=1_000)
        places.let_know(award=more, actor=more.request.worker.user)
    shares.forget()
    with CaptureQueriesContext(connection) as many:
        assert at_school.get("/school-awards").json()["total"] == 6
    assert len(many) == len(few)


# What the school's program is told


def test_a_school_is_told_of_its_invoices_and_people_and_another_school_is_not(
    at_school, other_school, shown, bill, receiver, django_capture_on_commit_callbacks
):
    for program in (at_school, other_school):
        endpoints.add(
            partner=program.partner,
            url=receiver.url,
            listens_to=["invoice.changed", "school_award.changed"],
        )
    worker = shown.request.worker.user
    with django_capture_on_commit_callbacks(execute=True):
        key = at_school.post("/invoices", bill).json()["id"]
        at_school.post(f"/invoices/{key}/withdrawal", {"reason": "wrong number"})
        starting.start(award=shown, actor=worker, started_on=timezone.localdate())
    invoice = {"invoiceId": key, "number": bill["number"]}
    assert [(one["type"], one["data"]) for one in receiver.events] == [
        ("invoice.changed", {"sequence": 1, "change": "entered"} | invoice),
        ("invoice.changed", {"sequence": 2, "change": "withdrawn"} | invoice),
        (
            "school_award.changed",
            {"sequence": 1, "change": "started", "requestId": shown.request_id},
        ),
    ]


def test_a_school_hears_nothing_of_who_did_not_let_it_know(
    at_school, shown, receiver, django_capture_on_commit_callbacks
):
    endpoints.add(partner=at_school.partner, url=receiver.url, listens_to=["school_award.changed"])
    worker = shown.request.worker.user
    places.stop_sharing(award=shown, actor=worker)
    with django_capture_on_commit_callbacks(execute=True):
        starting.start(award=shown, actor=worker, started_on=timezone.localdate())
    assert not receiver.events
