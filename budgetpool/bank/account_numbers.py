"""Which of our accounts a statement means that names it without an IBAN.

ABN AMRO writes `534334164`, Triodos `TRIODOSBANK/0390123456`, SNS ten digits, Knab nine, German
banks their bank code and the number. An IBAN ends with the number, filled up with zeros; a bank
that is named must be the bank of the IBAN too.
"""

import re
from collections.abc import Iterable

NUMBER = re.compile(r"(?:([A-Z]{4}[A-Z ]*|[0-9]{8})/)?0*([0-9]{5,10})(?: ?[A-Z]{3})?", re.ASCII)
IBAN_BANK = slice(4, 8)
IBAN_BANK_CODE = slice(4, 12)
NUMBER_LENGTH = 10


def same_account(written: str, ibans: Iterable[str]) -> str | None:
    """The one IBAN that a written account number means; None where none or several fit.

    >>> same_account("TRIODOSBANK/0390123456", ["NL53TRIO0390123456", "NL87ABNA0534334164"])
    'NL53TRIO0390123456'
    """
    match = NUMBER.fullmatch(written.strip().upper())
    if match is None:
        return None
    bank, number = match.group(1), match.group(2).zfill(NUMBER_LENGTH)
    fitting = [iban for iban in ibans if iban.endswith(number) and _at(bank, iban)]
    return fitting[0] if len(fitting) == 1 else None


def _at(bank: str | None, iban: str) -> bool:
    if bank is None:
        return True
    if bank.isdigit():
        return iban[IBAN_BANK_CODE] == bank
    return iban[IBAN_BANK] == bank[:4]
