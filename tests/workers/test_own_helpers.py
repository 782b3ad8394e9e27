"""A helper of one's own choosing: only on invitation, only what was agreed, seen every time."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from allocation.decisions import explanation
from budgetpool.audit.models import AuditEvent
from budgetpool.mail.models import Message
from tests.cast import make_helper, make_person, signed_in
from tests.refusing import refuses
from tests.sharing import shared
from tests.workers.test_files import picture
from workers import files, people, requests
from workers.around import arrangement, own_helpers
from workers.counter import desk
from workers.data import looks, taking
from workers.learning import intake, reflections
from workers.models import Helper

pytestmark = pytest.mark.django_db


@shared
def reader(worker):
    return make_helper("Rita Reader", worker, scope="read")


def invite(worker, email="zus@example.nl", scope="read"):
    return own_helpers.invite(
        actor=worker.user, worker=worker, name="Zus", email=email, scope=scope
    )


def test_only_the_worker_invites(worker, adviser, sister, chair):
    for somebody in (adviser, sister, chair):
        with refuses("not_yours"):
            own_helpers.invite(
                actor=somebody, worker=worker, name="X", email="x@example.nl", scope="fill"
            )


def test_the_link_opens_nothing_for_another_address(worker, stranger):
    secret = invite(worker)
    with refuses("other_address"):
        own_helpers.accept(secret=secret, user=stranger)
    assert not own_helpers.helped_by(stranger)


def test_the_link_works_once_and_not_after_it_was_stopped_or_grew_old(worker):
    person = make_person("Zus")
    secret = invite(worker)
    own_helpers.accept(secret=secret, user=person)
    with refuses("invitation_ended"):
        own_helpers.accept(secret=secret, user=person)
    stopped = invite(worker, "broer@example.nl")
    own_helpers.end(actor=worker.user, helper=worker.helpers.get(email="broer@example.nl"))
    old = invite(worker, "tante@example.nl")
    worker.helpers.filter(email="tante@example.nl").update(
        invited_at=timezone.now() - timedelta(days=15)
    )
    for secret in (stopped, old, "guessed"):
        with refuses("invitation_ended"):
            own_helpers.find(secret)


def test_the_database_holds_no_secret_of_the_link(worker):
    secret = invite(worker)
    assert secret not in str(Helper.objects.values().get())
    assert Message.objects.get(kind="helper_invited").params["url"].endswith(secret)


def test_three_people_help_and_no_fourth_and_nobody_helps_themselves(worker):
    for number in range(3):
        invite(worker, f"zus{number}@example.nl")
    with pytest.raises(ValidationError):
        invite(worker, "vierde@example.nl")
    invite(worker, "zus1@example.nl")  # another link for the same person
    assert len(own_helpers.standing(worker)) == 3
    with pytest.raises(ValidationError):
        invite(worker, worker.user.email)


def test_who_reads_along_changes_nothing(worker, reader, draft_of_worker, dutch):
    requests.seen(actor=reader, request=draft_of_worker)
    for act in (
        lambda: requests.change(actor=reader, request=draft_of_worker, goal="x"),
        lambda: requests.choose(actor=reader, request=draft_of_worker, training=dutch),
        lambda: people.change(actor=reader, worker=worker, name="x"),
        lambda: arrangement.answer(actor=reader, request=draft_of_worker, answers={}),
        lambda: files.add(
            actor=reader, request=draft_of_worker, purpose="offer", name="o.jpg", data=picture()
        ),
    ):
        with refuses("not_yours"):
            act()


def test_who_fills_in_never_sends_takes_back_reads_more_or_moves_the_letters(
    worker, sister, draft_of_worker
):
    requests.change(actor=sister, request=draft_of_worker, goal="Ik wil leren.")
    people.change(actor=sister, worker=worker, sector="H")
    for act in (
        lambda: requests.submit(actor=sister, request=draft_of_worker, consent=True),
        lambda: requests.withdraw(actor=sister, request=draft_of_worker),
        lambda: requests.draft(actor=sister, worker=worker, window=draft_of_worker.window),
        lambda: people.change(actor=sister, worker=worker, email="mine@example.nl"),
        lambda: people.change(actor=sister, worker=worker, address="Straat 1, Almelo"),
        lambda: taking.archive(actor=sister, worker=worker),
        lambda: intake.of(actor=sister, worker=worker),
        lambda: reflections.portfolio(actor=sister, worker=worker),
        lambda: desk.note(adviser=sister, worker=worker, text="x"),
    ):
        with refuses("not_yours"):
            act()


def test_a_helper_of_somebody_else_sees_nothing(other_sister, draft_of_worker):
    with refuses("not_yours"):
        requests.seen(actor=other_sister, request=draft_of_worker)
    with refuses("not_yours"):
        explanation.of_worker(request=draft_of_worker, actor=other_sister)


@pytest.mark.parametrize("who", ["worker", "sister"])
def test_either_stops_it_and_the_next_page_is_closed(worker, sister, draft_of_worker, who):
    browser = signed_in(sister)
    address = reverse("apply:request", args=[draft_of_worker.pk])
    assert browser.get(address).status_code == 200
    actor = worker.user if who == "worker" else sister
    own_helpers.end(actor=actor, helper=worker.helpers.get(user=sister))
    assert browser.get(address).status_code == 404
    assert browser.get(reverse("worker:helping")).context["rows"] == []


def test_nobody_else_stops_it(worker, sister, adviser, other_sister):
    for somebody in (adviser, other_sister):
        with refuses("not_yours"):
            own_helpers.end(actor=somebody, helper=worker.helpers.get(user=sister))


def test_help_ends_by_itself(worker, sister, draft_of_worker):
    worker.helpers.update(until_date=timezone.localdate() - timedelta(days=1))
    with refuses("not_yours"):
        requests.seen(actor=sister, request=draft_of_worker)


def test_every_page_that_a_helper_opens_stands_on_the_workers_own_page(
    worker, sister, draft_of_worker
):
    before = len(looks.looks(worker))
    browser = signed_in(sister)
    for name in ("apply:request", "apply:summary", "apply:priority", "apply:arrangement"):
        assert browser.get(reverse(name, args=[draft_of_worker.pk])).status_code == 200
    seen = looks.looks(worker)
    assert len(seen) == before + 4
    assert {one.who for one in seen} == {sister.name}
    mine = signed_in(worker.user).get(reverse("worker:data")).content.decode()
    assert sister.name in mine
    assert AuditEvent.objects.filter(action="helper.accepted", actor=sister).exists()


def test_the_page_says_that_only_the_worker_can_send(worker, sister, draft_of_worker):
    worker.training_hours_two_years, worker.has_study_finance = 8, False
    worker.save()
    page = signed_in(sister).get(reverse("apply:summary", args=[draft_of_worker.pk]))
    text = page.content.decode()
    assert f"Alleen {worker.name} kan deze aanvraag versturen." in text
    assert 'name="consent"' not in text
    assert reverse("worker:data") not in text


def test_by_the_pages_from_invitation_to_help(worker, draft_of_worker, client):
    mine = signed_in(worker.user)
    asked = {"name": "Zus", "email": "zus@example.nl", "scope": "fill"}
    page = mine.post(reverse("worker:own-helpers"), asked)
    assert page.status_code == 200, "without the tick nobody is asked"
    assert not worker.helpers.exists()
    mine.post(reverse("worker:own-helpers"), asked | {"consent": "on"})
    url = Message.objects.get(kind="helper_invited").params["url"]
    address = "/" + url.split("/", 3)[3]
    assert worker.name in client.get(address).content.decode()
    sister = signed_in(make_person("Zus"))
    assert sister.post(address).url == reverse("worker:helping")
    assert worker.name in sister.get(reverse("worker:helping")).content.decode()
    pk = worker.helpers.get().pk
    assert mine.post(reverse("worker:stop-helper", args=[pk])).status_code == 302
    assert sister.post(reverse("worker:stop-helping", args=[pk])).status_code == 404
