"""What waits for a person, as data: first pages, counts in the menu and the daily e-mail show it.

`KINDS` is the one table of what can wait. A portal's `inbox.of(place, person)` gives the items of
its desk: those that are this person's, and those that are barred to them, with the reason.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgetpool.portals.components import numbers
from budgetpool.portals.components.tables import Column, Table

# How long a count in the menu may be that of before; whoever does something gets a new one.
FRESH_SECONDS: Final = 60
_KEY: Final = "waits"

_SECOND: Final = gettext_lazy("It takes two people, and you did not ask for it.")
_TREASURER: Final = gettext_lazy("You are the treasurer.")
_COUNTER: Final = gettext_lazy("The counter does it; anybody of the desk may.")
_SCHOOL: Final = gettext_lazy("Only the school knows.")
_ADMINISTRATOR: Final = gettext_lazy("You are the administrator.")


@dataclass(frozen=True)
class Kind:
    """What can wait: its name, which says nothing of anybody, and why it is somebody's."""

    name: Promise
    why: Promise


KINDS: Final[dict[str, Kind]] = {
    # Of the board
    "round_step": Kind(
        gettext_lazy("steps of a round"), gettext_lazy("Any member of the board may do it.")
    ),
    "round_signature": Kind(
        gettext_lazy("outcomes to sign"), gettext_lazy("You did not sign yet, and two have to.")
    ),
    "round_second": Kind(gettext_lazy("steps that a second member has to ask too"), _SECOND),
    "round_finish": Kind(
        gettext_lazy("rounds to finish"), gettext_lazy("Any member of the board may do it.")
    ),
    "explanation": Kind(
        gettext_lazy("searches for an explanation that did not end well"),
        gettext_lazy("Any member of the board may do it."),
    ),
    "objection_new": Kind(
        gettext_lazy("objections without a handler"), gettext_lazy("You did not decide on it.")
    ),
    "objection": Kind(gettext_lazy("objections to answer"), gettext_lazy("You handle it.")),
    "comments": Kind(
        gettext_lazy("comments on a rule"), gettext_lazy("The board answers every comment.")
    ),
    "consultation": Kind(
        gettext_lazy("consultations to end"), gettext_lazy("The board says what it does.")
    ),
    # Of two people at the fund's money
    "unproven_statements": Kind(gettext_lazy("statements to accept by a second person"), _SECOND),
    "held_asked": Kind(gettext_lazy("decisions on bank files that do not fit"), _SECOND),
    "openings": Kind(gettext_lazy("opening balances to approve"), _SECOND),
    "opening_shares": Kind(
        gettext_lazy("opening balances to put into a pool, to approve"), _SECOND
    ),
    "refunds": Kind(gettext_lazy("refunds to approve"), _SECOND),
    "charges": Kind(gettext_lazy("bank costs and interest to approve"), _SECOND),
    "payees": Kind(gettext_lazy("bank accounts to verify"), _SECOND),
    "batches": Kind(gettext_lazy("files for the bank to approve"), _SECOND),
    "close_month": Kind(gettext_lazy("months to close"), _SECOND),
    "reopen_month": Kind(gettext_lazy("months to open again"), _SECOND),
    "programs": Kind(gettext_lazy("programs to let in at the bank statements"), _SECOND),
    "seats": Kind(gettext_lazy("seats to give or take away, to approve"), _SECOND),
    # Of the treasurer
    "held_files": Kind(gettext_lazy("bank files that do not fit"), _TREASURER),
    "openings_to_place": Kind(gettext_lazy("opening balances that are in no pool yet"), _TREASURER),
    "deposits": Kind(gettext_lazy("deposits in suspense"), _TREASURER),
    "payments": Kind(gettext_lazy("payments on statements without explanation"), _TREASURER),
    "invoices": Kind(gettext_lazy("invoices without a payment"), _TREASURER),
    "not_confirmed": Kind(gettext_lazy("payments at the bank for more than five days"), _TREASURER),
    "rejected": Kind(gettext_lazy("rejected payments"), _TREASURER),
    "to_determine": Kind(gettext_lazy("awards to determine"), _TREASURER),
    "recoveries": Kind(gettext_lazy("recoveries that are overdue"), _TREASURER),
    "lapsing": Kind(gettext_lazy("recoveries that lapse within 90 days"), _TREASURER),
    "replacements": Kind(gettext_lazy("people without another training"), _TREASURER),
    # Of the counter
    "help": Kind(gettext_lazy("people to call"), _COUNTER),
    "checks": Kind(gettext_lazy("requests to look at"), _COUNTER),
    "proofs": Kind(gettext_lazy("proofs to look at"), _COUNTER),
    "starts": Kind(gettext_lazy("trainings that should have begun"), _COUNTER),
    "gone": Kind(gettext_lazy("people who stayed away or stopped"), _COUNTER),
    "first_steps": Kind(gettext_lazy("first steps to arrange"), _COUNTER),
    "stories": Kind(gettext_lazy("stories to read"), _COUNTER),
    # Of an employer
    "contribution": Kind(
        gettext_lazy("contributions to pay"), gettext_lazy("You handle the payments.")
    ),
    # Of a school
    "confirm": Kind(gettext_lazy("places to confirm"), _SCHOOL),
    "begin": Kind(gettext_lazy("trainings of which you say whether they began"), _SCHOOL),
    # Of administrators
    "credentials": Kind(gettext_lazy("secrets that end soon"), _ADMINISTRATOR),
    "deliveries": Kind(gettext_lazy("events that did not arrive"), _ADMINISTRATOR),
    "jobs": Kind(gettext_lazy("work that did not end well"), _ADMINISTRATOR),
    "messages": Kind(gettext_lazy("messages that could not be sent"), _ADMINISTRATOR),
}


