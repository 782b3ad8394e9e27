"""XML Auditfile Financieel 3.2 of one year of a fund.

The fund books no VAT and has no customers, so those parts are left out. The format wants a tax
number of the company; a fund that has none gets the letters `ONBEKEND`.
"""

import hashlib
from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils import timezone

from budgetpool.fund import reports
from budgetpool.fund.memos import memo_text
from budgetpool.fund.models import Account, Fund

NAMESPACE = "http://www.auditfiles.nl/XAF/3.2"
NO_TAX_NUMBER = "ONBEKEND"
ID_LENGTH = 35


def write(fund: Fund, *, year: int) -> bytes:
    """The year as an audit file: accounts, opening balance, and each transfer as two lines."""
    root = Element("auditfile", xmlns=NAMESPACE)
    _fill(
        SubElement(root, "header"),
        fiscalYear=str(year),
        startDate=f"{year}-01-01",
        endDate=f"{year}-12-31",
        curCode="EUR",
        dateCreated=timezone.localdate().isoformat(),
        softwareDesc="Budgetpool",
        softwareVersion="1",
    )
    company = SubElement(root, "company")
    _fill(
        company,
        companyIdent=fund.region.code[:35],
        companyName=fund.name[:255],
        taxRegistrationCountry="NL",
        taxRegIdent=NO_TAX_NUMBER,
    )
    rows = reports.trial_balance(fund, year=year)
    accounts = SubElement(company, "generalLedger")
    for row in rows:
        _fill(
            SubElement(accounts, "ledgerAccount"),
            accID=_account_id(row.account),
            accDesc=(row.account.name or str(row.account.get_kind_display()))[:255],
            accTp="B",
        )
    _periods(company, year)
    _opening(company, rows, year)
    _transactions(company, fund, year)
    body: bytes = tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _periods(company: Element, year: int) -> None:
    periods = SubElement(company, "periods")
    for month in range(1, 13):
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        _fill(
            SubElement(periods, "period"),
            periodNumber=str(month),
            startDatePeriod=first.isoformat(),
            endDatePeriod=(following - timedelta(days=1)).isoformat(),
        )


def _opening(company: Element, rows: list[reports.Row], year: int) -> None:
    opened = [row for row in rows if row.opening_cents]
    debit = [row for row in opened if (row.opening_cents > 0) == row.account.is_asset]
    total = sum(abs(row.opening_cents) for row in debit)
    part = SubElement(company, "openingBalance")
    _fill(
        part,
        opBalDate=f"{year}-01-01",
        linesCount=str(len(opened)),
        totalDebit=_euros(total),
        totalCredit=_euros(sum(abs(row.opening_cents) for row in opened) - total),
    )
    for number, row in enumerate(opened, start=1):
        _fill(
            SubElement(part, "obLine"),
            nr=str(number),
            accID=_account_id(row.account),
            amnt=_euros(abs(row.opening_cents)),
            amntTp="D" if row in debit else "C",
        )


def _transactions(company: Element, fund: Fund, year: int) -> None:
    part = SubElement(company, "transactions")
    count, total, journal = 0, 0, Element("journal")
    _fill(journal, jrnID="GB", desc="Grootboek", jrnTp="M")
    for transfer in reports.journal(fund, year=year):
        count, total = count + 2, total + transfer.amount_cents
        booking = SubElement(journal, "transaction")
        day = transfer.value_date.isoformat()
        _fill(
            booking,
            nr=str(transfer.pk),
            desc=memo_text(transfer.memo)[:255],
            periodNumber=str(transfer.value_date.month),
            trDt=day,
        )
        for number, account, side in ((1, transfer.debit, "D"), (2, transfer.credit, "C")):
            _fill(
                SubElement(booking, "trLine"),
                nr=str(number),
                accID=_account_id(account),
                docRef=transfer.reference[:255],
                effDate=day,
                desc=(transfer.note or memo_text(transfer.memo))[:255],
                amnt=_euros(transfer.amount_cents),
                amntTp=side,
            )
    _fill(
        part,
        linesCount=str(count),
        totalDebit=_euros(total),
        totalCredit=_euros(total),
    )
    part.append(journal)


def _fill(element: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(element, name).text = value


def _account_id(account: Account) -> str:
    """The code, which may be longer than the format's 35 signs: then its end is a digest."""
    if len(account.code) <= ID_LENGTH:
        return account.code
    digest = hashlib.sha256(account.code.encode()).hexdigest()[:8]
    return f"{account.code[: ID_LENGTH - 9]}-{digest}"


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
