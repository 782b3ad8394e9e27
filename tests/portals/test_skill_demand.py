"""What employers expect is shown to the region's workers and board, all together."""

import pytest
from django.urls import reverse

from employers import demand
from tests.cast import signed_in
from tests.sharing import shared

pytestmark = pytest.mark.django_db


@shared
def told(employer, other_employer, manager, other_manager, twente):
    for who, by, people in ((employer, manager, 30), (other_employer, other_manager, 12)):
        demand.tell(
            employer=who,
            fund=twente,
            by=by,
            occupation="Order picker",
            skill="Reach truck certificate",
            direction="more",
            people_count=people,
            from_year=2028,
        )


def test_the_public_page_of_a_region_shows_what_employers_will_need(told, client, employer):
    page = client.get(reverse("region", args=["twente"])).content.decode()
    assert "Reach truck certificate" in page
    assert ">42<" in page
    assert employer.name not in page


def test_the_board_sees_it_and_another_region_does_not(told, chair, chair_of_drenthe):
    assert "Reach truck" in signed_in(chair).get("/board/twente").content.decode()
    assert "Reach truck" not in signed_in(chair_of_drenthe).get("/board/drenthe").content.decode()


def test_what_was_taken_back_is_not_shown(told, client, manager, employer, other_employer):
    for row in [*demand.of_employer(employer)]:
        demand.withdraw(demand=row, by=manager)
    page = client.get(reverse("region", args=["twente"])).content.decode()
    assert ">12<" in page
