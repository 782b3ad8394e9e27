"""Every role walks through its pages in Chromium, in Dutch and in English, and nothing is wrong.

The short form walks each role once, a page of each kind, half of them in English. The whole form
(`-m slow`) walks every role in every language, three pages of each kind, and asks axe-core of each.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from allocation.decisions.files import rows_about
from budgetpool import written
from budgetpool.audit import reading
from budgetpool.audit.models import AuditEvent
from budgetpool.portals.components.numbers import euros
from budgetpool.register.models import Edition
from tests.browser import walker
from tests.cast import make_helper, make_window
from workers import requests as worker_requests
from workers.around import own_helpers
from workers.counter import mandates
from workers.data import looks
from workers.models import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Who walks, from where, and how many pages at least, or the walk went wrong.
ROLES = {
    "public": (None, 9, "nl"),
    "worker with a draft": ("worker_account", 18, "en"),
    "worker who was refused": ("refused_account", 10, "nl"),
    "worker in training": ("awarded_account", 9, "en"),
    "helper": ("sister", 8, "nl"),
    "adviser": ("adviser", 12, "en"),
    "school": ("school_teacher", 7, "nl"),
    "employer": ("manager", 9, "en"),
    "board": ("chair", 11, "nl"),
    "treasurer": ("treasurer", 12, "en"),
}
# Who reads a request's state in the same words.
SAME_WORDS = {"worker in training", "worker who was refused", "adviser", "helper"}


@pytest.fixture
def lived_in(
    published,
    worker,
    welding,
    refused_account,
    learner_of_school,
    adviser,
    manager,
    second_signer,
    treasurer,
):
    """A published round with people in training, and a next window with a draft; who lets others
    look along does so."""
    Edition.objects.update(starts_on=timezone.localdate() + timedelta(days=120))
    window = make_window(published.fund, "2027-2")
    draft = worker_requests.draft(actor=worker.user, worker=worker, window=window)
    for one in Worker.objects.exclude(user=None):
        mandates.give(actor=one.user, worker=one, adviser=adviser, scope="read", given="web")
    return draft


@pytest.fixture
def sister(lived_in, learner_of_school):
    """Helps both who has a draft and who is in training."""
    person = make_helper("Zus Willemse", lived_in.worker)
    helped = learner_of_school.request.worker
    secret = own_helpers.invite(
        actor=helped.user, worker=helped, name=person.name, email=person.email, scope="read"
    )
    own_helpers.accept(secret=secret, user=person)
    return person


def all_walks(visitor, lived_in, request, walks, **form):
    """What each role found in each language: faults in words, and what each page said."""
    wrong, seen = [], {}
    for role, language in walks:
        fixture, least, _language = ROLES[role]
        visitor.cookies = []
        starts = ["/"]
        if fixture:
            visitor.sign_in(request.getfixturevalue(fixture))
            starts = ["/home", "/", "/account"]
        found = walker.walk(visitor, starts, language=language, **form)
        wrong += [f"{role}, {language}: {fault}" for fault in found.wrong]
        if len(found.texts) < least:
            wrong.append(f"{role}, {language}: only {len(found.texts)}: {sorted(found.texts)}")
        seen[role, language] = found
    return wrong, seen


def other_ends(window, seen):
    """Where the last day of a window stands without its hour, or in other words."""
    wrong = []
    for (role, language), found in seen.items():
        with translation.override(language):
            end = walker.plain(written.until(window.closes_at))
            day = re.search(r"\d+ \w+ \d{4}", end)[0]
        wrong += [
            f"{role}, {language}: {address} says {day} in other words than {end!r}"
            for address, text in found.texts.items()
            if day in text.replace(end, "")
        ]
    return wrong


def other_states(seen):
    """Requests that two pages name in two states, among all who read them in the same words."""
    by_language = {}
    for (role, language), found in seen.items():
        if role in SAME_WORDS:
            for reference, said in found.states.items():
                states = by_language.setdefault((language, reference), {})
                for words, address in said.items():
                    states.setdefault(words, f"{role} {address}")
    return [
        f"{reference} is in two states: {states}"
        for (_language, reference), states in by_language.items()
        if len(states) > 1
    ]


def other_amounts(award, seen):
    """Pages about one award that tell amounts, but not the award's."""
    own = reverse("apply:request", args=[award.request_id])
    about = {
        "worker in training": own,
        "helper": own,
        "adviser": own,
        "treasurer": f"/treasurer/twente/awards/{award.pk}",
    }
    wrong = []
    for (role, language), found in seen.items():
        text = found.texts.get(about.get(role, ""))
        if text is not None:
            with translation.override(language):
                amount = walker.plain(euros(award.amount))
            if amount not in text:
                wrong.append(f"{role}, {language}: {about[role]} does not say {amount}")
    return wrong


def unseen_looks():
    """Looks of the trail that lead to a person by any column, and that their page does not show."""
    wrong = []
    for worker in Worker.objects.exclude(user=None):
        shown = looks.looks(worker, beside=rows_about(worker))
        told = {(look.at, look.action) for look in shown}
        for event in AuditEvent.objects.filter(reading.LOOK).exclude(actor=worker.user_id):
            if event.details.get("worker") == worker.pk and (event.at, event.action) not in told:
                wrong.append(f"{worker}: {event.action} by {event.actor}")
    return wrong


def unseen_pages(seen, request):
    """Pages headed by a person's name that somebody else opened without a look in the trail."""
    wrong = []
    for (role, language), found in seen.items():
        fixture = ROLES[role][0]
        if fixture is None:
            continue
        looker = request.getfixturevalue(fixture)
        for worker in Worker.objects.exclude(user=looker):
            pages = [at for at, heading in found.headings.items() if worker.name in heading]
            shown = looks.looks(worker, beside=rows_about(worker))
            if pages and looker.name not in {look.who for look in shown}:
                wrong.append(f"{role}, {language}: {pages} left no look at {worker}")
    return wrong


def everything_wrong(visitor, lived_in, request, walks, **form):
    wrong, seen = all_walks(visitor, lived_in, request, walks, **form)
    award = request.getfixturevalue("learner_of_school")
    award.refresh_from_db()
    return [
        *wrong,
        *other_ends(lived_in.window, seen),
        *other_states(seen),
        *other_amounts(award, seen),
        *unseen_looks(),
        *unseen_pages(seen, request),
    ]


def test_every_role_walks_once(visitor, lived_in, sister, request):
    walks = [(role, language) for role, (_, _, language) in ROLES.items()]
    wrong = everything_wrong(visitor, lived_in, request, walks, of_a_kind=1, axe=False)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_role_walks_in_every_language(visitor, lived_in, sister, request):
    walks = [(role, language) for language in ("nl", "en") for role in ROLES]
    wrong = everything_wrong(visitor, lived_in, request, walks, of_a_kind=3, axe=True)
    assert not wrong, "\n".join(wrong)
