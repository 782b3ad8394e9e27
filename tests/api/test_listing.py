"""A partner finds its requests: by filters and sorts of a list, and page by page without gaps."""

import pytest

from tests.api.test_batches import batch, item
from workers.models import TrainingRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(program, body):
    items = [item(body, number) for number in range(6)]
    items.append(item(body, 6) | {"worker": item(body, 6)["worker"] | {"hasStudyFinance": True}})
    return [result["request"] for result in batch(program, items).json()["results"]]


def ids(answer):
    return [one["id"] for one in answer.json()["items"]]


def test_a_list_is_filtered_by_what_it_shows(program, filed):
    one = filed[2]
    assert ids(program.get("/training-requests?reference=case-2")) == [one["id"]]
    assert ids(program.get("/training-requests?status=ineligible")) == [filed[6]["id"]]
    assert program.get("/training-requests?window=2027-1&regionCode=BIJ3-09").json()["total"] == 7
    assert program.get("/training-requests?regionCode=XX").json()["total"] == 0
    assert program.get("/training-requests?hasDecision=true").json()["total"] == 0
    assert program.get("/training-requests?hasDecision=false").json()["total"] == 7


def test_what_changed_since_a_moment_is_found(program, filed):
    changed = program.post(f"/training-requests/{filed[1]['id']}/withdrawal", {}).json()
    since = changed["changedAt"]
    assert ids(program.get(f"/training-requests?changedSince={since}")) == [filed[1]["id"]]
    assert ids(program.get("/training-requests?changedSince=2999-01-01T00:00:00Z")) == []


def test_a_published_decision_is_a_change(program, requests, published):
    TrainingRequest.objects.update(filed_for_organisation=program.partner.name)
    moment = published.published_at.isoformat().replace("+00:00", "Z")
    found = program.get(f"/training-requests?changedSince={moment}&hasDecision=true").json()
    assert found["total"] == 7


@pytest.mark.parametrize("sort", ["id", "-id", "changedAt", "-changedAt", "submittedAt"])
def test_pages_by_cursor_give_everything_once_also_when_rows_come_between(
    program, filed, body, sort
):
    seen, address = [], f"/training-requests?cursor=*&pageSize=3&sort={sort}"
    for number in range(20):
        page = program.client.get(address if number else f"/v1{address}").json()
        seen += [one["id"] for one in page["items"]]
        if number == 0:
            program.file(item(body, 50))
        assert (page["total"], page["page"]) == (None, None)
        address = page["_links"]["next"]
        if address is None:
            assert page["nextCursor"] is None
            break
    old = [one["id"] for one in filed]
    assert [key for key in seen if key in old] == (old[::-1] if sort.startswith("-") else old)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "query",
    [
        "sort=name",
        "sort=worker__name",
        "cursor=nonsense",
        "cursor=W10",
        "cursor=WyJpZCIsIngiLCJ5Il0",
        "cursor=*&page=1",
        "changedSince=yesterday",
        "status=lost",
        "filter[name]=x",
    ],
)
def test_what_stands_in_no_list_of_ours_is_refused(program, filed, query):
    refused = program.get(f"/training-requests?{query}")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_a_cursor_of_another_order_is_refused(program, filed):
    cursor = program.get("/training-requests?cursor=*&pageSize=2&sort=id").json()["nextCursor"]
    assert program.get(f"/training-requests?cursor={cursor}&sort=-id").status_code == 400


def test_nobody_pages_through_the_requests_of_another(program, other_program, filed):
    cursor = program.get("/training-requests?cursor=*&pageSize=2").json()["nextCursor"]
    assert ids(other_program.get(f"/training-requests?cursor={cursor}")) == []


def test_head_takes_the_same_query(program, filed):
    assert program.client.head("/v1/training-requests?pageSize=2").status_code == 200
