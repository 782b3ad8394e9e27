"""What a school is refused: about its people, its invoices, its prices and its starts."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    # Its people
    "not_your_school": _("This person has no place at your school, or did not give their name."),
    "name_missing": _("There is no account with this address yet. Write the name too."),
    "account_closed": _("The account of %(name)s is closed. Let the administrator open it first."),
    "said_before": _("Your school said this already. The counter of the fund looks at it."),
    "not_begun": _("First write down on which day the first lesson was."),
    "same_edition": _("This person has a place in this start already."),
    "begins_before": _("This start has begun already. Choose a later one."),
    "more_than_lessons": _("Somebody cannot be at more lessons than there were: %(lessons)s."),
    # Its e-invoices
    "other_supplier": _("This invoice is of another school: KvK number %(kvk)s."),
    "not_an_invoice": _("We cannot read this as an e-invoice (UBL). Fill in the form instead."),
    "other_currency": _("This invoice is in %(currency)s. The fund pays in euros."),
    # Its prices
    "not_at_school": _("This is a training of another school."),
    "price_in_past": _("Choose today or a later day for the new price."),
    "notice_too_short": _(
        "A higher price is announced %(days)s days before. It can hold from %(first_on)s."
    ),
    # A start that a school cancels
    "cancelled_before": _("This start was cancelled before."),
    "begun_already": _("This start has begun. It can not be cancelled any more."),
}
