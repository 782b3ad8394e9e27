"""Reading an e-invoice: a Peppol file fills in the form, and no file is trusted."""

from datetime import date

import pytest

from allocation.payouts import ubl
from tests.refusing import refuses

INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0</cbc:CustomizationID>
  <cbc:ID>{number}</cbc:ID>
  <cbc:IssueDate>{day}</cbc:IssueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>{reference}</cbc:BuyerReference>
  <cac:AccountingSupplierParty><cac:Party>
    <cbc:EndpointID schemeID="0106">{kvk}</cbc:EndpointID>
    <cac:PartyLegalEntity>
      <cbc:RegistrationName>Lasschool</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID>
    </cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{vat}</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:PayableAmount currencyID="EUR">{amount}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:Note>cursist r-0007</cbc:Note></cac:InvoiceLine>
</Invoice>"""


def e_invoice(**facts):
    known = {
        "number": "2027-31",
        "day": "2027-03-01",
        "currency": "EUR",
        "reference": "R-0412",
        "kvk": "90000001",
        "vat": "104.13",
        "amount": "600.00",
    }
    return INVOICE.format(**known | facts).encode()


def test_it_is_read_to_the_cent_with_the_requests_that_it_names(provider):
    read = ubl.read(e_invoice(), provider=provider)
    assert read == ubl.Read("2027-31", date(2027, 3, 1), 60_000, 10_413, (412, 7))


def test_a_file_without_vat_has_none(provider):
    text = e_invoice().decode()
    without = text.replace(text[text.index("<cac:TaxTotal>") : text.index("<cac:LegalM")], "")
    assert ubl.read(without.encode(), provider=provider).vat_cents == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"number": ""},
        {"number": "9" * 36},
        {"day": "1 maart 2027"},
        {"amount": "-600.00"},
        {"amount": "0"},
        {"amount": "600.005"},
        {"amount": "NaN"},
        {"amount": "1e400"},
        {"amount": "zeshonderd"},
        {"vat": "-1"},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_right_is_no_invoice(provider, facts):
    with refuses("not_an_invoice"):
        ubl.read(e_invoice(**facts), provider=provider)


BOMB = b"""<!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
OUTSIDE = b"""<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize("prolog", [BOMB, OUTSIDE, b"<!DOCTYPE Invoice SYSTEM 'http://x/y.dtd'>"])
def test_a_doctype_is_refused(provider, prolog):
    head, _, rest = e_invoice().partition(b"?>")
    with refuses("not_an_invoice"):
        ubl.read(head + b"?>" + prolog + rest, provider=provider)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"<a/>", e_invoice().replace(b"Invoice-2", b"CreditNote-2")]
)
def test_another_file_is_refused(provider, data):
    with refuses("not_an_invoice"):
        ubl.read(data, provider=provider)


def test_the_invoice_of_another_school_or_in_other_money_is_refused(provider):
    with refuses("other_supplier"):
        ubl.read(e_invoice(kvk="12345678"), provider=provider)
    with refuses("other_currency"):
        ubl.read(e_invoice(currency="USD"), provider=provider)


def test_a_file_that_is_too_large_is_not_even_read(provider):
    with refuses("file_too_large"):
        ubl.read(b" " * (ubl.BYTES_MAX + 1), provider=provider)
