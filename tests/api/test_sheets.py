"""Files of a spreadsheet: tried before they are sent, harmless in and out."""

import base64
import csv
import io
import re
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from api.models import Consent
from api.sheets import columns, reading, sending
from api.sheets.columns import KINDS
from budgetpool.audit.models import AuditEvent
from budgetpool.register.codes import Contract
from tests.cast import signed_in
from tests.refusing import refuses
from workers.models import TrainingRequest, Worker

pytestmark = pytest.mark.django_db


def row(number, forklift, **changed):
    """A row as people fill it in, by the labels of the template."""
    with translation.override("nl"):
        agency = str(Contract.AGENCY.label)
    born = f"{1 + number % 28:02}-03-19{60 + number % 30}"
    made = {
        "reference": f"case-{number}",
        "worker/name": f"{'ABCDEFGHIJ'[number % 10]}na Silva",
        "worker/birthDate": born,
        "worker/email": f"w{number}@example.nl",
        "worker/municipality": "Enschede",
        "worker/contract": agency,
        "worker/sector": "H",
        "worker/education": "mbo2",
        "worker/trainingHoursTwoYears": "0",
        "worker/hasStudyFinance": "nee",
        "consent/agreedAt": (timezone.localdate() - timedelta(days=2)).strftime("%d-%m-%Y"),
        "consent/way": "spoken",
        "consent/textVersion": "2026-1",
        "choices/0/trainingId": str(forklift.pk),
    }
    return made | changed


def labels(kind):
    with translation.override("nl"):
        return {column.place: str(column.label) for column in KINDS[kind]}


