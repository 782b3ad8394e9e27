"""What waits for one adviser at the counter."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from allocation.decisions import places, proofs, starting
from budgetpool import refusals
from budgetpool.fund.models import Region
from budgetpool.portals.adviser.checks import waiting_checks
from budgetpool.portals.components.waits import Item, piled
from budgetpool.users.models import User
from workers.around import first_steps, stories
from workers.counter import desk


def of(region: Region, member: User) -> Iterator[Item]:
    """All that the counter does, less what a colleague took or this person may not judge."""
    yield from _help(region, member)
    checks = [one.request for one in waiting_checks(region)]
    yield from _pile("checks", region, checks, "submitted_at")
    yield from _proofs(region, member)
    yield from _pile("starts", region, starting.silent(region), "planned")
    yield from _pile("gone", region, places.gone(region), "gone_said_at")
    steps = first_steps.waiting(region).filter(status="asked")
    yield from _pile("first_steps", region, steps, "asked_at")
    yield from _pile("stories", region, stories.unread(region), "consent_at")


def _help(region: Region, member: User) -> Iterator[Item]:
    where = reverse("adviser:home", args=[region.slug]) + "#help"
    calls = list(desk.help_waiting(region))
    mine = [one for one in calls if one.taken_by_id in (None, member.pk)]
    taken = [one for one in calls if one.taken_by_id not in (None, member.pk)]
    if mine:
        yield piled("help", where, len(mine), since=min(one.asked_at for one in mine))
    if taken:
        barred = _("A colleague calls.")
        since = min(one.asked_at for one in taken)
        yield piled("help", where, len(taken), since=since, barred=barred)


def _proofs(region: Region, member: User) -> Iterator[Item]:
    """Those that this person may look at, and the others by the reason why not."""
    where = reverse("adviser:proofs", args=[region.slug])
    found: dict[str, list[Any]] = {}
    tied = proofs.tied_to(member)
    for proof in proofs.waiting(region):
        found.setdefault(proofs.bar(proof, member, tied=tied), []).append(proof)
    for code, rows in found.items():
        barred = refusals.say(code, {}) if code else ""
        yield piled("proofs", where, len(rows), since=rows[0].sent_at, barred=barred)


def _pile(kind: str, region: Region, rows: Iterable[Any], since: str) -> Iterator[Item]:
    found = list(rows)
    if found:
        names = {"first_steps": "first-steps"}
        where = reverse(f"adviser:{names.get(kind, kind)}", args=[region.slug])
        first = min(getattr(one, since) for one in found)
        yield piled(kind, where, len(found), since=first)
