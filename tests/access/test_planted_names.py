"""A person's name, address and account are planted in every door, and looked for where none may be:
in logs, figures for the monitor, the trail, file names, jobs and the pages of errors.
"""

import json
import logging
from html import escape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.tasks import task
from django.test import Client
from django.urls import reverse
from lxml import html

from budgetpool import logs
from budgetpool.audit.models import AuditEvent
from budgetpool.bank.importing import read_stream
from budgetpool.bank.models import BankEntry
from budgetpool.bank.statement import StatementRefused
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from employers.importing import import_file
from tests.access.matrix import MATRIX
from tests.bank.samples import camt, entry_xml, statement_xml
from tests.cast import signed_in
from tests.workers.test_files import picture
from workers.models import Document

pytestmark = pytest.mark.django_db
NAME = "Zwaantje Quistwater"
EMAIL = "zwaantje.quistwater@example.nl"
IBAN = "NL20INGB0001234567"
PHONE = "+31687654321"
WORDS = ("zwaantje", "quistwater", IBAN.lower(), IBAN[-10:], PHONE[-8:])
EVERYTHING = f"{NAME} <{EMAIL}> {IBAN} {PHONE}"
FIELDS = ".//textarea/@name | .//input[not(@type) or @type!='hidden']/@name"
TOKEN = "a-long-secret-of-the-monitor"
HEADERS = {
    "user-agent": EVERYTHING,
    "referer": f"http://testserver/{EMAIL}?q={NAME}",
    "x-request-id": NAME,
    "x-forwarded-for": NAME,
    "accept-language": EVERYTHING,
    "authorization": f"Bearer {NAME}",
    "idempotency-key": EMAIL,
    "if-match": f'"{NAME}"',
    "hx-request": NAME,
    "origin": f"https://{EMAIL}",
}