def as_csv(kind, rows):
    out = io.StringIO()
    names = labels(kind)
    writer = csv.writer(out, delimiter=";")
    writer.writerow(names.values())
    writer.writerows([one.get(place, "") for place in names] for one in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(kind, rows):
    book = openpyxl.Workbook()
    names = labels(kind)
    book.active.append(list(names.values()))
    for one in rows:
        book.active.append([one.get(place, "") for place in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def browser(program, partner_manager):
    return signed_in(partner_manager, second_factor=True)


def upload(browser, partner, kind, raw, name="file.csv"):
    address = reverse("partner:sheet", args=[partner.pk, kind])
    return address, browser.post(address, {"file": SimpleUploadedFile(name, raw)})


def sealed(answer):
    return re.search(r'name="rows" value="([^"]+)"', answer.content.decode())[1]


@pytest.mark.parametrize("made", [as_csv, as_xlsx])
def test_a_file_is_shown_first_and_sent_once_when_it_is_confirmed(
    browser, partner, window, forklift, made
):
    rows = [row(1, forklift), row(2, forklift, **{"worker/birthDate": "31-02-1990"})]
    address, shown = upload(browser, partner, "requests", made("requests", rows))
    text = shown.content.decode()
    assert "1 van de 2" in text
    assert "Geboortedatum" in text
    assert not TrainingRequest.objects.exists()
    assert not Worker.objects.filter(introduced_by=partner.name).exists()
    assert not AuditEvent.objects.filter(action="request.filed_by_partner").exists()
    for _ in range(2):
        browser.post(address, {"rows": sealed(shown)})
        [filed] = TrainingRequest.objects.all()
        assert filed.organisation_reference == "case-1"
    assert Consent.objects.get().client == partner.client
    event = AuditEvent.objects.filter(action="partner.sheet_sent").first()
    assert event.details == {"kind": "requests", "rows": 2, "done": 1}


def test_what_was_shown_to_one_is_sent_by_nobody_else_and_for_nothing_else(
    browser, partner, window, forklift, other_partner_manager
):
    raw = as_csv("requests", [row(1, forklift)])
    _, shown = upload(browser, partner, "requests", raw)
    other = signed_in(other_partner_manager, second_factor=True)
    theirs = reverse("partner:sheet", args=[other_partner_manager_partner(other), "requests"])
    for who, where in (
        (other, theirs),
        (browser, reverse("partner:sheet", args=[partner.pk, "starts"])),
    ):
        assert who.post(where, {"rows": sealed(shown)}).status_code == 302
    forged = sealed(shown)[:-2] + "AA"
    address = reverse("partner:sheet", args=[partner.pk, "requests"])
    assert browser.post(address, {"rows": forged}).status_code == 302
    assert not TrainingRequest.objects.exists()


def other_partner_manager_partner(browser):
    answer = browser.get(reverse("partner:start"))
    return int(re.search(r"/partners/(\d+)", answer.headers["Location"])[1])


def test_starts_and_completions_follow_the_reference(browser, partner, award_address, published):
    request = TrainingRequest.objects.get(pk=int(award_address.split("/")[2]))
    TrainingRequest.objects.filter(pk=request.pk).update(organisation_reference="case-1")
    today = timezone.localdate()
    rows = [
        {"reference": "case-1", "startedOn": (today + timedelta(days=9)).isoformat()},
        {"reference": "nobody", "startedOn": today.isoformat()},
        {"reference": "case-1", "startedOn": "soon"},
    ]
    _, shown = upload(browser, partner, "starts", as_csv("starts", rows))
    text = shown.content.decode()
    assert "0 van de 3" in text
    rows = [{"reference": "case-1", "kind": "attendance", "attendancePercent": "50"}]
    _, shown = upload(browser, partner, "completions", as_csv("completions", rows))
    assert "0 van de 1" in shown.content.decode()


def test_the_template_is_read_back_and_its_examples_are_no_formulas(browser, partner):
    for kind, of_kind in KINDS.items():
        for ending in ("csv", "xlsx"):
            address = reverse("partner:sheet-template", args=[partner.pk, kind, ending])
            answer = browser.get(address)
            assert f"budgetpool-{kind}.{ending}" in answer.headers["Content-Disposition"]
            [(number, cells)] = reading.rows(answer.content, of_kind)
            assert number == 2
            assert set(cells) <= {column.place for column in of_kind}
    assert browser.get(address.replace(".xlsx", ".ods")).status_code == 404
    assert browser.get(address.replace("completions", "people")).status_code == 404


# By program


def coded(raw, **more):
    return {"content": base64.b64encode(raw).decode()} | more


def test_a_program_sees_what_would_happen_and_sends_a_sheet_once(
    program, partner, window, forklift
):
    never = {"worker/name": "", "worker/birthDate": "31-02-1990"}
    raw = as_csv("requests", [row(1, forklift), row(2, forklift, **never)])
    tried = program.post("/request-sheets", coded(raw, isPreview=True))
    assert tried.status_code == 200, tried.content
    shown = tried.json()
    assert (shown["isPreview"], shown["done"], shown["refused"]) == (True, 1, 1)
    assert [one["requestNumber"] for one in shown["rows"]] == ["", ""]
    assert not TrainingRequest.objects.exists()
    first = program.post("/request-sheets", coded(raw), key="a")
    again = program.post("/request-sheets", coded(raw), key="a")
    other = program.post("/request-sheets", coded(raw), key="b")
    assert first.json() == again.json() == other.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    [filed] = TrainingRequest.objects.all()
    assert [one["requestNumber"] for one in first.json()["rows"]] == [filed.reference, ""]
    errors = {one["column"]: one["detail"] for one in first.json()["rows"][1]["errors"]}
    assert set(errors) == {"Name", "Date of birth"}
    assert "YYYY" not in errors["Date of birth"]
    assert AuditEvent.objects.filter(action="partner.sheet_sent").count() == 2
    changed = program.post("/request-sheets", coded(raw + b"\r\n"), key="a")
    assert (changed.status_code, changed.json()["code"]) == (422, "key_reused")


def test_a_sheet_needs_the_scope_a_key_and_something_to_read(program, partner, forklift, window):
    raw = as_csv("requests", [row(1, forklift)])
    for body, code in [
        ({"content": "no base64!"}, "not_base64"),
        (coded(b"PK"), "not_a_sheet"),
        (coded(b""), "blank"),
        (coded(as_csv("starts", [{"reference": "a", "startedOn": "b"}])), "sheet_without_columns"),
    ]:
        refused = program.post("/request-sheets", body)
        assert refused.status_code == 400
        [error] = refused.json()["errors"]
        assert (error["code"], error["location"]["pointer"]) == (code, "#/content")
    for preview in (True, False):
        no_key = program.send("post", "/request-sheets", coded(raw, isPreview=preview))
        assert no_key.status_code == 400
        assert no_key.json()["errors"][0]["location"]["name"] == "Idempotency-Key"
    partner.client.scopes = ["requests:read"]
    partner.client.save(update_fields=["scopes"])
    for path in ("/request-sheets", "/start-sheets", "/completion-sheets"):
        assert program.post(path, coded(raw)).status_code == 403
        assert program.get(path).status_code == 403
    assert not TrainingRequest.objects.exists()


def test_a_program_tells_starts_of_its_own_requests_only(
    program, other_program, award_address, published
):
    request = TrainingRequest.objects.get(pk=int(award_address.split("/")[2]))
    TrainingRequest.objects.filter(pk=request.pk).update(organisation_reference="case-1")
    raw = as_csv("starts", [{"reference": "case-1", "startedOn": "2027-03-01"}])
    told = other_program.post("/start-sheets", coded(raw)).json()
    assert (told["done"], told["rows"][0]["requestNumber"]) == (0, "")
    looks = AuditEvent.objects.filter(action="worker.seen", subject_id=str(request.worker_id))
    assert not looks.exists()
    for body in (coded(raw, isPreview=True), coded(as_csv("starts", [{"reference": "case-1"}]))):
        before = looks.count()
        assert program.post("/start-sheets", body).json()["rows"][0]["requestNumber"]
        assert looks.count() == before + 1  # tried and undone, or refused: a look is a look
    names = [one["name"] for one in program.get("/start-sheets").json()["columns"]]
    assert names == [column.place for column in KINDS["starts"]]


# What comes in may be made to hurt


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return out.getvalue()


def with_part(content):
    out = io.BytesIO(as_xlsx("starts", [{"reference": "a", "startedOn": "01-02-2027"}]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/extra.xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (bomb(), "sheet_too_large"),
        (b"x" * 2_000_001, "sheet_too_large"),
        (with_part(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "not_a_sheet"),
        (b"PK\x03\x04 no archive", "not_a_sheet"),
        (b"PK", "not_a_sheet"),
        (b"a\0b;c", "not_a_sheet"),
        (b"", "sheet_empty"),
        (b"reference;startedOn\r\n", "sheet_empty"),
        (b"reference;startedOn\r\n" + b"a;b\r\n" * 501, "sheet_too_long"),
        (b"reference;startedOn\r\n" + b";\r\n" * 5_001, "sheet_too_long"),
        (b"reference;reference\r\na;b\r\n", "sheet_without_columns"),
        (b"reference;BSN\r\na;b\r\n", "sheet_without_columns"),
    ],
)
def test_a_file_that_would_hurt_or_says_nothing_is_refused(raw, code):
    with refuses(code):
        reading.rows(raw, KINDS["starts"])


def test_a_bsn_in_a_file_is_refused_in_its_row(program, partner, window, forklift):
    rows = [row(1, forklift, goal="Mijn nummer is 111222333")]
    sent = sending.read(partner, "requests", as_csv("requests", rows))
    [result] = sending.try_out(sending.caller_of(partner), "requests", sent)
    assert not result.is_done
    assert not TrainingRequest.objects.exists()


def test_an_organisation_without_a_program_is_told_so(partner):
    with refuses("no_client"):
        sending.caller_of(partner)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (columns.day, "4-3-1991", "1991-03-04"),
        (columns.day, "31/12/1990", "1990-12-31"),
        (columns.day, "31-02-1990", "31-02-1990"),
        (columns.day, "soon", "soon"),
        (columns.whole, "12", 12),
        (columns.whole, "12.5", "12.5"),
        (columns.yes_or_no, "Ja", True),
        (columns.yes_or_no, "nee", False),
        (columns.yes_or_no, "maybe", "maybe"),
        (columns.begin_of_day, "01-07-2026", "2026-07-01T00:00:00+02:00"),
    ],
)
def test_values_are_read_as_people_write_them(read, text, value):
    assert read(text) == value
