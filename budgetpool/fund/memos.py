"""What transfers are for: the words for the codes in `Transfer.memo`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEMOS: dict[str, str | Promise] = {
    "opening_balance": _("opening balance"),
    "opening_share": _("opening balance, added to a pool"),
    "deposit": _("deposit received"),
    "unexplained_deposit": _("received, not explained yet"),
    "unexplained_payment": _("left the bank, not explained yet"),
    "matched": _("deposit recognised"),
    "gift": _("gift"),
    "joined_pool": _("added to the pool"),
    "refunded": _("deposit paid back"),
    "ceiling": _("set apart for a round"),
    "objection_reserve": _("set apart for objections"),
    "reserved": _("reserved for an award"),
    "objection_upheld": _("awarded after an objection"),
    "paid": _("paid for a training"),
    "payment_returned": _("payment sent back by the bank"),
    "released": _("not needed, back to the pool"),
    "reclaimed": _("to be paid back"),
    "recovered": _("paid back"),
    "written_off": _("written off"),
    "costs": _("costs of the fund"),
    "interest": _("interest"),
    "tax": _("tax"),
    "own_account": _("between accounts of the fund"),
    "chargeback": _("a deposit that was taken back"),
    "put_right": _("a slip that the bank put right"),
    "round_finished": _("left over from a round"),
    "correction": _("correction"),
}


def memo_text(code: str) -> str:
    """The words for a memo code; the code itself where there are none."""
    return str(MEMOS.get(code, code))
