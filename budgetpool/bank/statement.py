"""What a bank statement says, whatever format it came in.

Both readers (CAMT.053 and MT940) give these frozen records. Amounts are integer hundredths of
the record's own currency; what the file does not say is None, never a guess.
"""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from budgetpool.refusals import Refusal


class StatementRefused(Refusal):
    """A file that cannot be trusted. Nothing of it is used.

    Args:
        line: line number in the file, where known.
        entry: number of the entry within its statement, counted from 1, where known.

    >>> str(StatementRefused("amount_unreadable", line=17, entry=1, found="12..34"))
    'Line 17, entry 1: “12..34” is not an amount.'
    """

    def __init__(
        self,
        code: str,
        /,
        *,
        line: int | None = None,
        entry: int | None = None,
        **params: str | int,
    ) -> None:
        self.line = line
        self.entry = entry
        super().__init__(code, **params)

    def __str__(self) -> str:
        """The reason in the active language, with its place in the file in front."""
        text = super().__str__()
        if self.line and self.entry:
            return _("Line %(line)s, entry %(entry)s: %(text)s") % {
                "line": self.line,
                "entry": self.entry,
                "text": text,
            }
        return (
            _("Line %(line)s: %(text)s") % {"line": self.line, "text": text} if self.line else text
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked line of a statement, or one transaction of a batch that was taken apart."""

    amount_cents: int
    """Negative for a debit."""
    currency: str | None
    date: datetime.date | None = None
    reference: str | None = None
    """The statement's own number for the line; the parts of a batch share it."""
    bank_reference: str | None = None
    """The bank's reference, which stays the same in every file that shows the line."""
    name: str | None = None
    iban: str | None = None
    remittance: str | None = None
    structured_reference: str | None = None
    end_to_end_id: str | None = None
    message_id: str | None = None
    """Of the payment file of ours that the line comes from, where the bank says so."""
    payment_information_id: str | None = None
    """Of the batch within that file: one line may be the whole batch."""
    return_reason: str | None = None
    """The ISO code that says why a payment came back."""
    reversal: bool = False
    unsplit: bool = False
    """A batch whose details do not add up to its amount: one line, to be looked at."""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account over one period."""

    id: str | None
    iban: str | None
    account: str | None
    """The account as the file names it, also where that is no IBAN."""
    currency: str | None
    opening_cents: int | None
    closing_cents: int | None
    balance_proven: bool | None
    """Whether opening + entries = closing; None where a balance is missing."""
    entries: tuple[Entry, ...]
    date: datetime.date | None = None
    control_error: StatementRefused | None = None
    """The file's own count or sum contradicts its entries."""
    interim: bool = False
    """An intraday report: entries may still change, so it is shown but never booked."""
    left_out: int = 0
    """Lines that the bank has not booked yet (pending, for information)."""
    dialect: str = ""
    """The format that it came in."""
    line: int | None = None

    @property
    def total_cents(self) -> int:
        """Sum of the entries."""
        return sum(entry.amount_cents for entry in self.entries)


def prove_balance(
    *,
    opening: tuple[int, str] | None,
    closing: tuple[int, str] | None,
    entries: tuple[Entry, ...],
) -> bool | None:
    """Whether opening + entries = closing; None where a balance is missing.

    An entry that the bank prints in another currency than the account's still counts: its
    amount is what the bank added. The booking, not this proof, leaves it out.

    >>> prove_balance(opening=(10_00, "EUR"), closing=(12_50, "EUR"),
    ...               entries=(Entry(2_50, "EUR"),))
    True
    """
    if opening is None or closing is None:
        return None
    total = sum(entry.amount_cents for entry in entries)
    return opening[1] == closing[1] and opening[0] + total == closing[0]
