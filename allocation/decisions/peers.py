"""A group for who begins the same training on the same day: only who joins is seen, by members.

Somebody joins after their yes, under a name and a contact of their own choosing, and leaves at any
time; leaving destroys both. The counter sees how many joined, and lets a buddy lead them.
"""

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from allocation.models import Award
from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotAllowed
from budgetpool.register.models import Edition
from budgetpool.users.models import User
from workers import access
from workers.data.destroying import destroy
from workers.models import Companion, Peer, PeerGroup

# From the yes to the end of the lessons.
JOINED_WHILE: Final = {Award.Status.ACCEPTED, Award.Status.ADVANCED, Award.Status.COMPLETED}


@dataclass(frozen=True)
class Group:
    """What a member sees: the others, who leads, where it meets."""

    members: list[Peer]
    leader: Companion | None
    meeting: str


@dataclass(frozen=True)
class Start:
    """What the counter sees of one start: how many joined, and what is arranged."""

    edition: Edition
    members: int
    group: PeerGroup | None


def is_open(award: Award) -> bool:
    """Whether there is a group to join: a yes to a training with a start."""
    return award.choice.edition_id is not None and award.status in JOINED_WHILE


@transaction.atomic
def join(*, actor: User, award: Award, shown_name: str, contact: str) -> Peer:
    """Join the group of one's start, or change what the group sees.

    Raises:
        NotYours: somebody else than the worker.
        ValidationError: no yes yet, no start, or a value that its field refuses.
    """
    worker = award.request.worker
    _own(actor, award)
    edition = award.choice.edition
    if edition is None or not is_open(award):
        raise ValidationError(_("You can join after you said yes to a training with a start."))
    peer = Peer.objects.filter(worker=worker, edition=edition).first() or Peer(
        worker=worker, edition=edition
    )
    peer.shown_name, peer.contact = shown_name.strip(), contact.strip()
    peer.full_clean()
    peer.save()
    _note(actor, award, "peer.joined")
    return peer


@transaction.atomic
def leave(*, actor: User, award: Award) -> None:
    """Leave the group; name and contact are gone at once.

    Raises:
        NotYours: somebody else than the worker.
    """
    _own(actor, award)
    mine = Peer.objects.filter(worker=award.request.worker, edition=award.choice.edition)
    if destroy(category="peers", rule="left the group", rows=mine):
        _note(actor, award, "peer.left")


def own(award: Award) -> Peer | None:
    """What the group sees of the person of an award; None while they have not joined."""
    return Peer.objects.filter(worker=award.request.worker, edition=award.choice.edition_id).first()


def group_of(award: Award) -> Group | None:
    """The group that the person of an award sees; None while they have not joined it."""
    mine = own(award)
    if mine is None:
        return None
    region = award.request.worker.region
    others = Peer.objects.filter(edition=mine.edition, worker__region=region).exclude(pk=mine.pk)
    kept = PeerGroup.objects.filter(edition=mine.edition, region=region).first()
    leader = kept.leader if kept and kept.leader and kept.leader.is_active else None
    return Group(list(others), leader, kept.meeting if kept else "")


def starts(region: Region) -> list[Start]:
    """The starts that somebody of the region joined, the next first."""
    counted = dict(
        Peer.objects.filter(worker__region=region)
        .values_list("edition")
        .annotate(members=Count("pk"))
        .order_by("edition")
    )
    groups = {one.edition_id: one for one in PeerGroup.objects.filter(region=region)}
    editions = Edition.objects.filter(pk__in=counted).select_related("training__provider")
    return [
        Start(one, counted[one.pk], groups.get(one.pk))
        for one in editions.order_by("starts_on", "pk")
    ]


@transaction.atomic
def arrange(
    *, adviser: User, region: Region, edition: Edition, leader: Companion | None, meeting: str
) -> PeerGroup:
    """Let a buddy lead the group of a start, and say where it meets.

    Raises:
        NotYours: no adviser of the region, or a buddy of another one.
        ValidationError: nobody joined yet, or a text with a BSN.
    """
    if not any(seat.region_id == region.pk for seat in access.adviser_seats(adviser)):
        raise NotAllowed("not_yours", act="arrange a group")
    if leader is not None and (leader.region_id != region.pk or not leader.is_active):
        raise NotAllowed("not_yours", act="arrange a group")
    if not Peer.objects.filter(edition=edition, worker__region=region).exists():
        raise ValidationError(_("Nobody joined this group yet."))
    group = PeerGroup.objects.filter(region=region, edition=edition).first() or PeerGroup(
        region=region, edition=edition
    )
    group.leader, group.meeting = leader, meeting.strip()
    group.full_clean()
    group.save()
    trail.record(
        actor=adviser, action="peer_group.arranged", subject=group, region_code=region.code
    )
    return group


def _own(actor: User, award: Award) -> None:
    worker = award.request.worker
    if worker.erased_at is not None or worker.user_id is None or worker.user_id != actor.pk:
        raise NotAllowed("not_yours", act="join a group for somebody")


def _note(actor: User, award: Award, action: str) -> None:
    worker = award.request.worker
    trail.record(actor=actor, action=action, subject=worker, region_code=worker.region.code)
