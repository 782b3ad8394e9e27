"""XML Auditfile Financieel 4.0 of one year of a fund.

From 1 January 2027 the tax office takes no older form. The order and the kinds of values are those
of its schema (XAF 4.0.3). The fund books no VAT, so that part is left out, and so are the people
behind the accounts. The form wants a tax number; a fund that has none gets the letters `ONBEKEND`.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils import timezone

from budgetpool.free_text import printable
from budgetpool.fund import reports
from budgetpool.fund.memos import memo_text
from budgetpool.fund.models import Account, Fund, Transfer

NAMESPACE: Final = (
    "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0"
)
NO_TAX_NUMBER: Final = "ONBEKEND"
ID_LENGTH: Final = 35
MEMORIAL: Final = "MEMO"
Kind = Account.Kind

# The reference code (RGS) of each kind of account. What fits money that is held for others is a
# question for the fund's accountant; docs/money-walk.md says so.
RGS: Final = {
    Kind.BANK: "BLimBan",
    Kind.PROVIDER: "BVorDeb",
    Kind.PERSON: "BVorDeb",
    Kind.COSTS: "WBed",
    Kind.UNEXPLAINED: "BVor",
    Kind.OPENING: "BEivOkc",
    Kind.SUSPENSE: "BSch",
    Kind.EMPLOYER: "BSch",
    Kind.POOL: "BEivOkc",
    Kind.ROUND: "BEivOkc",
    Kind.RESERVE: "BEivOkc",
    Kind.AWARD: "BSchCre",
}


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
        companyName=fund.name[:255],
        taxRegistrationCountry="NL",
        taxRegIdent=NO_TAX_NUMBER,
    )
    accounts = list(Account.objects.filter(fund=fund).order_by("kind", "pk"))
    _ledger(company, accounts)
    _periods(company, year)
    _opening(company, reports.trial_balance(fund, year=year))
    _transactions(company, accounts, fund, year)
    body: bytes = tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _ledger(company: Element, accounts: list[Account]) -> None:
    """All accounts, also in a year without bookings: an empty list is not allowed."""
    if not accounts:
        return
    ledger = SubElement(company, "generalLedger")
    for account in accounts:
        _fill(
            SubElement(ledger, "ledgerAccount"),
            accID=_account_id(account),
            accDesc=_name(account),
            accTp="P" if account.kind == Kind.COSTS else "B",
            RGScode=RGS[Kind(account.kind)],
        )


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


def _opening(company: Element, rows: list[reports.Row]) -> None:
    opened = [row for row in rows if row.opening_cents]
    debit = {row.account.pk for row in opened if (row.opening_cents > 0) == row.account.is_asset}
    total = sum(abs(row.opening_cents) for row in opened if row.account.pk in debit)
    part = SubElement(company, "openingBalance")
    _fill(
        part,
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
            amntTp="D" if row.account.pk in debit else "C",
        )


def _transactions(company: Element, accounts: Iterable[Account], fund: Fund, year: int) -> None:
    """A journal per bank account, and one for all that no bank saw."""
    part = SubElement(company, "transactions")
    journals: dict[int, Element] = {}
    for account in accounts:
        if account.kind == Kind.BANK:
            journals[account.pk] = Element("journal")
            _fill(
                journals[account.pk],
                jrnID=_account_id(account),
                desc=_name(account),
                jrnTp="B",
                offsetAccID=_account_id(account),
            )
    memorial = Element("journal")
    _fill(memorial, jrnID=MEMORIAL, desc="Memoriaal", jrnTp="M")
    count, total = 0, 0
    for transfer in reports.journal(fund, year=year):
        count, total = count + 2, total + transfer.amount_cents
        by_credit = journals.get(transfer.credit_id, memorial)
        _booking(journals.get(transfer.debit_id, by_credit), transfer)
    _fill(
        part,
        linesCount=str(count),
        totalDebit=_euros(total),
        totalCredit=_euros(total),
    )
    part.extend([*journals.values(), memorial])


def _booking(journal: Element, transfer: Transfer) -> None:
    booking = SubElement(journal, "transaction")
    day, memo = transfer.value_date.isoformat(), memo_text(transfer.memo)
    _fill(
        booking,
        nr=str(transfer.pk),
        desc=memo,
        periodNumber=str(transfer.value_date.month),
        trDt=day,
    )
    for number, account, side in ((1, transfer.debit, "D"), (2, transfer.credit, "C")):
        _fill(
            SubElement(booking, "trLine"),
            nr=str(number),
            accID=_account_id(account),
            docRef=transfer.reference,
            effDate=day,
            desc=transfer.note or memo,
            amnt=_euros(transfer.amount_cents),
            amntTp=side,
        )


def _fill(element: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(element, name).text = printable(value)


def _name(account: Account) -> str:
    return (account.name or str(account.get_kind_display()))[:255]


def _account_id(account: Account) -> str:
    """The code, which may be longer than the format's 35 signs: then its end is a digest."""
    if len(account.code) <= ID_LENGTH:
        return account.code
    digest = hashlib.sha256(account.code.encode()).hexdigest()[:8]
    return f"{account.code[: ID_LENGTH - 9]}-{digest}"


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
