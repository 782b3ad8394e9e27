"""One deadline everywhere: whoever says when a window ends says the same day and the same hour.

Every page, letter, answer of the interface and refusal is read; a day of the end that stands there
in any other way fails, and so does one that the service does not keep.
"""

import html
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from allocation import rounds
from budgetpool import written
from budgetpool.mail import words
from budgetpool.mail.models import Message
from budgetpool.refusals import Refusal, TooLate
from tests.allocation.people import euros
from tests.cast import lotto, make_helper, make_window, signed_in
from workers import reminders, requests, windows
from workers.counter import mandates
from workers.models import TrainingRequest

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Amsterdam")
PUBLIC = ("/regions/twente", "/regions/twente/rounds/2027-1", "/apply/twente")
DRAFT = (
    ("go-on", []),
    ("request", []),
    *(("step", [slug]) for slug in ("name", "reach", "work", "learning", "goal")),
    ("choices", []),
    ("choice", [1]),
    ("trainings", []),
    ("files", []),
    ("priority", []),
    ("summary", []),
    ("withdraw", []),
)
SENT = (("request", []), ("receipt", []), ("sent", []), ("withdraw", []))


def text_of(browser, path):
    answer = browser.get(path, follow=True)
    assert answer.status_code == 200, path
    without_tags = re.sub(r"<[^>]+>", "", answer.content.decode())
    return " ".join(html.unescape(without_tags).replace("\u00a0", " ").split())


@pytest.fixture(params=[time(17), time(0)], ids=["five o'clock", "midnight"])
def open_round(request, rich_fund, policy, chair, worker, forklift):
    """A round whose window ends in eleven days, at this hour in the fund's own time."""
    window = make_window(rich_fund)
    last = timezone.localdate(window.closes_at)
    window.closes_at = datetime.combine(last, request.param, tzinfo=ZONE)
    window.save()
    draft = rounds.draft(
        window=window,
        policy=policy,
        ceiling=euros(2_000),
        reserve=euros(500),
        draw=lotto(window),
        member=chair,
    )
    opened = rounds.open(round=draft, member=chair, at=window.opens_at - timedelta(hours=1))
    worker.training_hours_two_years, worker.has_study_finance = 8, False
    worker.save()
    asked = requests.draft(actor=worker.user, worker=worker, window=window)
    requests.choose(actor=worker.user, request=asked, training=forklift)
    left = timezone.now() - timedelta(days=3)
    TrainingRequest.objects.filter(pk=asked.pk).update(saved_at=left)
    reminders.offer_help()
    return opened, asked


def said_everywhere(opened, asked, people):
    """Each place that could say the end, with its text."""
    visitor, mine = Client(), signed_in(asked.worker.user)
    found = {path: text_of(visitor, path) for path in (*PUBLIC, "/apply/twente/check")}
    found["/my"] = text_of(mine, "/my")
    own = [reverse(f"apply:{name}", args=[asked.pk, *more]) for name, more in DRAFT]
    found |= {path: text_of(mine, path) for path in own}
    for person, paths in people.items():
        found |= {f"{person} {path}": text_of(signed_in(person), path) for path in paths}
    late = timezone.localdate(opened.window.closes_at) - timedelta(days=1)
    reminders.remind_of_drafts(today=late)
    requests.submit(actor=asked.worker.user, request=asked, consent=True)
    sent = [reverse(f"apply:{name}", args=[asked.pk, *more]) for name, more in SENT]
    found |= {f"sent {path}": text_of(mine, path) for path in sent}
    for message in Message.objects.all():
        found[f"letter {message.kind}"] = " ".join(words.words(message)[1].split())
    try:
        windows.require_open(opened.window, at=opened.window.closes_at)
    except Refusal as refused:
        with translation.override("nl"):
            found["refusal"] = str(refused).replace("\u00a0", " ")
    return found


def test_every_place_that_says_the_end_says_the_same_day_and_hour(
    open_round, chair, adviser, teacher, provider, worker
):
    opened, asked = open_round
    mandates.give(actor=worker.user, worker=worker, adviser=adviser, scope="read", given="web")
    sister = make_helper("Zus", worker)
    request = reverse("apply:request", args=[asked.pk])
    people = {
        chair: ["/board/twente", "/board/twente/rounds/2027-1"],
        adviser: ["/counter/twente", reverse("adviser:person", args=[worker.pk]), request],
        teacher: [f"/schools/{provider.pk}", f"/schools/{provider.pk}/starts"],
        sister: ["/helping", request],
    }
    places = said_everywhere(opened, asked, people)
    with translation.override("nl"):
        end = written.until(opened.window.closes_at).replace("\u00a0", " ")
        the_day = written.day(opened.window.closes_at).replace("\u00a0", " ")
    shown_day = re.search(r"\d+ \w+ \d{4}", end)[0]
    other = {
        place: text
        for place, text in places.items()
        if shown_day in text.replace(end, "") or the_day in text.replace(end, "")
    }
    assert other == {}, end
    saying = {place for place, text in places.items() if end in text}
    assert {*PUBLIC, request, f"{adviser} {request}", f"{sister} {request}"} <= saying
    assert {f"sent {reverse('apply:receipt', args=[asked.pk])}", "refusal"} <= saying
    assert {"letter help_offered", "letter request_reopened_reminder"} <= saying
    assert f"{chair} /board/twente/rounds/2027-1" in saying
    assert len(saying) >= 20


def test_the_interface_tells_the_moment_that_the_service_keeps(client, open_round):
    opened, _asked = open_round
    answer = client.get(f"/v1/regions/{opened.fund.region.code}/rounds").json()
    told = {datetime.fromisoformat(row["closesAt"]) for row in answer["items"]}
    assert told == {opened.window.closes_at}
    windows.require_open(opened.window, at=opened.window.closes_at - timedelta(microseconds=1))
    with pytest.raises(TooLate):
        windows.require_open(opened.window, at=opened.window.closes_at)
