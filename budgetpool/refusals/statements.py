"""Why a bank statement is refused: what is wrong, and what to do."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "no_file": _("The file cannot be opened (%(detail)s). Check its name."),
    "empty_file": _("The file is empty. Download the statement from the bank again."),
    "unknown_format": _(
        "This is neither CAMT.053 (XML) nor MT940. Ask the bank for one of these two."
    ),
    "not_xml": _("This is no whole XML file (%(detail)s). Download it from the bank again."),
    "doctype": _(
        "The file has a DOCTYPE. A bank statement has none, so it is refused as unsafe. "
        "Download it from the bank again."
    ),
    "other_message": _(
        "This is a %(message)s message, which may still change. "
        "Download the camt.053 statement instead."
    ),
    "no_statement": _("The file holds no statement. Download it from the bank again."),
    "amount_missing": _("An amount is missing."),
    "amount_negative": _(
        "The amount “%(found)s” is negative. In a statement the credit/debit mark gives the sign, "
        "so it is not clear which way the money went."
    ),
    "amount_unreadable": _("“%(found)s” is not an amount."),
    "amount_too_fine": _("The amount “%(found)s” has parts smaller than a cent."),
    "currency_missing": _("The currency “%(found)s” is not a code of three letters."),
    "mark_missing": _("The mark that tells credit from debit is missing."),
    "mark_unknown": _("The mark “%(found)s” is neither credit nor debit."),
    "account_missing": _("A statement does not say of which account it is (field :25:)."),
    "line_unreadable": _("This line cannot be read: “%(detail)s”."),
    "control_count": _("The file says that it holds %(said)s entries, but it holds %(found)s."),
    "control_sum": _("The file says that its entries add up to %(said)s, but they make %(found)s."),
}
