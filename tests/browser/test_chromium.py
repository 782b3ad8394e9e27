"""The browser of the tests may die; the tests after it live on, with the database they had."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from django.db import connections

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def child_of(parent: int, name: bytes) -> int:
    """The process of this name that `parent` started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    named = {one: Path(f"/proc/{one}/cmdline").read_bytes() for one in children}
    (found,) = [int(one) for one, command in named.items() if name in command]
    return found


def test_one_that_was_killed_is_started_anew(started, live_server):
    page = started.alive().new_page()
    os.kill(child_of(child_of(os.getpid(), b"playwright"), b"chromium"), signal.SIGKILL)
    with pytest.raises(Exception, match=r"closed|Target"):
        page.goto(live_server.url)
    page = started.alive().new_page()
    assert page.goto(live_server.url).status == 200
    page.context.close()


def test_the_database_is_the_same_within_the_loop_of_playwright_and_without(started):
    started.alive()
    loop, within = asyncio.get_running_loop(), connections["default"]
    asyncio._set_running_loop(None)
    try:
        assert connections["default"] is within
    finally:
        asyncio._set_running_loop(loop)
