"""What a check of the books found, in words for people; the command prints codes for programs."""

import re
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgetpool import written
from budgetpool.fund.findings import Finding
from budgetpool.fund.iban import spell_iban

IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

SENTENCES: Final[dict[str, Promise]] = {
    # The database
    "guard_missing": _("A guard of the database is missing (%(trigger)s)."),
    "guard_unknown": _("The database has a guard that nobody knows (%(trigger)s)."),
    "guard_differs": _("A guard of the database does something else (%(trigger)s)."),
    "rule_missing": _("A rule of the database is missing (%(rule)s)."),
    "rule_unknown": _("The database has a rule that nobody knows (%(rule)s)."),
    "rule_broken": _("A row of the database breaks a rule (%(rule)s)."),
    # Totals and order
    "totals_differ": _(
        "Account %(account)s says %(cached_cents)s, and its bookings make %(recomputed_cents)s."
    ),
    "day_totals_differ": _(
        "Account %(account)s says that %(day)s moved %(cached_cents)s, and its bookings make "
        "%(recomputed_cents)s."
    ),
    "below_zero": _("Account %(account)s was below zero: %(lowest_cents)s."),
    "out_of_balance": _(
        "What the fund has (%(assets_cents)s) is not what it owes and keeps (%(claims_cents)s)."
    ),
    "out_of_order": _("A booking on account %(account)s has a moment before the one before it."),
    "booked_in_future": _("A booking on account %(account)s has a day that is still to come."),
    "booked_after_closing": _(
        "Booking %(reference)s counts in a month that was closed when it was made."
    ),
    # One booking
    "not_positive": _("Booking %(reference)s has no amount above zero."),
    "same_account": _("Booking %(reference)s goes from an account to itself."),
    "other_fund": _("Booking %(reference)s touches an account of another fund."),
    "corrects_nothing": _("Booking %(reference)s is called a correction, and corrects nothing."),
    "correction_differs": _("Booking %(reference)s is not the mirror of what it corrects."),
    # Facts beside bookings
    "not_booked": _("Booking %(reference)s is missing: something happened that asks for it."),
    "booked_otherwise": _("Booking %(reference)s is not what it should be (%(what)s)."),
    "told_twice": _("Two things ask for one booking: %(reference)s."),
    "no_such_fact": _("Nothing asks for booking %(reference)s."),
    "unknown_kind": _("Nobody knows this kind of booking: %(reference)s."),
    "facts_disagree": _("What is known does not agree with itself (%(fact)s)."),
    "facts_unreadable": _("An amount cannot be read (%(source)s)."),
    # The bank
    "bank_opening_not_booked": _("%(account)s: the opening balance is not booked (%(cents)s)."),
    "bank_gap": _(
        "%(account)s: a statement is missing between %(closing_on)s and %(first_on)s (%(cents)s)."
    ),
    "bank_beside_the_chain": _(
        "%(account)s: lines of statement %(statement)s are not proven (%(cents)s)."
    ),
    "bank_not_all_booked": _(
        "%(account)s: statement %(statement)s moved more than its booked lines (%(cents)s)."
    ),
    "bank_no_entry": _("%(account)s: no line of a statement is behind bookings of %(cents)s."),
    "bank_file_held": _("%(account)s: file %(file)s is held. Decide about it first."),
}


def say(finding: Finding) -> str:
    """One finding as a sentence in the active language."""
    if finding.code not in SENTENCES:
        return gettext("The books are not right (%(what)s).") % {"what": finding}
    written_out = {name: _write(name, value) for name, value in finding.params.items()}
    return str(SENTENCES[finding.code]) % written_out


def _write(name: str, value: Any) -> str:
    if name == "cents" or name.endswith("_cents"):
        return written.euros(value)
    if name == "account" and IBAN.fullmatch(value):
        return spell_iban(value)
    if name == "day" or name.endswith("_on"):
        return written.day(date.fromisoformat(value))
    return str(value)
