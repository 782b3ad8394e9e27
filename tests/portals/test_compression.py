"""Pages travel compressed, files as they are."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from budgetpool.portals.compression import CompressWordsMiddleware

MANY = b"Iedereen met een flexcontract. " * 40


@pytest.mark.django_db
def test_a_page_is_compressed_for_a_browser_that_knows_it_only(client):
    plain = client.get("/")
    small = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 2
    assert b"<h1" in gzip.decompress(small.content)


@pytest.mark.parametrize(
    ("kind", "coding"),
    [("text/csv", "gzip"), ("image/svg+xml", "gzip"), ("application/pdf", None)],
)
def test_what_is_compressed_already_is_not_again(kind, coding):
    answer = CompressWordsMiddleware(lambda request: HttpResponse(MANY, content_type=kind))(
        RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    )
    assert answer.headers.get("Content-Encoding") == coding
