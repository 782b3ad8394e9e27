"""Text messages through a provider's address, against a real server on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from budgetpool.mail import delivery, outbox, sms
from budgetpool.mail.models import Message

ASKED = []


class Provider(BaseHTTPRequestHandler):
    """Takes texts at /ok, is broken at /broken, and leads elsewhere at /moved."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ASKED.append((self.path, dict(self.headers), json.loads(body)))
        status = {"/ok": 201, "/broken": 500, "/refused": 401, "/moved": 302}[self.path]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/ok")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    """Names the provider's address in the settings; gives what it was asked."""
    ASKED.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_BACKEND = "gateway"

    def at(path, **more):
        settings.SMS_GATEWAY = {
            "url": f"http://127.0.0.1:{server.server_port}{path}",
            "authorization": "Bearer a-key",
            "sender": "Fonds",
            "names": "",
            **more,
        }
        return ASKED

    yield at
    server.shutdown()
    server.server_close()
    thread.join()


def send(reference="a-key-of-ours"):
    sms.backend().send(to="+31612345678", text="Hallo", reference=reference)


def test_a_text_is_posted_with_its_key_and_its_reference(provider):
    asked = provider("/ok")
    send()
    path, headers, body = asked[0]
    assert (path, headers["Authorization"]) == ("/ok", "Bearer a-key")
    assert headers["Idempotency-Key"] == "a-key-of-ours"
    assert body == {
        "to": "+31612345678", "text": "Hallo", "sender": "Fonds", "reference": "a-key-of-ours",
    }  # fmt: skip


def test_the_parts_bear_the_names_that_the_provider_wants(provider):
    asked = provider("/ok", names="to=recipients, text=body")
    send()
    assert set(asked[0][2]) == {"recipients", "body", "sender", "reference"}


@pytest.mark.parametrize("path", ["/broken", "/refused", "/moved"])
def test_a_refusal_is_an_error_that_the_queue_tries_again(provider, path):
    asked = provider(path)
    with pytest.raises(OSError):
        send()
    assert [one[0] for one in asked] == [path], "a key is never led to another address"


def test_an_address_without_encryption_is_refused(provider):
    provider("/ok", url="http://sms.example.nl/")
    with pytest.raises(ImproperlyConfigured, match="https"):
        send()


def test_an_unknown_part_is_refused_by_name(provider):
    provider("/ok", names="recipient=to")
    with pytest.raises(ImproperlyConfigured, match="recipient"):
        send()


@pytest.mark.django_db
def test_a_message_in_the_queue_goes_out_once_the_provider_is_back(provider):
    asked = provider("/broken")
    message = outbox.queue(
        key="worker:1:erased",
        kind="data_erased",
        to=outbox.Address(name="Anna", phone="+31612345678", language="pl"),
        params={"kept_until": ""},
    )
    assert delivery.send_due() == (0, 1)
    Message.objects.update(due_at=message.due_at)
    provider("/ok")
    assert delivery.send_due() == (1, 0)
    assert [one[1]["Idempotency-Key"] for one in asked] == ["worker:1:erased"] * 2
