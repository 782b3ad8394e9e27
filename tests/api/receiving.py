"""A program of a partner that events are sent to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from api.webhooks import endpoints


class Receiver:
    """A program of a partner, which answers as it is told and keeps what came."""

    def __init__(self):
        self.came, self.answers, self.headers = [], [], {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.came.append((dict(self.headers.items()), body.decode()))
                status = outer.answers.pop(0) if outer.answers else 204
                self.send_response(status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?x=1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def events(self):
        return [json.loads(body) for _headers, body in self.came]

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _body in self.came]


@pytest.fixture
def inside(settings):
    """Receivers of tests are on this machine."""
    settings.WEBHOOKS_MAY_BE_INSIDE = True


@pytest.fixture
def receiver(inside):
    made = Receiver()
    yield made
    made.close()


ALL = ["request.changed", "decision.published", "award.changed", "proof.changed"]


@pytest.fixture
def listening(program, receiver):
    """The program's address, with the secret that signs."""
    endpoint, secret = endpoints.add(partner=program.partner, url=receiver.url, listens_to=ALL)
    return endpoint, secret
