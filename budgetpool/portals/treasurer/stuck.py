"""What waits for the treasurer: its words and the page that deals with it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STUCK: Final[dict[str, tuple[Promise, str]]] = {
    "unproven_statements": (_("statements to accept by a second person"), "statements"),
    "held_files": (_("bank files that do not fit"), "bank"),
    "openings": (_("opening balances to approve"), "bank"),
    "openings_to_place": (_("opening balances that are in no pool yet"), "bank"),
    "opening_shares": (_("opening balances to put into a pool, to approve"), "bank"),
    "deposits": (_("deposits in suspense"), "lines"),
    "refunds": (_("refunds to approve"), "charges"),
    "payments": (_("payments on statements without explanation"), "lines"),
    "charges": (_("bank costs and interest to approve"), "charges"),
    "payees": (_("bank accounts to verify"), "payees"),
    "invoices": (_("invoices without a payment"), "payouts"),
    "batches": (_("batches to approve"), "payouts"),
    "not_confirmed": (_("payments at the bank for more than five days"), "payouts"),
    "rejected": (_("rejected payments"), "payouts"),
    "to_determine": (_("awards to determine"), "payouts"),
    "recoveries": (_("recoveries that are overdue"), "recoveries"),
    "lapsing": (_("recoveries that lapse within 90 days"), "recoveries"),
    "replacements": (_("people without another training"), "dropouts"),
    "programs": (_("programs to let in at the bank statements"), "programs"),
}
