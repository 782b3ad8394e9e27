"""A code on a poster is followed from the visit to the award, and counted per channel."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from allocation import reach
from employers import outreach as employers_outreach
from tests.cast import make_person, signed_in
from tests.refusing import refuses
from tests.sharing import shared
from workers.counter import outreach
from workers.models import OutreachCode, TrainingRequest

pytestmark = pytest.mark.django_db
PAGE = "/counter/twente/outreach"


@shared
def code(adviser, twente):
    return outreach.make(adviser=adviser, region=twente.region, channel="voetbalclub")


def test_the_counter_makes_a_code_with_a_short_link_and_a_qr_code(adviser):
    browser = signed_in(adviser)
    assert "Schrijf waar" in browser.post(PAGE, {"channel": " "}).content.decode()
    browser.post(PAGE, {"channel": "wedstrijd FC Twente"})
    made = OutreachCode.objects.get()
    shown = browser.get(PAGE).content.decode()
    assert f"/c/{made.code}" in shown
    assert b"<svg" in Client().get(f"/c/{made.code}/qr.svg").content


def test_a_code_is_kept_from_the_visit_through_the_new_account_to_the_request(code, window):
    visitor = Client()
    assert visitor.get(f"/c/{code.code.lower()}").url == "/regions/twente"
    start = reverse("worker:start", args=["twente"])
    way_in = visitor.post(start).url
    assert way_in.startswith(reverse("account_signup"))
    asked = visitor.post(way_in, {"to": "wim@example.nl", "name": "Wim Nieuw"})
    sent = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.outbox[0].body, re.M)[1]
    visitor.post(asked.url, {"code": sent}, follow=True)
    assert TrainingRequest.objects.get().outreach_code == code.code


def test_a_code_seen_elsewhere_is_typed_on_the_device_where_somebody_asks(
    code, window, worker_of_drenthe, drenthe
):
    start = reverse("worker:start", args=["twente"])
    other = Client()
    shown = other.get(start).content.decode()
    assert 'name="code"' in shown
    onward = other.post(start, {"code": f" {code.code.lower()} "}).url
    assert f"code%3D{code.code}" in onward, "it goes along in the link of the e-mail"
    # The link is opened on a third device: the start stands there with the code.
    third = signed_in(make_person("Derde Apparaat"))
    page = third.get(f"{reverse('worker:begin', args=['twente'])}?code={code.code}", follow=True)
    assert f'value="{code.code}"' in page.content.decode()
    third.post(start, {"code": code.code})
    assert TrainingRequest.objects.get().outreach_code == code.code
    assert OutreachCode.objects.get().visits_count == 0


@pytest.mark.parametrize("typed", ["ZZZZZZ", "<script>", "a\0b", "", "ended", "of another region"])
def test_a_code_that_leads_nowhere_stops_nobody_and_is_not_kept(
    code, window, typed, adviser, adviser_of_drenthe, drenthe
):
    if typed == "ended":
        outreach.end(adviser=adviser, code=code)
        typed = code.code
    elif typed == "of another region":
        typed = outreach.make(
            adviser=adviser_of_drenthe, region=drenthe.region, channel="markt"
        ).code
    visitor = signed_in(make_person("Wim Nieuw"))
    visitor.post(reverse("worker:start", args=["twente"]), {"code": typed})
    assert TrainingRequest.objects.get().outreach_code == ""


def test_each_channel_shows_visits_requests_and_awards(adviser, code, published, employer, manager):
    at_work = employers_outreach.make_code(
        employer=employer, fund=published.fund, channel="kantine", by=manager
    )
    awarded = published.awards.first().request
    TrainingRequest.objects.filter(pk=awarded.pk).update(outreach_code=code.code)
    for _ in range(3):
        Client().get(f"/c/{code.code}")
    Client().get(f"/c/{at_work.code}")
    rows = {row.channel: row for row in reach.of(published.fund.region)}
    first = rows["voetbalclub"]
    assert (first.visits, first.begun, first.sent, first.awarded) == (3, 1, 1, 1)
    assert (rows["kantine"].visits, rows["kantine"].begun) == (1, 0)
    assert rows[""].begun == TrainingRequest.objects.count() - 1
    shown = signed_in(adviser).get(PAGE).content.decode()
    assert "voetbalclub" in shown
    assert employer.name in shown


def test_the_board_sees_the_channels_and_makes_no_codes(chair, code):
    browser = signed_in(chair)
    assert "voetbalclub" in browser.get(PAGE).content.decode()
    browser.post(PAGE, {"channel": "mijn eigen"})
    assert OutreachCode.objects.count() == 1


def test_a_code_that_ended_leads_nowhere_and_keeps_its_numbers(adviser, code):
    outreach.visit(code.code)
    signed_in(adviser).post(f"{PAGE}/{code.pk}/end")
    assert Client().get(f"/c/{code.code}").url == "/"
    code.refresh_from_db()
    assert code.visits_count == 1


def test_an_adviser_of_another_region_makes_none_here(adviser_of_drenthe, twente):
    with refuses("not_yours"):
        outreach.make(adviser=adviser_of_drenthe, region=twente.region, channel="markt")
