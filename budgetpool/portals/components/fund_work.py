"""What waits at the fund's money: for its treasurers, and for the board as the second person."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allocation.payouts import queue
from api import admissions
from budgetpool.fund import second_person
from budgetpool.fund.models import Fund, Seat
from budgetpool.portals.components.waits import Item, piled
from budgetpool.users.models import User

# The page where each kind is dealt with, and the page of a single one where it has its own.
PAGES: Final = {
    "unproven_statements": "statements",
    "held_files": "bank",
    "held_asked": "bank",
    "openings": "bank",
    "openings_to_place": "bank",
    "opening_shares": "bank",
    "deposits": "lines",
    "refunds": "charges",
    "payments": "lines",
    "charges": "charges",
    "payees": "charges",
    "invoices": "payouts",
    "batches": "charges",
    "not_confirmed": "payouts",
    "rejected": "payouts",
    "to_determine": "payouts",
    "recoveries": "recoveries",
    "lapsing": "recoveries",
    "replacements": "dropouts",
    "close_month": "periods",
    "reopen_month": "periods",
    "programs": "programs",
}
# The lines of that page that it is about, where it shows others as well.
PARTS: Final = {"invoices": "which=invoice", "to_determine": "which=determine"}
SINGLE: Final = {"payees": "payee", "batches": "batch", "held_files": "held-file"}
# A board member may be the second in all but this, whose page is the treasurer's alone.
OF_TREASURERS: Final = {"unproven_statements"}


def items(fund: Fund, member: User, role: str) -> Iterator[Item]:
    """What waits, in the order of the money's path; the board sees only what takes two people."""
    for pile in queue.PILES:
        if role == Seat.Role.TREASURER or (pile.step and pile.code not in OF_TREASURERS):
            own, asked = queue.for_person(pile, fund, member)
            if own is not None:
                yield _item(fund, own)
            if asked is not None:
                yield _item(fund, asked, barred=_asked_by_you(pile.step))
    yield from _programs(fund, member)


def _item(fund: Fund, stuck: queue.Stuck, barred: str = "") -> Item:
    url = reverse(f"treasurer-{PAGES[stuck.code]}", args=[fund.region.slug])
    if stuck.code in PARTS:
        url = f"{url}?{PARTS[stuck.code]}#awards"
    if stuck.only is not None and stuck.code in SINGLE:
        url = reverse(f"treasurer-{SINGLE[stuck.code]}", args=[fund.region.slug, stuck.only])
    return piled(stuck.code, url, stuck.count, since=stuck.since, until=stuck.until, barred=barred)


def _programs(fund: Fund, member: User) -> Iterator[Item]:
    """Programs that wait for a second person; the API knows them, which lies above the queue."""
    waiting = list(admissions.to_confirm(fund))
    for is_own in (False, True):
        asked = [one for one in waiting if (one.asked_by_id == member.pk) == is_own]
        if asked:
            since = min(timezone.localdate(one.asked_at) for one in asked)
            barred = _asked_by_you("admission") if is_own else ""
            yield _item(fund, queue.Stuck("programs", len(asked), since), barred)


def _asked_by_you(step: str) -> str:
    return _("You asked for it yourself; now %(who)s has to.") % {"who": second_person.who(step)}
