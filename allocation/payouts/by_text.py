"""Payments of ours on lines that leave out their number, as several banks do in MT940.

Such a line is ours when it shows the payee's account, exactly the amount, and in its text the whole
description that went along, or the number; and when no other payment of ours fits it too.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet

from allocation.models import PaymentBatch, Payout
from budgetpool.bank import epc_text
from budgetpool.bank.models import BankEntry

BLANKS: Final = r"\s*"

type Known = dict[tuple[str, int], list[Payout]]


def known(payouts: QuerySet[Payout]) -> Known:
    """Payments of approved files by account and amount, in one query."""
    found: Known = defaultdict(list)
    approved = payouts.filter(batch__status=PaymentBatch.Status.APPROVED)
    for payout in approved.select_related("payee").order_by("pk"):
        found[payout.payee.iban, payout.amount_cents].append(payout)
    return found


def find(entry: BankEntry, known: Known) -> Payout | None:
    """The one payment that a line tells; None where it tells none, or more than one."""
    if entry.end_to_end_id or not entry.iban:
        return None
    rows = known.get((entry.iban, abs(entry.amount_cents)), ())
    fitting = [payout for payout in rows if _tells(entry.remittance, _words(payout))]
    return fitting[0] if len(fitting) == 1 else None


def _words(payout: Payout) -> Iterable[str]:
    """As they stood in the file for the bank."""
    return (
        epc_text.clean(payout.description, length=epc_text.TEXT_LENGTH),
        payout.end_to_end_id,
    )


def _tells(text: str, words: Iterable[str]) -> bool:
    """Whether one of them stands in the text, wherever the bank cut it; `N-1` is not in `N-12`,
    nor in `AN-1`."""
    return any(
        re.search(rf"(?<![^\W_]){BLANKS.join(map(re.escape, word))}(?![^\W_])", text, re.IGNORECASE)
        for word in ("".join(one.split()) for one in words)
    )