@dataclass(frozen=True)
class Item:
    """One line of an inbox: what it is, where it is done, and until when.

    `barred` says why this person cannot do it; who can, does not see it as barred. `count` is
    how many things the line stands for.
    """

    kind: str
    what: str
    url: str
    since: date | datetime | None = None
    until: date | None = None
    barred: str = ""
    count: int = 1

    @property
    def why(self) -> str:
        return self.barred or str(KINDS[self.kind].why)


@dataclass(frozen=True)
class Inbox:
    """What waits at one desk for one person, what has to be done first on top."""

    own: list[Item]
    others: list[Item]

    @property
    def table(self) -> Table:
        return _table(self.own, _("Why you"))

    @property
    def table_of_others(self) -> Table:
        return _table(self.others, _("Why not you"))


def piled(kind: str, url: str, count: int, **rest: Any) -> Item:
    """One line for several things of a kind."""
    name = str(KINDS[kind].name)
    what = _("%(what)s: %(count)s") % {
        "what": name[:1].upper() + name[1:],
        "count": numbers.count(count),
    }
    return Item(kind, what, url, count=count, **rest)


def inbox(items: Iterable[Item]) -> Inbox:
    """All items in the order of their days; nothing is left out."""
    found = sorted(items, key=lambda item: (item.until or date.max, _day(item.since) or date.max))
    return Inbox([i for i in found if not i.barred], [i for i in found if i.barred])


def count(request: HttpRequest, desk: str, items: Callable[[], Iterable[Item]]) -> int:
    """How many lines of a desk are this person's; counted anew at most once a minute.

    The count is kept in the person's session. `note` keeps what a list shows, and `forget` lets
    everything go when the person does something.
    """
    kept = request.session.get(_KEY, {}).get(desk)
    if kept is not None and time.time() - kept[1] < FRESH_SECONDS:
        return int(kept[0])
    return note(request, desk, inbox(items()))


def note(request: HttpRequest, desk: str, shown: Inbox) -> int:
    """Keep the count of what a page shows, so that the menu beside it says the same."""
    counts = {**request.session.get(_KEY, {}), desk: [len(shown.own), int(time.time())]}
    request.session[_KEY] = counts
    return len(shown.own)


def forget(request: HttpRequest) -> None:
    """Count anew: the person is doing something."""
    if request.method == "POST" and _KEY in request.session:
        del request.session[_KEY]


def desk_key(kind: str, place: Any) -> str:
    """The name of a desk in the session."""
    return f"{kind}:{place.pk}"


def _table(items: list[Item], why: str) -> Table:
    return Table(
        [
            Column(_("What")),
            Column(why, long=True),
            Column(_("Since")),
            Column(_("Until")),
        ],
        [
            [
                format_html('<a href="{}">{}</a>', item.url, item.what),
                item.why,
                numbers.day(item.since) if item.since else "–",
                until(item.until),
            ]
            for item in items
        ],
        empty=_("Nothing waits for you."),
    )


def until(day: date | None) -> str:
    """A last day, and that it is over where it is."""
    if day is None:
        return "–"
    if day < timezone.localdate():
        return _("%(day)s, too late") % {"day": numbers.day(day)}
    return numbers.day(day)


def _day(moment: date | datetime | None) -> date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
