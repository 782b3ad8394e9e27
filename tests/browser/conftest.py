"""A real Chromium against Django's own live server."""

import os
import shutil
import threading
from contextlib import suppress

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import modify_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.world import *  # noqa: F403
from tests.cast import signed_in
from tests.sharing import harmless

ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Scripts of a page run for a moment: to optimise them takes longer than it spares, a fifth of
    # the processor where axe-core looks at a page.
    "--js-flags=--no-opt,--no-maglev",
]
TURN = threading.Lock()
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Playwright runs a loop in the thread of the test, and Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
@harmless
def one_request_at_a_time(monkeypatch):
    """Threads of the test server share one connection to SQLite's memory: they take turns.

    A page may fetch an image or save while the next one loads, so two transactions would begin on
    it at once. On PostgreSQL each thread has its own connection, and nothing is held back.
    """
    if connection.vendor != "sqlite":
        return
    turn, respond = TURN, BaseHandler.get_response

    def in_turn(handler, request):
        with turn:
            return respond(handler, request)

    monkeypatch.setattr(BaseHandler, "get_response", in_turn)


class Chromium:
    """One browser for many tests. One that died fails the test in hand, and no other after it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.playwright: Playwright | None = None
        self.browser: Browser | None = None

    def alive(self) -> Browser:
        """The browser, started where there is none or where it has gone."""
        if self.browser is None or not self.browser.is_connected():
            self.stop()
            self.playwright = sync_playwright().start()
            self.browser = self.playwright.chromium.launch(
                executable_path=self.path, args=ARGUMENTS
            )
        return self.browser

    def stop(self) -> None:
        """End what still lives of it."""
        for end in (self.browser and self.browser.close, self.playwright and self.playwright.stop):
            if end:
                with suppress(Exception):
                    end()
        self.browser = self.playwright = None


@pytest.fixture(scope="session")
def started() -> Chromium:
    """Where Chromium is; skipped with a clear word where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("Chromium is missing: install the package chromium, or set CHROMIUM")
    one = Chromium(path)
    yield one
    one.stop()


@pytest.fixture
@harmless
def chromium(started) -> Browser:
    """A living browser."""
    return started.alive()


class Visitor:
    """Opens pages at the live server, and remembers what went wrong on the way."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.cookies: list[dict[str, str]] = []
        self.contexts: list[BrowserContext] = []
        self.strangers: set[str] = set()
        self.complaints: list[str] = []

    def sign_in(self, person, *, by_code: bool = False, second_factor: bool = False) -> None:
        """Let all pages that are opened from now on belong to this person, who perhaps has just
        shown by a code or a second factor who they are."""
        client = signed_in(person, by_code=by_code, second_factor=second_factor)
        value = client.cookies["sessionid"].value
        self.cookies = [{"name": "sessionid", "value": value, "url": self.base_url}]

    def page(self, width: int = 1280, **options) -> Page:
        """An empty tab of this width, with English as the browser's own language."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-US", **options
        )
        context.add_cookies(self.cookies)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def open(self, path: str, width: int = 1280, *, status: int = 200, **options) -> Page:
        """The page at `path`, loaded; it must answer with `status`."""
        page = self.page(width, **options)
        self.go(page, path, status=status)
        return page

    def go(self, page: Page, path: str, *, status: int = 200) -> None:
        """Load `path` in a tab; it must answer with `status`."""
        answer = page.goto(self.base_url + path)
        assert answer.status == status, f"{path} answers {answer.status}"

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def _note_request(self, request) -> None:
        if not request.url.startswith((self.base_url, "data:")):
            self.strangers.add(request.url)

    def _note_console(self, message) -> None:
        if message.type in {"error", "warning"} and "404" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def site() -> LiveServer:
    """A server of all tests; it sees what stands in the tests' transaction, for on SQLite its
    threads use the tests' connection."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
@harmless
def visitor(chromium, site) -> Visitor:
    """A visitor who is not signed in; `visitor.sign_in(person)` changes that."""
    guest = Visitor(chromium, site.url)
    with modify_settings(ALLOWED_HOSTS={"append": "localhost"}):
        yield guest
        guest.close()
        with TURN:  # whatever is answered still, is answered before the data go
            pass
    assert not guest.strangers, f"asked others for {guest.strangers}"
    assert not guest.complaints, f"the browser complains: {guest.complaints}"
