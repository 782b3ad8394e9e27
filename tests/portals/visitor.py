"""A person at a screen: reads pages, presses buttons, and sends what the page's own form holds.

Whatever a page does not offer cannot be done, and every form needs its CSRF token: unlike a plain
test client this finds a button that leads nowhere and a form that lacks a field.
"""

import re
import time
from dataclasses import dataclass, field
from functools import reduce
from urllib.parse import urljoin, urlsplit

from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.utils import translation
from lxml import html

HOST = "https://localhost"


@dataclass
class Visitor:
    """One person with a browser, a mailbox and perhaps an app with codes."""

    person: object
    browser: Client = field(
        default_factory=lambda: Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    )
    secret: str = ""
    page: object = None
    address: str = ""
    answer: object = None
    spent: int = 0

    def open(self, address):
        return self._arrive(address, self.browser.get(_path(address), secure=True, follow=True))

    def press(self, text, values=None, **filled):
        """Press the button or the link with this text; `filled` goes into the form around it.

        The text is the English of the source; the page shows it in Dutch, with `values` in it.
        """
        shown = dutch(text) % values if values else dutch(text)
        button = next(self._with_text("//main//button", shown), None)
        if button is None:
            link = next(self._with_text("//main//a", shown), None)
            assert link is not None, f"no “{shown}” in: {self.words()[:1500]}"
            return self.open(urljoin(self.address, link.get("href")))
        form = next(button.iterancestors("form"))
        data = dict(form.form_values())
        for name, value in filled.items():
            # Where several forms stand on one page, a prefix comes before the name.
            full = next((f for f in form.fields if f == name or f.endswith(f"-{name}")), None)
            assert full, f"no field {name} in {sorted(form.fields)}"
            data[full] = value
        if button.get("name"):
            data[button.get("name")] = button.get("value", "")
        to = urljoin(self.address, form.get("action") or self.address)
        answer = self.browser.post(
            _path(to), data, secure=True, follow=True, headers={"referer": self.address}
        )
        return self._arrive(to, answer)

    def _with_text(self, path, text):
        return (element for element in self.page.xpath(path) if _words(element) == text)

    def words(self):
        return " ".join(self.page.xpath("//main")[0].text_content().split())

    def heading(self):
        return _words(self.page.xpath("//main//h1")[0])

    def sign_in(self, onward="/home"):
        """By a code in the mail, and by the app where there is one."""
        before = len(mail.outbox)
        self.open(f"/sign-in?next={onward}")
        self.press("Send me a code", to=self.person.email)
        self.press("Go on", code=code_in(mail.outbox[before].body))
        if self.secret:
            self.press("Sign in", code=self.code())

    def set_up_app(self):
        """From the page that says that a second step is needed, to the page behind it."""
        self.press("Use an app with codes")
        self.secret = self.page.xpath("//main//code")[0].text
        self.press("Go on", code=self._shown(self._period()))
        self.press("I kept them, go on")
        self.press("Go on", code=self.code())

    def code(self):
        """What the app shows, or will show in half a minute: each code works once."""
        period = max(self._period(), self.spent + 1)
        self.spent = period
        return self._shown(period)

    def _shown(self, period):
        return totp.format_hotp_value(totp.hotp_value(self.secret, period))

    @staticmethod
    def _period():
        return int(time.time()) // 30

    def _arrive(self, address, answer):
        assert answer.status_code < 400, (address, answer.status_code)
        self.address = reduce(
            urljoin, (to for to, _status in answer.redirect_chain), HOST + _path(address)
        )
        self.answer = answer
        kind = answer.headers.get("Content-Type", "")
        self.page = html.fromstring(answer.content) if kind.startswith("text/html") else None
        return self


def dutch(text):
    """A text of the source as a Dutch reader sees it."""
    with translation.override("nl"):
        return translation.gettext(text)


def code_in(text):
    """The code in a letter."""
    return re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", text, re.M)[1]


def _words(element):
    return " ".join(element.text_content().split())


def _path(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
