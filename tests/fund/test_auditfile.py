"""The audit file keeps the order, the kinds of values and the keys of XAF 4.0.

The schema of the tax office (XAF 4.0.3) is not kept here. What it asks of the parts that we
write is told again below, in our own words: names in their order, `?` where one may be missing,
`*` where it repeats, `+` where it does so at least once, and what a value looks like.
"""

import itertools
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from lxml import etree

from budgetpool.fund import auditfile, funds, ledger
from budgetpool.fund.models import Account
from tests.fund.tampering import without_guards
from tests.sharing import shared

SPACE = f"{{{auditfile.NAMESPACE}}}"
ID, TEXT, DAY = r"(?s).{1,35}", r"(?s).{0,255}", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
AMOUNT, COUNT, SIDE = r"-?[0-9]{1,18}\.[0-9]{2}", r"[0-9]{1,10}", r"[CD]"
LINE = {"nr": ID, "accID": ID, "amnt": AMOUNT, "amntTp": SIDE}
TOTALS = {"linesCount": COUNT, "totalDebit": AMOUNT, "totalCredit": AMOUNT}
FORMAT = {
    "header": {
        "fiscalYear": r"[0-9]{4}",
        "startDate": DAY,
        "endDate": DAY,
        "curCode": "EUR",
        "dateCreated": DAY,
        "softwareDesc": r".{0,50}",
        "softwareVersion": r".{0,20}",
        "RGSVersion?": r".{0,20}",
    },
    "company": {
        "Commercenr?": r".{0,100}",
        "companyName": TEXT,
        "taxRegistrationCountry": r"[A-Z]{2}",
        "taxRegIdent": r".{1,30}",
        "generalLedger?": {
            "ledgerAccount+": {"accID": ID, "accDesc": TEXT, "accTp": r"[BP]", "RGScode?": TEXT}
        },
        "periods": {
            "period*": {
                "periodNumber": r"[0-9]{1,3}",
                "startDatePeriod": DAY,
                "endDatePeriod": DAY,
            }
        },
        "openingBalance": {**TOTALS, "obLine*": LINE},
        "transactions": {
            **TOTALS,
            "journal*": {
                "jrnID": ID,
                "desc": TEXT,
                "jrnTp?": r"[BCGMOPSTYZ]",
                "offsetAccID?": ID,
                "transaction*": {
                    "nr": ID,
                    "desc?": TEXT,
                    "periodNumber": r"[0-9]{1,3}",
                    "trDt": DAY,
                    "trLine*": {
                        "nr": ID,
                        "accID": ID,
                        "docRef": TEXT,
                        "effDate": DAY,
                        "desc?": TEXT,
                        "amnt": AMOUNT,
                        "amntTp": SIDE,
                    },
                },
            },
        },
    },
}


def check(element, form):
    """The element's children are those of `form`, in its order, and look as it says."""
    children = list(element)
    for name, inner in form.items():
        tag = SPACE + name.rstrip("?*+")
        found = 0
        while children and children[0].tag == tag and (name[-1] in "*+" or not found):
            child = children.pop(0)
            found += 1
            if isinstance(inner, dict):
                check(child, inner)
            else:
                assert re.fullmatch(inner, child.text or ""), (child.tag, child.text)
        assert found or name[-1] in "?*", f"{element.tag} has no {name}"
    assert not children, f"{children[0].tag} is out of place in {element.tag}"


def values(root, parent, child):
    return [element.text for element in root.iterfind(f".//{SPACE}{parent}/{SPACE}{child}")]


