"""An event goes to the public address that was checked, and never into our own network."""

import socket
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from api.models import Attempt, Delivery
from api.webhooks import addresses, endpoints, work
from tests.api.receiving import *  # noqa: F403
from tests.api.receiving import ALL, Receiver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "192.0.2.1",
    ],
)
def test_no_address_of_a_network_of_our_own_is_public(address):
    assert not addresses.is_public(address)


def test_an_address_of_the_internet_is_public():
    assert addresses.is_public("145.97.39.155")
    assert addresses.is_public("2a02:898::1")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.nl/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://[::1]/hook",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://user:secret@example.nl/",
        "https://example.nl:99999/",
        "ftp://example.nl/",
        "https:///x",
        "https://exa mple.nl/",
        "//example.nl",
        "x",
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_not_taken(program, url):
    with pytest.raises(ValidationError):
        endpoints.add(partner=program.partner, url=url, listens_to=ALL)
    refused = program.post("/webhooks", {"url": url, "events": ["award.changed"]})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["location"] == {"pointer": "#/url"}


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.nl/hook", "not_https"),
        ("ftp://example.nl/", "not_https"),
        ("x", "not_https"),
        ("https://user:secret@example.nl/", "not_an_address"),
        ("https://example.nl:99999/", "not_an_address"),
        ("https://example.nl:0/", "not_an_address"),
        ("https:///x", "not_an_address"),
        ("https://exa mple.nl/", "not_an_address"),
        ("https://nobody.invalid/", "name_unknown"),
        ("https://nobody.partner.example/", "name_unknown"),
        ("https://10.0.0.1/", "address_not_public"),
    ],
)
def test_what_is_wrong_with_an_address_is_named(monkeypatch, url, problem):
    resolving(monkeypatch, [], host="nobody.partner.example")
    with pytest.raises(addresses.NotSent, match=f"^{problem}$"):
        addresses.checked(addresses.parts_of(url))


def resolving(monkeypatch, *answers, host="partner.example"):
    """A name server that changes its mind."""
    left, real = list(answers), socket.getaddrinfo

    def look_up(asked, port, *args, **kwargs):
        if asked != host:
            return real(asked, port, *args, **kwargs)
        told = left.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in told]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return left


def test_a_name_that_leads_inside_later_gets_nothing(program, monkeypatch):
    resolving(monkeypatch, ["145.97.39.155"], ["127.0.0.1"], ["145.97.39.155", "10.0.0.1"])
    endpoint, _ = endpoints.add(
        partner=program.partner, url="https://partner.example/h", listens_to=ALL
    )
    for _ in range(2):
        endpoints.test(endpoint=endpoint)
        assert work.sweep() == (0, 1)
    assert set(Attempt.objects.values_list("problem", flat=True)) == {"address_not_public"}


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A second look-up, which might say something else, never happens."""
    left = resolving(monkeypatch, ["145.97.39.155"])
    called = []

    def connect(address, *args, **kwargs):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(addresses.NotSent, match="no_connection"):
        addresses.post("https://partner.example/h", "{}", {})
    assert called == [("145.97.39.155", 443)]
    assert left == []


def test_a_redirect_is_not_followed(program, listening, receiver):
    inner = Receiver()
    try:
        receiver.headers, receiver.answers = {"Location": inner.url}, [302, 307, 308]
        for _ in range(3):
            program.post(f"/webhooks/{listening[0].pk}/test", {})
            work.sweep()
            Delivery.objects.update(next_at=timezone.now() + timedelta(days=1), state="failed")
        assert inner.came == []
        assert list(Attempt.objects.values_list("status", flat=True)) == [302, 307, 308]
    finally:
        inner.close()


def test_a_receiver_that_talks_no_http_is_a_failed_try(program, inside):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def babble():
            connection_, _ = server.accept()
            connection_.recv(10_000)
            connection_.sendall(b"nonsense\r\n\r\n")
            connection_.close()

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(addresses.NotSent, match="no_answer"):
            addresses.post(f"http://127.0.0.1:{port}/", "{}", {})
        thread.join()


def test_a_receiver_that_is_slow_is_cut_off(inside, monkeypatch):
    monkeypatch.setattr(addresses, "LONGEST_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(addresses.NotSent, match="timeout"):
            addresses.post(f"http://127.0.0.1:{port}/", "{}", {})
