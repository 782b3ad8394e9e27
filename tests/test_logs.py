import json
import logging

import pytest
import structlog

from budgetpool import logs
from tests.cast import signed_in


@pytest.fixture
def lines():
    """What the root logger writes on a server."""
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler = Keep()
    handler.setFormatter(logs.formatter(as_json=True))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail to ewa.nowak@example.nl failed", "mail to <e-mail> failed"),
        ("paid to NL91 ABNA 0417 1643 00", "paid to <iban>"),
        ("paid to NL91ABNA0417164300.", "paid to <iban>."),
        ("call +31 6 12345678 or 0612345678", "call <number> or <number>"),
        ("111222333", "<number>"),
        ("Bearer budgetpool_abcdefghijklmnop", "Bearer <token>"),
        ("round 2027-1 has 1500 requests", "round 2027-1 has 1500 requests"),
    ],
)
def test_what_looks_like_a_person_is_blanked(text, kept):
    assert logs.without_people(None, "info", {"event": text}) == {"event": kept}


def test_a_line_of_any_library_is_json_without_people(lines):
    logging.getLogger("some.library").warning("no mail for %s", "ewa@example.nl")
    [line] = lines
    assert line["event"] == "no mail for <e-mail>"
    assert (line["level"], line["logger"]) == ("warning", "some.library")


def test_a_traceback_is_blanked_too(lines):
    try:
        raise ValueError("bad row of ewa@example.nl")
    except ValueError:
        structlog.get_logger("budgetpool").exception("failed", address=["ewa@example.nl"])
    assert "ewa@" not in json.dumps(lines)
    assert "bad row of <e-mail>" in lines[0]["exception"]


@pytest.mark.django_db
def test_each_request_is_one_line_with_its_name_and_not_its_address(lines, stranger):
    answer = signed_in(stranger).get("/account?name=Ewa")
    [line] = [line for line in lines if line["logger"] == "budgetpool.request"]
    assert (line["page"], line["status"], line["method"]) == ("profile", 200, "GET")
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert "Ewa" not in json.dumps(line)
