"""What the ledger refuses to post, and the bank's side to book."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    # The ledger
    "not_enough_money": _(
        "There is not enough money: %(holder)s holds %(available_cents)s, and this asks for "
        "%(amount_cents)s."
    ),
    "reference_taken": _(
        "This was booked before with other facts (%(reference)s). Bookings never change: "
        "correct the first one."
    ),
    "same_account": _("Money cannot go from an account to itself (%(account)s)."),
    "not_positive": _("An amount to book has to be more than zero."),
    "account_taken": _("Account %(account)s exists already for something else."),
    "already_corrected": _("Booking %(reference)s was corrected before, by %(correction)s."),
    "period_closed": _(
        "Everything up to and including %(closed_on)s is closed, so nothing can be booked on "
        "%(value_on)s. Book it on a later day, or let two people open the month again."
    ),
    "month_not_over": _("%(value_on)s is not the last day of a month that is over."),
    "month_closed": _("Everything up to and including %(closed_on)s is closed already."),
    "no_month_closed": _("No month is closed, so none can be opened again."),
    "step_waits": _("Something waits for a second person already. Approve or withdraw that first."),
    "books_not_proven": _("The month cannot be closed yet. %(reasons)s"),
    # The bank
    "balance_not_proven": _(
        "Statement %(statement)s does not add up: %(opening_cents)s and entries of %(total_cents)s "
        "do not make %(closing_cents)s; the difference is %(difference_cents)s. Download it again. "
        "If the bank confirms that it is right, accept it with a reason; a second person must "
        "confirm."
    ),
    "control_total_wrong": _(
        "Statement %(statement)s contradicts itself. %(reason)s Download it again. If the bank "
        "confirms that it is right, accept it with a reason; a second person must confirm."
    ),
    "not_second": _("The second person for this is %(who)s, with a seat in %(region)s."),
    "other_decision": _(
        "%(asked_by)s asked for the opposite about this file. Confirm that, or withdraw it first."
    ),
    "opening_taken": _(
        "The opening balance of %(account)s is entered already. It is booked once; one that is "
        "not booked yet can be withdrawn."
    ),
    "opening_differs": _(
        "The first statement of the account begins at %(from_cents)s, so that is its opening "
        "balance, not %(amount_cents)s."
    ),
    "not_a_pool": _("%(account)s is no pool of this fund. Choose a pool."),
    "no_date": _("Line %(line)s of statement %(statement)s has no date, so it cannot be booked."),
    "not_a_payment": _("Bank entry %(entry)s is no payment of the fund."),
    "more_than_paid": _(
        "Of bank entry %(entry)s only %(left_cents)s is not explained yet; "
        "%(asked_cents)s was asked for."
    ),
}
