"""A group of one start: only who joined sees who joined, and leaving destroys what was shown."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from allocation.decisions import awards, peers
from tests.browser.world import *  # noqa: F403
from tests.cast import signed_in
from tests.refusing import refuses
from workers.counter import desk
from workers.data import erasing
from workers.models import Peer, PeerGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(published):
    """Two people who said yes to the same start."""
    found = list(published.awards.order_by("pk")[:2])
    return [awards.accept(award=one, actor=one.request.worker.user) for one in found]


def join(award, name, contact="06 12345678"):
    worker = award.request.worker
    return peers.join(actor=worker.user, award=award, shown_name=name, contact=contact)


def page_of(award):
    address = reverse("apply:peers", args=[award.request_id])
    return signed_in(award.request.worker.user).get(address).content.decode()


def test_only_members_see_members(two):
    first, second = two
    assert first.choice.edition_id == second.choice.edition_id
    join(first, "Anna uit Almelo")
    assert "Anna uit Almelo" not in page_of(second)
    join(second, "Bas")
    assert "Anna uit Almelo" in page_of(second)
    peers.leave(actor=first.request.worker.user, award=first)
    assert "Anna uit Almelo" not in page_of(second)
    assert [one.shown_name for one in Peer.objects.all()] == ["Bas"]


def test_nobody_joins_for_another_or_before_a_yes(two, published, adviser):
    first, second = two
    for actor in (second.request.worker.user, adviser):
        with refuses("not_yours"):
            peers.join(actor=actor, award=first, shown_name="X", contact="06")
    waiting = published.awards.filter(status="granted").first()
    with pytest.raises(ValidationError):
        join(waiting, "X")
    with pytest.raises(ValidationError):
        join(first, "", "")
    assert not Peer.objects.exists()


def test_a_buddy_leads_and_the_counter_sees_no_names(two, adviser, adviser_of_drenthe, twente):
    first, _second = two
    edition = first.choice.edition
    buddy = desk.add_companion(
        adviser=adviser, region=twente.region, kind="buddy", name="Bea Buddy", phone="0611111111"
    )
    arrange = reverse("adviser:group", args=["twente", edition.pk])
    form = {"leader": buddy.pk, "meeting": "Dinsdag om 19 uur in de bibliotheek"}
    counter = signed_in(adviser)
    counter.post(arrange, form)
    assert not PeerGroup.objects.exists()  # nobody joined yet
    join(first, "Anna uit Almelo")
    counter.post(arrange, form)
    assert "Bea Buddy" in page_of(first)
    assert "19 uur" in page_of(first)
    assert "Anna" not in counter.get(reverse("adviser:groups", args=["twente"])).content.decode()
    with refuses("not_yours"):
        peers.arrange(
            adviser=adviser_of_drenthe,
            region=twente.region,
            edition=edition,
            leader=None,
            meeting="",
        )


def test_erasing_takes_somebody_out_of_the_group(two):
    first, _second = two
    join(first, "Anna uit Almelo")
    worker = first.request.worker
    erasing.erase(
        actor=worker.user, worker=worker, keep_requests={first.request_id}, keep_until=None
    )
    assert not Peer.objects.exists()
