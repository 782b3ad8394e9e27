"""The sentences for why a bank statement is refused: what is wrong, where, and what to do."""

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgetpool.bank.statement import StatementRefused

REFUSALS = {
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


def sentence(refused: StatementRefused) -> str:
    """The reason in the active language, with its place in the file in front.

    >>> sentence(StatementRefused("amount_unreadable", line=17, entry=1, found="12..34"))
    'Line 17, entry 1: “12..34” is not an amount.'
    """
    text = str(REFUSALS[refused.code]) % refused.params
    if refused.line and refused.entry:
        return gettext("Line %(line)s, entry %(entry)s: %(text)s") % {
            "line": refused.line,
            "entry": refused.entry,
            "text": text,
        }
    if refused.line:
        return gettext("Line %(line)s: %(text)s") % {"line": refused.line, "text": text}
    return text


LEFT_OUT = {
    "other_account": _("not an account of this fund: shown, not booked"),
    "other_currency": _("not in euros: shown, not booked"),
    "interim": _("an interim report that may still change: shown, not booked"),
}


def euros(cents: int) -> str:
    """Cents as written euros, with a non-breaking space.

    >>> euros(-125050)
    '€ -1.250,50'
    """
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"€\u00a0{sign}{number_format(whole, force_grouping=True)}{_decimal_mark()}{part:02}"


def _decimal_mark() -> str:
    return str(get_format("DECIMAL_SEPARATOR"))
