"""The decorators that open a portal's pages, each with its four answers."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse

from budgetpool.fund.models import Seat
from budgetpool.portals.access import (
    Refused,
    employer_member_required,
    provider_required,
    seat_required,
    worker_required,
)
from budgetpool.register.models import ProviderSeat
from tests.cast import signed_in
from tests.sharing import harmless

pytestmark = pytest.mark.django_db


@seat_required("board", "treasurer")
def of_board(request, fund):
    return HttpResponse(fund.name)


@worker_required
def of_worker(request, worker):
    return HttpResponse(worker.name)


@employer_member_required("payer")
def of_payer(request, employer):
    return HttpResponse(employer.name)


@provider_required
def of_provider(request, provider):
    return HttpResponse(provider.name)


@pytest.fixture
@harmless
def ask(rf):
    def asked(view, user, **kwargs):
        request = rf.get("/a/page")
        request.user = user
        return view(request, **kwargs)

    return asked


@pytest.mark.parametrize("view", [of_board, of_worker, of_payer, of_provider])
def test_a_visitor_is_led_to_sign_in_and_back(ask, view):
    assert ask(view, AnonymousUser()).url == "/sign-in?next=/a/page"


@pytest.mark.parametrize("view", [of_board, of_worker, of_payer, of_provider])
def test_somebody_without_the_role_is_told_so(ask, view, stranger):
    with pytest.raises(Refused) as refusal:
        ask(view, stranger)
    assert str(refusal.value)


def test_a_seat_opens_the_fund_of_its_own_region_only(ask, chair, chair_of_drenthe):
    assert ask(of_board, chair, region="twente").content == b"Scholingsfonds Twente"
    assert ask(of_board, chair).content == b"Scholingsfonds Twente"
    for slug in ("twente", "no-such-region"):
        with pytest.raises(Http404):
            ask(of_board, chair_of_drenthe, region=slug)


def test_a_seat_that_ended_opens_nothing(ask, chair):
    Seat.objects.update(until="2020-01-01", since="2019-01-01")
    with pytest.raises(Refused):
        ask(of_board, chair, region="twente")


def test_a_seat_that_has_not_begun_opens_nothing(ask, chair):
    Seat.objects.update(since="2999-01-01")
    with pytest.raises(Refused):
        ask(of_board, chair, region="twente")


def test_another_seat_in_the_same_region_is_no_seat(ask, adviser):
    with pytest.raises(Refused, match=" / "):
        ask(of_board, adviser, region="twente")


def test_a_worker_opens_their_own_file(ask, worker):
    assert ask(of_worker, worker.user).content == b"Willemijn Worker"


def test_an_erased_worker_has_no_file(ask, worker):
    type(worker).objects.update(
        erased_at="2027-01-01T00:00Z", name="", email="", phone="", address="", birth_date=None
    )
    with pytest.raises(Refused):
        ask(of_worker, worker.user)


def test_a_place_opens_its_own_employer_from_its_role_upward(
    ask, employer, viewer, payer, manager, other_manager
):
    for member in (payer, manager):
        assert ask(of_payer, member, employer=employer.pk).content == b"Almelo Logistiek"
    with pytest.raises(Refused, match="rol"):
        ask(of_payer, viewer, employer=employer.pk)
    with pytest.raises(Http404):
        ask(of_payer, other_manager, employer=employer.pk)


def test_a_provider_opens_to_its_own_people_only(ask, provider, stranger, chair):
    ProviderSeat.objects.create(user=stranger, provider=provider)
    assert ask(of_provider, stranger, provider=provider.pk).content == b"Vakschool De Kade"
    with pytest.raises(Http404):
        ask(of_provider, stranger, provider=provider.pk + 1)
    with pytest.raises(Refused):
        ask(of_provider, chair, provider=provider.pk)


@pytest.mark.parametrize("address", ["/treasurer", "/treasurer/"])
def test_a_desk_without_a_region_leads_to_ones_own(address, treasurer, drenthe, chair):
    browser = signed_in(treasurer)
    assert browser.get(address).url == "/treasurer/twente"
    Seat.objects.create(user=treasurer, region=drenthe.region, role=Seat.Role.TREASURER)
    both = browser.get(address).content.decode()
    assert "/treasurer/twente" in both
    assert "/treasurer/drenthe" in both
    assert signed_in(chair).get(address).status_code == 403


@pytest.mark.parametrize("address", ["/counter", "/counter/", "/adviser", "/adviser/"])
def test_a_counter_without_a_region_leads_to_ones_own(address, adviser):
    assert signed_in(adviser).get(address).url == "/counter/twente"


def test_the_employers_pages_without_an_employer_lead_to_ones_own(manager, employer):
    for address in ("/employers", "/employers/"):
        assert signed_in(manager).get(address).url == f"/employers/{employer.pk}"