@shared
def books(twente):
    """Money of two years, with signs that XML has to escape, and an account of 1 cent."""
    bank = ledger.open_account(fund=twente, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=twente, kind=Account.Kind.POOL, code="pool")
    name = "Jansen & Zn <b>“De Brug”</b> " + "é" * 80
    employer = ledger.open_account(
        fund=twente, kind=Account.Kind.EMPLOYER, code="employer-1", name=name
    )
    long = [
        ledger.open_account(fund=twente, kind=Account.Kind.POOL, code=f"{'pool-' * 8}{end}")
        for end in "ab"
    ]
    for number, (debit, credit, cents, day) in enumerate(
        [
            (bank, employer, 5_000_01, date(2026, 12, 31)),
            (employer, pool, 5_000_00, date(2027, 1, 1)),
            (pool, long[0], 2, date(2027, 2, 28)),
            (long[0], long[1], 1, date(2027, 2, 28)),
            (bank, employer, 1, date(2027, 12, 31)),
        ]
    ):
        ledger.post(
            debit=debit,
            credit=credit,
            amount=cents,
            reference=f"x:{number}",
            memo="deposit",
            note="a & b < c",
            value_date=day,
        )
    return twente


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_file_has_the_form_the_keys_and_the_sums_of_the_format(books, year):
    root = etree.fromstring(auditfile.write(books, year=year))
    assert root.tag == f"{SPACE}auditfile"
    check(root, FORMAT)

    accounts = values(root, "ledgerAccount", "accID")
    assert len(set(accounts)) == len(accounts)
    assert set(values(root, "trLine", "accID")) <= set(accounts)
    assert set(values(root, "obLine", "accID")) <= set(accounts)
    periods = [[child.text for child in period] for period in root.iterfind(f".//{SPACE}period")]
    for day, number in zip(
        values(root, "transaction", "trDt"),
        values(root, "transaction", "periodNumber"),
        strict=True,
    ):
        [(_number, first, last)] = [period for period in periods if period[0] == number]
        assert first <= day <= last
    for before, after in itertools.pairwise(periods):
        assert date.fromisoformat(before[2]) + timedelta(days=1) == date.fromisoformat(after[1])

    for part, line in (("openingBalance", "obLine"), ("transactions", "trLine")):
        element = root.find(f".//{SPACE}{part}")
        lines = list(element.iter(SPACE + line))
        assert element.findtext(f"{SPACE}linesCount") == str(len(lines))
        for side, name in (("D", "totalDebit"), ("C", "totalCredit")):
            cents = sum(
                int(one.findtext(f"{SPACE}amnt").replace(".", ""))
                for one in lines
                if one.findtext(f"{SPACE}amntTp") == side
            )
            assert int(element.findtext(SPACE + name).replace(".", "")) == cents
        assert element.findtext(f"{SPACE}totalDebit") == element.findtext(f"{SPACE}totalCredit")


def test_a_year_without_bookings_is_valid_too(twente):
    """The schema wants at least one account in a ledger, or no ledger at all."""
    check(etree.fromstring(auditfile.write(twente, year=2030)), FORMAT)
    funds.open_fund(region=twente.region, name=twente.name)
    root = etree.fromstring(auditfile.write(twente, year=2030))
    check(root, FORMAT)
    assert "pool" in values(root, "ledgerAccount", "accID")


def test_costs_are_profit_and_loss_and_all_else_is_balance(twente, books):
    funds.open_fund(region=twente.region, name=twente.name)
    root = etree.fromstring(auditfile.write(twente, year=2027))
    kinds = dict(
        zip(
            values(root, "ledgerAccount", "accID"),
            values(root, "ledgerAccount", "accTp"),
            strict=True,
        )
    )
    assert kinds.pop("costs") == "P"
    assert set(kinds.values()) == {"B"}
    codes = values(root, "ledgerAccount", "RGScode")
    assert {"BLimBan", "BEivOkc", "WBed"} <= set(codes)
    assert len(codes) == len(kinds) + 1
    assert set(auditfile.RGS) == set(Account.Kind)


def test_each_bank_account_is_a_journal_and_the_rest_a_memorial(books):
    root = etree.fromstring(auditfile.write(books, year=2027))
    assert values(root, "journal", "jrnTp") == ["B", "M"]
    bank, memorial = root.iterfind(f".//{SPACE}journal")
    assert bank.findtext(f"{SPACE}offsetAccID") == "bank"
    assert [len(list(journal.iter(f"{SPACE}transaction"))) for journal in (bank, memorial)] == [
        1,
        3,
    ]


def test_invisible_signs_are_refused_at_the_door_and_left_out_of_the_file(books, shared_data):
    reason = (shared_data / "bank-cases" / "xaf_control_character" / "reason.txt").read_text()
    bank, pool = (Account.objects.get(fund=books, code=code) for code in ("bank", "pool"))
    with pytest.raises(ValidationError, match=r"onzichtbaar|invisible"):
        ledger.post(debit=bank, credit=pool, amount=1, reference="c", memo="deposit", note=reason)
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE fund_transfer SET note = %s WHERE reference = 'x:2'", [reason])
        cursor.execute("UPDATE fund_account SET name = %s WHERE code = 'pool'", ["po\x01ol"])
    root = etree.fromstring(auditfile.write(books, year=2027))
    check(root, FORMAT)
    assert "fout  geplakt uit Excel" in values(root, "trLine", "desc")
    assert "pool" in values(root, "ledgerAccount", "accDesc")
