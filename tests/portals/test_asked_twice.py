"""An amount out of the ordinary is taken only when somebody says that it is right."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from allocation.models import Round
from employers.models import Pledge
from tests.access.test_refused_pages import faults_of, main_of
from tests.cast import signed_in

pytestmark = pytest.mark.django_db


class TestAskedTwice:
    def test_a_round_above_the_pot_is_said_in_euros_and_asked_twice(self, chair, rich_fund, policy):
        first = timezone.localdate() + timedelta(days=20)
        facts = {
            "code": "2027-2",
            "first_day": f"{first:%d-%m-%Y}",
            "last_day": f"{first + timedelta(days=9):%d-%m-%Y}",
            "ceiling": "20.000",
            "reserve": "0",
            "policy": policy.pk,
            "seed_source": "Lotto",
            "draw_on": f"{first + timedelta(days=12):%d-%m-%Y}",
            "draw_count": "6",
            "draw_lowest": "1",
            "draw_highest": "45",
            "draw_order": "sorted",
        }
        board = signed_in(chair)
        asked = board.post(reverse("board-round-new", args=["twente"]), facts)
        page = unescape(main_of(asked)).replace("\xa0", " ")
        assert "Deze ronde vraagt € 20.000,00. In de pot is nu € 10.000,00 vrij." in page
        assert not Round.objects.exists()
        board.post(reverse("board-round-new", args=["twente"]), {**facts, "sure": "on"})
        assert Round.objects.get().ceiling.amount == 20_000

    def test_a_pledge_of_half_a_billion_is_asked_twice(self, manager, twente, employer):
        facts = {
            "fund": twente.pk,
            "kind": "fixed",
            "amount": "500.000.000",
            "schedule": "yearly",
            "starts_on": "01-01-2027",
        }
        browser = signed_in(manager)
        address = reverse("employer:pledge-new", args=[employer.pk])
        asked = unescape(main_of(browser.post(address, facts))).replace("\xa0", " ")
        assert "Je belooft € 500.000.000,00 per jaar. Dat is veel. Klopt dit?" in asked
        assert not Pledge.objects.exists()
        browser.post(address, {**facts, "sure": "on"})
        assert Pledge.objects.count() == 1

    def test_the_days_of_a_pledge_are_refused_in_words(self, manager, twente, employer):
        facts = {
            "fund": twente.pk,
            "kind": "fixed",
            "amount": "1.000",
            "schedule": "yearly",
            "starts_on": "01-01-2027",
            "ends_on": "01-01-2026",
        }
        answer = signed_in(manager).post(reverse("employer:pledge-new", args=[employer.pk]), facts)
        assert "De laatste dag ligt voor de eerste" in main_of(answer)
        assert faults_of(answer) == []
