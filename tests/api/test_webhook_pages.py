"""A partner's administrator tends the addresses that get events: with a second factor, and only
those of their own partner."""

import re

import pytest
from django.urls import reverse

from api import administrators
from api.models import Delivery, Endpoint, Event
from api.webhooks import endpoints, signing
from tests.cast import signed_in
from tests.sharing import shared

pytestmark = pytest.mark.django_db
URL = "https://93.184.215.14/events"


def page(name, partner, *args):
    return reverse(f"partner:{name}", args=[partner.pk, *args])


@shared
def address(partner):
    made, _secret = endpoints.add(
        partner=partner, url=URL, label="salary system", listens_to=["award.changed"]
    )
    return made


@pytest.fixture
def delivery(address):
    event = Event.objects.create(
        partner=address.partner,
        kind="award.changed",
        change="accepted",
        subject="request:1",
        reference="case-17",
        sequence=1,
    )
    made = Delivery.objects.create(
        endpoint=address, event=event, state=Delivery.State.FAILED, tries=10
    )
    made.attempts.create(status=None, problem="timeout", milliseconds=10_000)
    return made


@pytest.fixture
def browser(partner_manager):
    return signed_in(partner_manager, second_factor=True)


def test_an_address_is_added_and_its_secret_shown_once(browser, partner):
    form = {"url": URL, "label": "salary system", "listens_to": ["award.changed"]}
    made = browser.post(page("webhook-new", partner), form)
    assert "no-store" in made.headers["Cache-Control"]
    [secret] = re.findall(r"whsec_[\w+/=-]+", made.content.decode())
    endpoint = Endpoint.objects.get()
    assert signing.unseal(endpoint.secret) == secret
    listed = browser.get(page("webhooks", partner)).content.decode()
    assert "salary system" in listed
    assert secret not in listed
    assert secret not in browser.get(page("webhook", partner, endpoint.pk)).content.decode()


@pytest.mark.parametrize(
    "change",
    [{"url": "http://example.nl"}, {"url": "https://10.0.0.1/x"}, {"listens_to": ["everything"]}],
    ids=str,
)
def test_an_address_that_is_not_public_or_listens_to_nothing_is_refused(browser, partner, change):
    form = {"url": URL, "label": "", "listens_to": ["award.changed"]} | change
    assert browser.post(page("webhook-new", partner), form).status_code == 200
    assert not Endpoint.objects.exists()


def test_another_secret_takes_the_place_of_one(browser, partner, address):
    before = address.secret
    shown = browser.post(page("webhook-rotate", partner, address.pk), {"overlap_hours": "24"})
    [secret] = re.findall(r"whsec_[\w+/=-]+", shown.content.decode())
    address.refresh_from_db()
    assert (signing.unseal(address.secret), address.old_secret) == (secret, before)
    wrong = browser.post(page("webhook-rotate", partner, address.pk), {"overlap_hours": "999"})
    assert "whsec_" not in wrong.content.decode()


def test_the_log_tells_how_each_delivery_went_and_sends_it_once_more(
    browser, partner, address, delivery
):
    shown = browser.get(page("webhook", partner, address.pk)).content.decode()
    assert "case-17" in shown
    assert f'value="{delivery.pk}"' in shown
    browser.post(page("webhook-anew", partner, address.pk), {"delivery": delivery.pk})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (Delivery.State.WAITING, 0)
    # What waits has no button.
    assert (
        f'value="{delivery.pk}"'
        not in browser.get(page("webhook", partner, address.pk)).content.decode()
    )


def test_all_since_a_day_goes_once_more(browser, partner, address, delivery):
    where = page("webhook-anew", partner, address.pk)
    assert browser.post(where, {"since": "yesterday"}).status_code == 422
    browser.post(where, {"since": "01-01-2020"})
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.WAITING


def test_a_test_is_sent_and_an_address_that_ended_gets_none(browser, partner, address):
    browser.post(page("webhook-test", partner, address.pk))
    assert Event.objects.get().only_to == address
    browser.post(page("webhook-end", partner, address.pk))
    address.refresh_from_db()
    assert address.ended_at
    browser.post(page("webhook-test", partner, address.pk))
    assert Event.objects.count() == 1
    assert browser.get(page("webhook", partner, address.pk)).status_code == 200


def test_another_partner_and_somebody_without_a_second_factor_do_nothing(
    partner, partner_manager, other_partner_manager, address, delivery
):
    other = administrators.partners_of(other_partner_manager)[0]
    double = signed_in(other_partner_manager, second_factor=True)
    without = signed_in(partner_manager)
    for name, form in (
        ("webhook", None),
        ("webhook-test", {}),
        ("webhook-rotate", {"overlap_hours": "0"}),
        ("webhook-end", {}),
        ("webhook-anew", {"delivery": delivery.pk}),
    ):
        for browser, of, status in ((double, partner, 404), (double, other, 404)):
            where = page(name, of, address.pk)
            answer = browser.get(where) if form is None else browser.post(where, form)
            assert answer.status_code == status, name
        where = page(name, partner, address.pk)
        answer = without.get(where) if form is None else without.post(where, form)
        assert (answer.status_code, "partners" in answer.headers["Location"].split("?")[0]) == (
            302,
            False,
        )
    assert signing.unseal(Endpoint.objects.get().secret) == signing.unseal(address.secret)
    assert Endpoint.objects.get().ended_at is None
    assert not Event.objects.exclude(pk=delivery.event_id).exists()
