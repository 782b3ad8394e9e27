"""Read an e-invoice (UBL 2.1, as Peppol BIS Billing 3.0 and NLCIUS write it).

The file is data and nothing else: a DOCTYPE is refused, no entity is resolved, nothing is fetched.
What is read only fills in the form; the school looks at it and sends it.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from lxml import etree

from budgetpool.money import WHOLE_DIGITS
from budgetpool.refusals import NotReady
from budgetpool.register.models import Provider

BYTES_MAX: Final = 2 * 1024 * 1024
NAMES: Final = {
    "i": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
# Where a request's number may stand: what the buyer gave to the seller, or a text of the seller.
REFERENCES: Final = (
    "cbc:BuyerReference",
    "cac:OrderReference/cbc:ID",
    "cac:AdditionalDocumentReference/cbc:ID",
    "cbc:Note",
    "cac:InvoiceLine/cbc:Note",
    "cac:InvoiceLine/cac:Item/cbc:Name",
    "cac:InvoiceLine/cac:Item/cbc:Description",
)
SUPPLIER: Final = "cac:AccountingSupplierParty/cac:Party"


@dataclass(frozen=True, slots=True)
class Read:
    """What an e-invoice says; `request_numbers` are those of requests that it names (R-0412)."""

    number: str
    dated_on: date
    amount_cents: int
    vat_cents: int
    request_numbers: tuple[int, ...]


def read(data: bytes, *, provider: Provider) -> Read:
    """Read an e-invoice of this school.

    Raises:
        NotReady: `file_too_large`; `not_an_invoice`; `other_currency` with `currency`;
            `other_supplier` with `kvk`: the file names the KvK number of somebody else.
    """
    if len(data) > BYTES_MAX:
        raise NotReady("file_too_large", most_bytes=BYTES_MAX)
    root = _root(data)
    currency = _text(root, "cbc:DocumentCurrencyCode")
    if currency != "EUR":
        raise NotReady("other_currency", currency=currency or "?")
    _check_supplier(root, provider)
    number = _text(root, "cbc:ID")
    if not number or len(number) > 35:
        raise NotReady("not_an_invoice")
    try:
        dated_on = date.fromisoformat(_text(root, "cbc:IssueDate"))
    except ValueError as error:
        raise NotReady("not_an_invoice") from error
    return Read(
        number=number,
        dated_on=dated_on,
        amount_cents=_cents(root, "cac:LegalMonetaryTotal/cbc:PayableAmount"),
        vat_cents=_cents(root, "cac:TaxTotal/cbc:TaxAmount[@currencyID='EUR']", least=0),
        request_numbers=_request_numbers(root),
    )


def _root(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotReady("not_an_invoice") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype or root.tag != f"{{{NAMES['i']}}}Invoice":
        raise NotReady("not_an_invoice")
    return root


def _check_supplier(root: etree._Element, provider: Provider) -> None:
    """The seller's KvK number, where the file names one (scheme 0106), is the school's."""
    scheme = "[@schemeID='0106']"
    named = {
        *_texts(root, f"{SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID{scheme}"),
        *_texts(root, f"{SUPPLIER}/cbc:EndpointID{scheme}"),
        *_texts(root, f"{SUPPLIER}/cac:PartyIdentification/cbc:ID{scheme}"),
    }
    others = named - {provider.kvk}
    if others:
        raise NotReady("other_supplier", kvk=min(others)[:20])


def _cents(root: etree._Element, path: str, *, least: int = 1) -> int:
    text = _text(root, path)
    if not text and least == 0:
        return 0
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise NotReady("not_an_invoice") from error
    if not amount.is_finite() or abs(amount) >= 10**WHOLE_DIGITS:
        raise NotReady("not_an_invoice")
    cents = amount * 100
    if cents != cents.to_integral_value() or cents < least:
        raise NotReady("not_an_invoice")
    return int(cents)


def _request_numbers(root: etree._Element) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for path in REFERENCES:
        for text in _texts(root, path):
            found |= {int(key): None for key in re.findall(r"\bR-([0-9]{1,9})\b", text.upper())}
    return tuple(found)


def _text(root: etree._Element, path: str) -> str:
    texts = _texts(root, path)
    return texts[0] if texts else ""


def _texts(root: etree._Element, path: str) -> list[str]:
    return [" ".join((one.text or "").split()) for one in root.findall(path, NAMES)]
