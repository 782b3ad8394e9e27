"""How long a payment file of 1,000 payments takes, valid against its schema.

    python benchmarks/bank_payments.py [PAYMENTS]

Prints CPU seconds (user and system) of this process: writing with the schema's check, as the desk
does it, and a second look at the same bytes with lxml. The bar is 3 seconds for both together. How
many times the cleaning of ten times the names in plain Python that is says the same of a machine
that is slow.
"""

# ruff: noqa: E402 (Django's settings come before its imports)

import os
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
os.environ.setdefault("DEBUG", "1")

import django

django.setup()

from lxml import etree
from rich.console import Console
from rich.table import Table
from schwifty import IBAN

from allocation.payouts import pain
from budgetpool.bank import epc_text

LIMIT_SECONDS = 3.0


def payments(count: int) -> list[pain.Payment]:
    """So many payments to accounts that all differ, EUR 600.00 and up."""
    return [
        pain.Payment(
            end_to_end_id=f"BP-{number}",
            name=f"Opleider {number} B.V.",
            iban=str(IBAN.generate("NL", bank_code="RABO", account_code=f"{300_000_000 + number}")),
            amount_cents=60_000 + number,
            description=f"R-{number:04} factuur 2027-{number}",
        )
        for number in range(1, count + 1)
    ]


def check(xml: bytes, wanted: int) -> None:
    """Read the file anew, hold it against the schema, and count what is in it."""
    document = etree.parse(BytesIO(xml))
    schema = etree.XMLSchema(etree.fromstring(_schema()))
    schema.assertValid(document)
    found = document.findall(".//{*}CdtTrfTxInf")
    if len(found) != wanted:
        raise AssertionError(f"{len(found)} of {wanted} payments are in the file")


def _schema() -> bytes:
    return (files("sepaxml") / "schemas" / f"{pain.SCHEMA}.xsd").read_bytes()


def timed[T](work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    asked = payments(count)
    file, written = timed(
        lambda: pain.write(
            payer_name="Scholingsfonds Twente",
            payer_iban="NL91ABNA0417164300",
            execution_on=date(2027, 3, 1),
            payments=asked,
        )
    )
    _, checked = timed(lambda: check(file.xml, count))
    _, cleaned = timed(lambda: [epc_text.clean(row.name, length=70) for row in asked * 10])
    table = Table(title=f"{pain.SCHEMA} with {count:,} payments, {len(file.xml) / 1e6:.1f} MB")
    table.add_column("")
    table.add_column("CPU seconds", justify="right")
    table.add_row("written, held against the schema", f"{written:.2f}")
    table.add_row("read anew and held against it again", f"{checked:.2f}")
    table.add_row("together", f"{written + checked:.2f}")
    table.add_row("ten times the names cleaned, in plain Python", f"{cleaned:.2f}")
    table.add_row("together, against that", f"{(written + checked) / cleaned:.1f} x")
    Console().print(table)
    return 0 if written + checked <= LIMIT_SECONDS or count > 1_000 else 1


if __name__ == "__main__":
    sys.exit(main())
