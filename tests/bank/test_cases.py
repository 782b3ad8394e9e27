"""Every file rebuilt from a public report is read, and recognised, as its answer says.

What asks for a database stands with its subject: gaps and equal payments in
`tests/employers/test_proven_chain.py`, an account without an IBAN in
`tests/employers/test_importing.py`, a batch and a return in `tests/payouts`.
"""

import json
from datetime import date
from io import BytesIO

import pytest

from budgetpool.bank import chain, epc_text, links, reading
from budgetpool.bank.models import BankEntry
from budgetpool.free_text import CONTROL
from budgetpool.fund import auditfile
from employers.deposits.matching import Asked, Matcher
from tests.bank.samples import SHARED, case, read_file

CASES = SHARED / "bank-cases"


def right(name):
    """What the case says is right."""
    return json.loads(case(name, "expected.json").read_text())["expected"]


def only(name, file="in.xml", **places):
    """The one statement of a case, with its places filled."""
    content = case(name, file).read_text("utf-8")
    for place, value in places.items():
        content = content.replace(f"{{{place}}}", value)
    (found,) = reading.read(BytesIO(content.encode()))
    return found


def settle(entry, *requests):
    """What a deposit pays of requests (reference, cents)."""
    asked = [
        Asked(number, number, reference, cents, 1)
        for number, (reference, cents) in enumerate(requests, start=1)
    ]
    row = BankEntry(
        amount_cents=entry.amount_cents,
        iban=entry.iban or "",
        remittance=entry.remittance or "",
        structured_reference=entry.structured_reference or "",
        end_to_end_id=entry.end_to_end_id or "",
    )
    return Matcher(asked).settle(row)


def test_every_case_has_an_answer_that_is_tried_here_or_with_its_subject():
    if not CASES.is_dir():
        pytest.skip(f"no shared cases in {CASES}: set BUDGETPOOL_SHARED_DATA")
    elsewhere = {"gap_between_statements", "two_equal_payments_two_statements", "mt940_abn_bban"}
    here = set(READ) | set(FOUND) | elsewhere
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == here


def batch_txamt(wanted):
    entries = only("camt_batch_txamt").entries
    return [entry.amount_cents for entry in entries] == wanted["amounts"]


def charges_in_entry(wanted):
    return only("camt_charges_in_entry").total_cents == wanted["total_cents"]


def reversal(wanted):
    return only("camt_reversal_wrong_dialect").balance_proven is wanted["balance_proven"]


def no_20(wanted):
    (entry,) = only("mt940_abn_no_20", "in.940").entries
    return {name: getattr(entry, name) for name in wanted} == wanted


def long_reference(wanted):
    statement = only("mt940_long_customer_ref", "in.940")
    (entry,) = statement.entries
    return (entry.amount_cents, statement.balance_proven) == (
        wanted["amount_cents"],
        wanted["balance_proven"],
    )


def year_back(wanted):
    (entry,) = only("mt940_year_back", "in.940").entries
    return entry.date == date.fromisoformat(wanted["date"])


def own_batch(wanted):
    places = {"MESSAGE_ID": "MSG-1", "PMTINFID": "PMT-1", "TOTAL": "896.00"}
    (entry,) = only("own_batch_booked_as_one", "in.xml.template", **places).entries
    return (entry.message_id, entry.payment_information_id) == ("MSG-1", "PMT-1")


def return_reason(wanted):
    (entry,) = only("return_reason_lost", "in.xml.template").entries
    return entry.return_reason == wanted["reason_contains"]


def names(wanted):
    given = json.loads(case("pain001_names", "names.json").read_text("utf-8"))
    cleaned = [epc_text.clean(name, length=epc_text.NAME_LENGTH) for name in given]
    return all(
        name and not name.startswith(" ") and not epc_text.OUTSIDE.search(name) for name in cleaned
    ) and {len(name) <= epc_text.NAME_LENGTH for name in cleaned} == {True}


def control_character(wanted):
    text = case("xaf_control_character", "reason.txt").read_text("utf-8")
    return bool(CONTROL.search(text)) and auditfile.printable(text).isprintable()


def xaf(wanted):
    return wanted["namespace"] == auditfile.NAMESPACE


READ = {
    "camt_batch_txamt": batch_txamt,
    "camt_charges_in_entry": charges_in_entry,
    "camt_reversal_wrong_dialect": reversal,
    "mt940_abn_no_20": no_20,
    "mt940_long_customer_ref": long_reference,
    "mt940_year_back": year_back,
    "own_batch_booked_as_one": own_batch,
    "return_reason_lost": return_reason,
    "pain001_names": names,
    "xaf_control_character": control_character,
    "xaf_4_0": xaf,
}


@pytest.mark.parametrize("name", READ)
def test_a_case_is_read_as_its_answer_says(name):
    assert READ[name](right(name))


FOUND = {
    "camt_ustrd_and_strd": ("in.xml", [("RF790010000060002", 111_00)], "reference"),
    "mt940_rabo_iban_line2": ("in.940", [("RF520010000060003", 150_00)], "text"),
    "mt940_bng_columns": ("in.940", [("RF140010000060008", 88_00)], "text"),
    "one_payment_two_requests": (
        "in.xml",
        [("RF950010000060005", 300_00), ("RF680010000060006", 500_00)],
        "parts",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_case_is_recognised_as_its_answer_says(name):
    file, requests, how = FOUND[name]
    wanted, statement = right(name), only(name, file)
    (entry,) = statement.entries
    found = settle(entry, *requests)
    assert found is not None
    assert found.how == how
    assert [share.amount_cents for share in found.shares] == [cents for _, cents in requests]
    for fact in ("name", "iban"):
        assert fact not in wanted or getattr(entry, fact) == wanted[fact]
    assert wanted.get("paid", [300_00, 500_00]) == [300_00, 500_00]
    assert statement.balance_proven


def test_the_gap_of_the_case_is_told_in_cents():
    first, second = (
        read_file(case("gap_between_statements", file))[0] for file in ("1.xml", "2.xml")
    )
    known = chain.Chain()
    read = links.read_of(first)
    known.add(read, [chain.whole(read)])
    hold = known.decide(links.read_of(second)).hold
    assert (hold.code, hold.params["gap_cents"]) == ("gap", 89_00)
