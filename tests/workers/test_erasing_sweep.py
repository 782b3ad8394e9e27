"""After erasing, no text of any table holds what should be gone, and the person can begin anew."""

import re

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse

from budgetpool.fund.models import Seat
from budgetpool.mail import delivery
from budgetpool.register.models import ProviderSeat
from budgetpool.users.models import PhoneNumber, User
from tests.cast import make_employer, make_person, make_window, make_worker, signed_in
from tests.refusing import refuses
from tests.sharing import harmless, shared
from tests.workers.test_files import picture
from workers import files, people, requests
from workers.around import arrangement, own_helpers, stories, strengths
from workers.counter import desk, mandates
from workers.data import erasing
from workers.models import Arrangement, Helper, Worker

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Zwaantje Quispel", "zwaantje.quispel@example.nl"
NEEDLES = ("zwaantje", "quispel", "0687654321", "+31687654321", "kwikstaartlaan", "molenaar")


@pytest.fixture(autouse=True)
@harmless
def nobody_was_counted_yet():
    cache.clear()


def texts():
    """Every text, address and JSON value of every row of every table, of whichever library."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list("pk", *names):
            for name, value in zip(names, row[1:], strict=True):
                yield f"{model._meta.label}.{name}", str(value or "").casefold()


def found():
    return sorted({place for place, text in texts() if any(word in text for word in NEEDLES)})


@shared
def known(twente, adviser, forklift, forklift_in_march):
    """A person of whom everything is known that somebody without a decision can leave behind."""
    worker = make_worker(NAME, twente)
    actor = worker.user
    PhoneNumber.objects.create(user=actor, number="+31687654321")
    people.change(
        actor=actor, worker=worker, phone="0687654321", address="Kwikstaartlaan 9, Almelo"
    )
    desk.ask_help(region=twente.region, kind="call", name=NAME, phone="0687654321")
    mandates.give(actor=actor, worker=worker, adviser=adviser, scope="follow", given="web")
    desk.note(adviser=adviser, worker=worker, text="Zwaantje wil molenaar worden.")
    secret = own_helpers.invite(
        actor=actor, worker=worker, name="Oom Molenaar", email="oom@example.nl", scope="fill"
    )
    own_helpers.accept(secret=secret, user=make_person("Oom"))
    strengths.write(
        actor=actor, worker=worker, tagged=[], in_request=True, good_at="Ik ben molenaar."
    )
    stories.tell(
        actor=actor, worker=worker, text="Zwaantje werd molenaar.", shown_name=NAME, consent=True
    )
    window = make_window(twente)
    asked = requests.draft(actor=actor, worker=worker, window=window)
    requests.choose(actor=actor, request=asked, training=forklift, edition=forklift_in_march)
    requests.change(actor=actor, request=asked, goal="Ik wil molenaar worden.")
    files.add(actor=actor, request=asked, purpose="offer", name="quispel.jpg", data=picture())
    arrangement.answer(actor=actor, request=asked, answers={"pay": "todo"})
    requests.submit(actor=actor, request=asked, consent=True)
    requests.withdraw(actor=actor, request=asked)
    delivery.send_due()
    signed_in(actor)
    return worker


def erase_on_screen(worker):
    browser = signed_in(worker.user)
    browser.get(reverse("worker:data"))
    return browser.post(reverse("worker:erase"), {"sure": "on"})


def test_no_text_of_any_table_holds_what_should_be_gone(known):
    assert len(found()) > 5, "the sweep finds what is there"
    assert erase_on_screen(known).url == "/"
    delivery.send_due()
    assert found() == []


def test_the_same_for_a_request_that_must_stay(known, twente):
    asked = known.requests.get()
    requests.reopen(actor=known.user, request=asked)
    requests.submit(actor=known.user, request=asked, consent=True)
    erasing.erase(actor=known.user, worker=known, keep_requests={asked.pk}, keep_until=None)
    delivery.send_due()
    assert found() == []
    asked.refresh_from_db()
    assert asked.status == "submitted"
    assert asked.choices.exists()
    assert not Arrangement.objects.exists()


def test_a_helper_who_is_erased_leaves_nothing_with_whom_they_helped(known, worker):
    secret = own_helpers.invite(
        actor=worker.user, worker=worker, name="Zwaantje", email=EMAIL, scope="read"
    )
    own_helpers.accept(secret=secret, user=known.user)
    erase_on_screen(known)
    delivery.send_due()
    assert not Helper.objects.filter(worker=worker).exists()
    assert found() == []


def test_the_person_can_begin_anew_with_the_same_address(known):
    erase_on_screen(known)
    mail.outbox.clear()
    anew = Client()
    asked = anew.post(reverse("account_signup"), {"to": EMAIL, "name": NAME})
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[-1].body, re.M)[1]
    anew.post(asked.url, {"code": code})
    person = User.objects.get(email=EMAIL)
    assert person.is_active
    assert not Worker.objects.filter(user=person).exists()
    assert anew.get(reverse("worker:home")).status_code == 200


def test_every_session_of_the_person_ends(known):
    elsewhere = signed_in(known.user)
    assert elsewhere.get(reverse("worker:home")).status_code == 200
    erase_on_screen(known)
    assert elsewhere.get(reverse("worker:home")).status_code == 302


@pytest.mark.parametrize("place", ["board", "employer", "school"])
def test_who_holds_a_place_hands_it_over_first(known, twente, provider, place):
    user = known.user
    if place == "board":
        Seat.objects.create(user=user, region=twente.region, role=Seat.Role.BOARD)
    elif place == "employer":
        make_employer("Almelo Logistiek", "12345678").members.create(user=user, role="manager")
    else:
        ProviderSeat.objects.create(user=user, provider=provider)
    with refuses("holds_seat"):
        erasing.erase(actor=user, worker=known, keep_requests=set(), keep_until=None)
    assert erase_on_screen(known).url == reverse("worker:data")
    user.refresh_from_db()
    assert user.is_active
