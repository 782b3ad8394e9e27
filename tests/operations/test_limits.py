"""Limits hold on the server as it is run: two processes, which share what they count."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "een lang wachtwoord"
# The cast, in a database of its own: one person with a password and a draft, signed in.
SETUP = f"""
import django; django.setup()
import json
from tests.cast import make_fund, make_window, make_worker, signed_in
from workers import requests
fund = make_fund("BIJ3-09", "Twente")
worker = make_worker("Pim Password", fund)
worker.user.set_password({PASSWORD!r}); worker.user.save()
asked = requests.draft(actor=worker.user, worker=worker, window=make_window(fund))
session = signed_in(worker.user).cookies["sessionid"].value
print(json.dumps([worker.user.email, session, asked.reference]))
"""


class Site:
    """A running server, and its only inhabitant."""

    def __init__(self, address, folder, email, session, draft):
        self.address, self.folder = address, folder
        self.email, self.session, self.draft = email, session, draft

    def browser(self, *, signed_in=False):
        browser = requests.Session()
        if signed_in:
            browser.cookies.set("sessionid", self.session)
        return browser

    def post(self, browser, path, **fields):
        """Open the page, then send its form as a browser would."""
        page = browser.get(self.address + path, timeout=30)
        token = html.fromstring(page.text).xpath(
            "//main//input[@name='csrfmiddlewaretoken']/@value"
        )
        return browser.post(
            self.address + path,
            data={"csrfmiddlewaretoken": token[0], **fields},
            allow_redirects=False,
            timeout=30,
        )

    def mails(self):
        """Messages, not files: two that are written in one second may share one."""
        files = (self.folder / "mail").glob("*")
        return sum(file.read_text().count("\nMessage-ID:") for file in files)


@pytest.fixture(scope="module")
def site(migrated_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(migrated_file, folder / "budgetpool.sqlite3")
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = clean | {
        "DEBUG": "1",
        "BUDGETPOOL_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "budgetpool.settings",
    }
    made = subprocess.run(
        [sys.executable, "-c", SETUP],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "budgetpool.wsgi", "--bind", place]
    with subprocess.Popen(
        [*command, "--workers", "2", "--preload", "--graceful-timeout", "2"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"http://{place}/livez")
            yield Site(f"http://{place}", folder, *json.loads(made.stdout))
        finally:
            server.terminate()


def wait_for(url):
    for _ in range(120):
        try:
            return requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.5)
    raise AssertionError(f"{url} does not answer")


def test_codes_for_one_person_stop_after_three_whatever_browser_asks(site):
    before = site.mails()
    answers = [site.post(site.browser(), "/sign-in", to=site.email).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 200, 200]
    assert site.mails() - before == 3


def test_guessed_passwords_stop_the_right_one_too(site):
    path = "/sign-in/password"
    guesses = [
        site.post(site.browser(), path, login=site.email, password="verkeerd") for _ in range(5)
    ]
    assert {answer.status_code for answer in guesses} == {200}
    right = site.post(site.browser(), path, login=site.email, password=PASSWORD)
    assert right.status_code != 302


def test_uploads_of_one_person_stop_after_forty_an_hour(site):
    path = f"/requests/{site.draft}/files"
    browser = site.browser(signed_in=True)
    answers = [site.post(browser, path, x="1").status_code for _ in range(42)]
    assert answers == [302] * 40 + [429] * 2
    # The hour belongs to the person, not to the browser.
    assert site.post(site.browser(signed_in=True), path, x="1").status_code == 429