@pytest.fixture
def written():
    """Every line that any logger writes, down to the last detail, as a server writes it."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep(level=logging.DEBUG)
    handler.setFormatter(logs.formatter(as_json=True))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def nowhere(written, settings):
    """Look in all places at once; call it when everything was planted."""
    settings.METRICS_TOKEN = TOKEN
    logging.getLogger("django.db.backends").setLevel(logging.INFO)

    def look():
        figures = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        places = {
            "logs": "\n".join(written),
            "figures": figures.content.decode(),
            "trail": json.dumps(list(AuditEvent.objects.values_list("action", "details"))),
            "files": " ".join(Document.objects.values_list("file", flat=True)),
            "jobs": json.dumps(list(Job.objects.values_list("key", "error"))),
        }
        found = [
            (place, word, text[max(0, text.lower().index(word) - 80) :][:200])
            for place, text in places.items()
            for word in WORDS
            if word in text.lower()
        ]
        assert not found, found
        assert figures.status_code == 200

    return look


def is_clean(answer):
    """A page of an error repeats nothing."""
    shown = answer.content.decode(errors="replace").lower()
    assert not [word for word in WORDS if word in shown], answer.request["PATH_INFO"]


def test_in_the_address_and_every_header_of_every_page_without_a_key(client, nowhere):
    client.raise_request_exception = False
    for row in MATRIX:
        if row.args:
            continue
        place = reverse(row.url)
        answer = client.get(place, {"q": EVERYTHING, "next": f"/{EMAIL}"}, headers=HEADERS)
        assert answer.status_code < 500, place
        # A sign-in that failed (401) goes on where somebody wanted to go.
        if answer.status_code in {400, 403, 404, 405}:
            is_clean(answer)
    nowhere()


@pytest.mark.parametrize(
    "path", [f"/{NAME}", f"/v1/{EMAIL}", f"/apply/{NAME}", f"/v1/regions/{NAME}"]
)
def test_in_an_address_that_leads_nowhere(client, nowhere, path):
    answer = client.get(path, headers=HEADERS)
    assert answer.status_code in {404, 405}
    is_clean(answer)
    nowhere()


def test_in_every_field_of_the_application(draft_of_worker, nowhere):
    browser = signed_in(draft_of_worker.worker.user)
    page = browser.get(reverse("apply:summary", args=[draft_of_worker.pk]))
    links = {
        link.partition("?")[0]
        for link in html.fromstring(page.content.decode()).xpath("//main//a/@href")
        if "/questions/" in link
    }
    assert len(links) > 3
    for link in links:
        form = html.fromstring(browser.get(link).content.decode()).xpath("//main//form")[0]
        for value in (NAME, EMAIL, IBAN, PHONE):
            fields = dict.fromkeys(
                form.xpath(".//textarea/@name | .//input[not(@type) or @type!='hidden']/@name"),
                value,
            )
            assert browser.post(link, fields).status_code < 500
    nowhere()


def test_in_the_ways_in(client, nowhere):
    for name in ("sign-in", "account_signup", "account_reset_password", "account_login"):
        for value in (NAME, EMAIL, PHONE, IBAN):
            fields = dict.fromkeys(
                ("email", "login", "phone", "name", "password", "code", "next", "user"), value
            )
            assert client.post(reverse(name), fields, headers=HEADERS).status_code < 500
    nowhere()


def test_in_the_name_of_a_file_and_in_a_file_that_is_refused(draft_of_worker, nowhere):
    browser = signed_in(draft_of_worker.worker.user)
    files = [
        SimpleUploadedFile(f"{EVERYTHING}.jpg", picture()),
        SimpleUploadedFile(f"../{NAME}.pdf", b"%PDF-1.4 " + NAME.encode()),
    ]
    browser.post(reverse("apply:files", args=[draft_of_worker.pk]), {"files": files})
    assert Document.objects.get().name.startswith("Zwaantje"), "its owner sees what they sent"
    nowhere()


def test_in_the_lines_of_a_bank_statement_and_in_broken_ones(fund_iban, nowhere):
    whole = statement_xml(
        entry_xml("50.00", name=NAME, iban=IBAN, remittance=escape(EVERYTHING)),
        id="S-1",
        iban=fund_iban.iban,
    )
    import_file(source=read_stream(camt(whole), name=f"{NAME}.xml"), fund=fund_iban.fund, by=None)
    assert BankEntry.objects.exists()
    for broken in (b"<x>" + EVERYTHING.encode(), EVERYTHING.encode(), b":20:" + NAME.encode()):
        with pytest.raises(StatementRefused):
            import_file(
                source=read_stream(BytesIO(broken), name=f"{NAME}.sta"),
                fund=fund_iban.fund,
                by=None,
            )
    nowhere()


@pytest.mark.parametrize(
    "body",
    [
        {"workerName": NAME, "email": EMAIL, "worker": {"name": NAME, "iban": IBAN}},
        [EVERYTHING],
        EVERYTHING,
        {NAME: {EMAIL: IBAN}},
    ],
    ids=["fields", "list", "text", "names of fields"],
)
@pytest.mark.parametrize("path", ["/v1/training-requests", "/v1/oauth/token", "/v1/consents"])
def test_in_bodies_for_programs(client, nowhere, path, body):
    answer = client.post(path, json.dumps(body), content_type="application/json", headers=HEADERS)
    assert 400 <= answer.status_code < 500
    is_clean(answer)
    nowhere()


ERRORS = [
    ValueError(f"invalid literal for int() with base 10: '{NAME}'"),
    IntegrityError(
        'new row for relation "workers_worker" violates check constraint "worker_has_name"\n'
        f"DETAIL:  Failing row contains (7, {NAME}, {EMAIL}, {IBAN}, {PHONE})."
    ),
    KeyError(NAME),
]


QUEUED = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
RAISES = {}


@task
def unlucky(job_id):
    with work.running(job_id) as job:
        assert job
        raise RAISES["now"]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_in_an_error_that_nobody_expected(error, nowhere, written, monkeypatch, settings):
    """Databases and parsers repeat what they refuse: the log keeps where, and not whose."""
    settings.TASKS = QUEUED
    monkeypatch.setitem(RAISES, "now", error)
    job = work.ask(key="unlucky", task=unlucky)
    unlucky.call(job.pk)
    assert Job.objects.get().error.startswith(type(error).__name__)
    try:
        raise error
    except Exception:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/somewhere")
    text = "\n".join(written)
    assert "test_planted_names.py" in text, "where it went wrong is told"
    assert type(error).__name__ in text
    nowhere()


def test_the_name_of_a_constraint_stays_in_the_log():
    [_, error, _] = ERRORS
    assert logs.said(error) == (
        'IntegrityError: new row for relation "workers_worker" violates check constraint '
        '"worker_has_name"'
    )
