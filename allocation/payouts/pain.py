"""A payment file for the bank: pain.001.001.09, valid against its schema. Knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from lxml import etree
from sepaxml import SepaTransfer

from budgetpool.bank import epc_text
from budgetpool.fund.iban import bic_of, clean_iban

SCHEMA = "pain.001.001.09"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment; the amount in cents, the IBAN in whatever spelling."""

    end_to_end_id: str
    name: str
    iban: str
    amount_cents: int
    description: str


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """The file as the bank gets it, and the two numbers that the bank knows it by.

    A bank that books the batch as one line names it by one of them.
    """

    message_id: str
    payment_information_id: str
    xml: bytes


def write(
    *, payer_name: str, payer_iban: str, execution_on: date, payments: Sequence[Payment]
) -> PaymentFile:
    """Write one file with one batch of payments.

    Every call makes another message id: store the bytes, and never write the same batch again.

    Raises:
        ValidationError: an IBAN that is none; `sepaxml` would take it as it is.
        ValueError: no payments, or an amount that is not more than zero.
        etree.DocumentInvalid: the file is not what the schema says.
    """
    if not payments:
        raise ValueError("A payment file holds at least one payment.")
    payer = clean_iban(payer_iban)
    config = {
        "name": epc_text.clean(payer_name, length=epc_text.NAME_LENGTH),
        "IBAN": payer,
        "batch": True,
        "currency": "EUR",
    }
    if bic_of(payer):
        config["BIC"] = bic_of(payer)
    file = SepaTransfer(config, schema=SCHEMA, clean=True)
    for payment in payments:
        if payment.amount_cents <= 0:
            raise ValueError(f"{payment.end_to_end_id}: the amount is not more than zero.")
        file.add_payment(
            {
                "name": epc_text.clean(payment.name, length=epc_text.NAME_LENGTH),
                "IBAN": clean_iban(payment.iban),
                "amount": payment.amount_cents,
                "execution_date": execution_on,
                "description": epc_text.clean(payment.description, length=epc_text.TEXT_LENGTH),
                "endtoend_id": payment.end_to_end_id,
            }
        )
    xml: bytes = file.export(validate=False)
    document = etree.fromstring(xml)
    # The same schema through `sepaxml` itself takes nine tenths of the whole, in plain Python.
    _schema().assertValid(document)
    batch = document.findtext(".//{*}PmtInfId")
    assert batch, "the schema wants a number for the batch"
    return PaymentFile(file.msg_id, batch, xml)


@cache
def _schema() -> etree.XMLSchema:
    text = (files("sepaxml") / "schemas" / f"{SCHEMA}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))
