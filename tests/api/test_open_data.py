"""What everybody may read: the same as on the public pages, and nothing before publication."""

import pytest

from allocation.models import Round

pytestmark = pytest.mark.django_db


def test_regions_come_in_pages_with_links(visitor, twente, drenthe):
    first = visitor.get("/regions?pageSize=1").json()
    assert [item["name"] for item in first["items"]] == ["Drenthe"]
    assert (first["page"], first["pageSize"], first["total"]) == (1, 1, 2)
    assert first["_links"]["previous"] is None
    second = visitor.client.get(first["_links"]["next"]).json()
    assert [item["code"] for item in second["items"]] == ["BIJ3-09"]
    assert second["items"][0]["fundName"] == "Scholingsfonds Twente"


def test_a_round_that_is_a_draft_is_nobodys_to_see(visitor, draft):
    assert visitor.get("/regions/BIJ3-09/rounds").json()["items"] == []
    assert visitor.get(f"/rounds/{draft.pk}").status_code == 404


def test_an_open_round_shows_its_money_and_its_frozen_rule(visitor, opened):
    [shown] = visitor.get("/regions/BIJ3-09/rounds").json()["items"]
    # EUR 2,000 to divide, EUR 500 for objections.
    assert (shown["ceilingCents"], shown["reserveCents"]) == (200_000, 50_000)
    assert (shown["status"], shown["policySha256"]) == ("open", opened.policy.sha256)
    assert shown["opensAt"].endswith("Z")
    assert visitor.get(f"/rounds/{opened.pk}").json() == shown


def test_before_publication_nobody_sees_an_outcome(visitor, signed):
    assert signed.status == Round.Status.SIGNED
    answer = visitor.get(f"/rounds/{signed.pk}/results")
    assert answer.status_code == 404
    assert "not published" in answer.json()["detail"]


def test_published_results_are_the_same_as_on_the_public_page(visitor, published):
    results = visitor.get(f"/rounds/{published.pk}/results").json()
    # EUR 2,000 pays three courses of EUR 600.
    assert (results["requests"], results["people"], results["spentCents"]) == (7, 3, 180_000)
    assert results["fingerprints"]["snapshotSha256"] == published.snapshot.sha256
    shown = [group for column in results["coverage"] for group in column["groups"]]
    assert all(group["applying"] >= 10 for group in shown)


def test_the_register_shows_what_can_be_asked_for(visitor, forklift, dutch, forklift_in_march):
    dutch.is_open = False
    dutch.save()
    [training] = visitor.get("/trainings").json()["items"]
    assert (training["title"], training["priceCents"]) == ("Heftruck rijden", 45_000)
    assert training["examPriceCents"] == 4_500
    [edition] = visitor.get(f"/trainings/{forklift.pk}/editions").json()["items"]
    assert (edition["startsOn"], edition["seats"]) == ("2027-03-01", 12)
    [provider] = visitor.get("/providers").json()["items"]
    assert visitor.get(f"/providers/{provider['id']}").json() == provider


@pytest.mark.parametrize(
    ("query", "found"),
    [("sector=H", 1), ("sector=C", 0), ("title=HEFTRUCK", 1), ("outcome=diploma", 0)],
)
def test_trainings_are_filtered(visitor, forklift, query, found):
    assert visitor.get(f"/trainings?{query}").json()["total"] == found


def test_a_query_key_given_twice_is_refused_by_its_name(visitor, forklift):
    answer = visitor.get("/trainings?sector=H&sector=C&page=1")
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["location"], error["code"]) == ({"name": "sector"}, "repeated")


def test_an_address_that_is_too_long_is_a_problem_that_the_description_knows(visitor):
    answer = visitor.get(f"/trainings?title={'x' * 2_000}")
    assert answer.status_code == 414
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"]
    described = visitor.get("/openapi.json").json()["paths"]["/trainings"]["get"]
    assert "414" in described["responses"]


def test_a_list_takes_the_same_few_queries_however_long_it_is(
    visitor, forklift, dutch, django_assert_num_queries
):
    with django_assert_num_queries(3):  # one counts the call
        visitor.get("/trainings")
