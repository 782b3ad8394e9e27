"""A walk through a role's pages in a real browser: what `tests/walking.py` cannot see.

One tab of one context follows every link at 390 px. On each page it looks for what no page that was
only opened may hold (another language, an error state, 404, 500), for what sticks out at 390 and
320 px, and, where asked, for what axe-core finds. It remembers what each page said of each request
and of the window's end, so that two answers to one question are found across pages and roles.
"""

import html
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Error

from tests import walking
from tests.browser import checks

STATES = """() => [...document.querySelectorAll("main .utrecht-status-badge")].map(badge => {
  const box = badge.closest("li, tr") || document.querySelector("main");
  const words = box.innerText, text = badge.innerText.trim();
  return [text, [...new Set(words.match(/R-\\d{4,}/g) || [])]];
}).filter(([, named]) => named.length === 1).map(([text, named]) => [named[0], text])"""


@dataclass
class Walked:
    """What one role met: the text of each page by its address, and faults in words.

    Attributes:
        states: by reference of a request, what badges beside it say, and where.
    """

    texts: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    states: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))


def walk(visitor, starts, *, language: str, of_a_kind: int, axe: bool, most: int = 250) -> Walked:
    """Follow every link from some addresses, a few of each kind of page."""
    page, found = visitor.page(390), Walked()
    cookie = {"name": "django_language", "value": language, "url": visitor.base_url}
    page.context.add_cookies([cookie])
    kinds: dict[str, int] = defaultdict(int)
    queue, done = deque((start, "the start") for start in starts), set()
    while queue and len(found.texts) < most:
        address, origin = queue.popleft()
        kind = re.sub(r"\d+|[0-9a-f]{8}-[0-9a-f-]+", "#", urlsplit(address).path)
        if address in done or kinds[kind] >= of_a_kind:
            continue
        done.add(address)
        kinds[kind] += 1
        try:
            answer = page.goto(visitor.base_url + address)
        except Error as error:
            if "Download is starting" in error.message:
                continue
            raise
        here = page.url.removeprefix(visitor.base_url)
        done.add(here)
        told = f"{here} (from {origin})"
        if answer.status != 200:
            found.wrong.append(f"{told}: {answer.status}")
            continue
        source = page.content()
        seen = walking.read(source)
        found.texts[here] = plain(source)
        found.headings[here] = " ".join(page.locator("h1").all_inner_texts())
        found.wrong += [f"{told}: {fault}" for fault in faults(page, seen, language, axe)]
        found.wrong += [f"{told}: the browser says {one}" for one in visitor.complaints]
        visitor.complaints.clear()
        for reference, words in page.evaluate(STATES):
            found.states[reference].setdefault(words, here)
        for link in seen.links:
            target = urljoin(here, link.split("#")[0])
            if target.startswith("/") and not walking.LEFT_OUT.search(target):
                queue.append((target, here))
    page.context.close()
    return found


def faults(page, seen, language: str, axe: bool) -> list[str]:
    """Everything that is wrong with the page as it stands, at 390 and at 320 px."""
    wrong = walking.faults(seen, language)
    wrong += [f"at 390 {one}" for one in checks.overflow(page)]
    if axe:
        wrong += checks.accessibility(page)
    page.set_viewport_size({"width": 320, "height": 900})
    wrong += [f"at 320 {one}" for one in checks.overflow(page)]
    page.set_viewport_size({"width": 390, "height": 900})
    return wrong


def plain(source: str) -> str:
    """The text of a page without tags, with ordinary blanks."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", source, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())
