"""Everybody's walk through all pages that links lead to: nothing missing, nothing foreign."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from budgetpool.portals.application.priority import chance
from budgetpool.register.models import Edition
from tests import walking
from tests.browser.world import *  # noqa: F403
from tests.cast import make_window, signed_in
from workers import requests as worker_requests

pytestmark = pytest.mark.django_db

# Who walks, from where; each has more than one page, or the walk went wrong.
ROLES = {
    "visitor": (None, 8),
    "worker with a draft": ("worker_account", 20),
    "worker who was refused": ("refused_account", 10),
    "worker in training": ("awarded_account", 10),
    "school": ("school_teacher", 6),
    "employer": ("manager", 8),
    "adviser": ("adviser", 8),
    "board": ("chair", 8),
    "treasurer": ("treasurer", 10),
    "administrator": ("administrator", 1),
}


@pytest.fixture
def lived_in(published, worker, welding, refused_account, accepted_request, second_signer):
    """A published round, and a next window in which somebody has begun to ask."""
    Edition.objects.update(starts_on=timezone.localdate() + timedelta(days=120))
    window = make_window(published.fund, "2027-2")
    return worker_requests.draft(actor=worker.user, worker=worker, window=window)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_link_leads_to_a_fault_and_no_page_speaks_another_language(
    client, lived_in, request, language
):
    wrong = []
    for role, (fixture, least) in ROLES.items():
        browser = signed_in(request.getfixturevalue(fixture)) if fixture else client
        starts = ["/", "/account", "/my"] if fixture else ["/"]
        found = walking.walk(browser, starts, language=language)
        wrong += [f"{role}: {fault}" for fault in found.wrong]
        if len(found.pages) < least:
            wrong.append(f"{role}: only {len(found.pages)} pages: {sorted(found.pages)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", settings.MACHINE_LANGUAGES)
def test_a_workers_road_is_whole_in_a_language_that_a_machine_made(
    client, lived_in, request, language
):
    wrong = []
    for role in ("visitor", "worker with a draft", "worker who was refused", "worker in training"):
        fixture, least = ROLES[role]
        browser = signed_in(request.getfixturevalue(fixture)) if fixture else client
        found = walking.walk(browser, ["/", "/account", "/my"], language=language)
        wrong += [f"{role}: {fault}" for fault in found.wrong]
        told = [page for page in found.pages.values() if page.language == language]
        if len(told) < least * 2 // 3:
            wrong.append(f"{role}: only {len(told)} pages of {len(found.pages)} are in {language}")
    assert not wrong, "\n".join(wrong)


def test_a_walk_finds_what_is_wrong():
    page = (
        '<html lang="nl"><title>Fout: naam</title><body><h1>Back</h1><p lang="en">Search</p>'
        '<div class="utrecht-form-field--invalid"></div><a href="/elders">x</a></body></html>'
    )
    seen = walking.read(page)
    assert seen.links == ["/elders"]
    assert walking.faults(seen, "nl") == [
        "another language: 'Back'",
        "an error state, although nothing was filled in",
        "a title of an error: 'Fout: naam'",
    ]
    assert not walking.faults(walking.read("<html><body><h1>Terug</h1></body></html>"), "nl")


def test_the_chance_of_last_time_is_told_once_there_was_a_round(published, lived_in):
    told = chance(lived_in, total=50)
    # Seven asked and three got something; so few alike would tell of single people.
    assert (told.code, told.share, told.own_share) == ("2027-1", 3 / 7, None)
