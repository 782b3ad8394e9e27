"""What upper layers tell the books: every business fact has exactly its transfer.

A layer that moves money describes what must be in the ledger as a `FactSource`; the setting
`LEDGER_FACTS` lists the sources by their dotted paths. So `check_ledger` compares the ledger with
deposits, awards and payouts, and the fund knows none of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Expected:
    """One transfer that a business fact asks for.

    `None` for an account says that the fact does not determine it.
    """

    reference: str
    amount_cents: int
    debit_id: int | None = None
    credit_id: int | None = None


@dataclass(frozen=True, slots=True)
class FactSource:
    """All transfers that one kind of fact asks for.

    Args:
        name: a lower-case code, such as `deposits`.
        prefix: how their references start, such as `deposit:`. A transfer with such a reference
            that no fact asks for is a finding too. Corrections (`…:corrected`) belong to their
            transfer and need no fact of their own.
        expected: reads the facts of all funds, in any order; may be a generator.
    """

    name: str
    prefix: str
    expected: Callable[[], Iterable[Expected]]


def sources() -> list[FactSource]:
    """The sources named in the setting `LEDGER_FACTS`."""
    return [import_string(path) for path in settings.LEDGER_FACTS]
