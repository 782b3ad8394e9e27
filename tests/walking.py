"""A walk through all pages that one person can reach by links, and what may be on none of them.

It follows every link of every page, as the test client, so that a role's walk takes seconds. On
each page it looks for: an answer of 404 or 500, a text of another language than the reader's, an
error state although nothing was filled in, and two answers to one question.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from budgetpool.operations import catalogues

# What leads out of the pages: files, other programs, a stranger's log-in, the way out.
LEFT_OUT = re.compile(
    r"^/(v1|admin|static|back-office|accounts|sign-out|language|metrics)\b"
    r"|\.(zip|pdf|csv|xlsx|xaf|svg|json|xml|txt)\b|/take\b|[?&](page|format)="
)
SILENT = {"script", "style", "code", "pre", "svg", "title"}
NAMED = ("aria-label", "placeholder", "alt")
VOID = {"input", "br", "img", "meta", "link", "hr", "col", "progress"}
# Numbers and keys in an address stand for a kind of page: a few of each kind are enough.
OF_A_KIND = 3


@dataclass
class Seen:
    """What one page says."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    errors: int = 0
    language: str = ""
    title: str = ""


class Reader(HTMLParser):
    """Reads texts, links and error states; what is marked as another language is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        classes = given.get("class") or ""
        if "utrecht-form-field--invalid" in classes or "utrecht-alert--error" in classes:
            self.seen.errors += 1
        if tag == "html":
            self.seen.language = given.get("lang") or ""
        if tag == "a" and given.get("href"):
            self.seen.links.append(given["href"])
        hidden = tag in SILENT or ("lang" in given and tag != "html")
        if not self.silent and not hidden:
            self.seen.texts += [given[name] for name in NAMED if given.get(name)]
            if tag == "input" and given.get("type") == "submit":
                self.seen.texts.append(given.get("value") or "")
        if tag not in VOID:
            self.open.append((tag, hidden))

    def handle_endtag(self, tag):
        while self.open:
            name, _ = self.open.pop()
            if name == tag:
                break

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "title":
            self.seen.title += data
        elif not self.silent and data.strip():
            self.seen.texts.append(data)

    @property
    def silent(self):
        return any(hidden for _, hidden in self.open)


def read(html: str) -> Seen:
    """What a page says."""
    reader = Reader()
    reader.feed(html)
    return reader.seen


@cache
def foreign(language: str) -> frozenset[str]:
    """Whole sentences of the catalogue that a page in this language may not hold."""
    pairs = [
        (plain(message.id), plain(message.string))
        for message in catalogues.read(catalogues.file_of("nl"))
        if isinstance(message.id, str) and message.id and "%(" not in message.id
    ]
    english = {source for source, dutch in pairs}
    dutch = {dutch for source, dutch in pairs}
    alike = english & dutch
    wrong = dutch if language == "en" else english
    if language in settings.MACHINE_LANGUAGES:
        own = catalogues.read(catalogues.file_of(language))
        wrong, alike = (
            english | dutch,
            {plain(text) for m in own for text in catalogues.texts(m.string)},
        )
    # Each language is offered by its own name.
    names = {str(name) for _code, name in settings.LANGUAGES}
    return frozenset(text for text in wrong - alike - names if len(text) > 3)


def plain(text: str) -> str:
    """A text without its spaces at the ends, non-breaking ones made plain."""
    return " ".join(text.split())


@dataclass
class Walk:
    """What a walk found: pages by address, and what is wrong, in words."""

    pages: dict[str, Seen] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def walk(client, starts, *, language: str, most: int = 400) -> Walk:
    """Follow every link from some addresses; a few of each kind of page.

    A page off the road of who chose a machine's language is wholly Dutch.
    """
    done, found = set(), Walk()
    kinds: dict[str, int] = {}
    queue = deque((start, "the start") for start in starts)
    client.cookies["django_language"] = language
    while queue and len(found.pages) < most:
        address, origin = queue.popleft()
        path = urlsplit(address).path
        kind = re.sub(r"\d+|[0-9a-f]{8}-[0-9a-f-]+|\d{4}-\d", "#", path)
        known = kinds.get(kind, 0)
        if address in done or known >= OF_A_KIND:
            continue
        done.add(address)
        kinds[kind] = known + 1
        client.raise_request_exception = False
        answer = client.get(address, secure=True)
        if answer.status_code in (301, 302):
            onward = answer.headers["Location"]
            if not LEFT_OUT.search(onward) and not urlsplit(onward).netloc:
                queue.append((onward, address))
            continue
        if answer.status_code != 200:
            found.wrong.append(f"{address} (from {origin}): {answer.status_code}")
            continue
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        seen = read(answer.content.decode())
        found.pages[address] = seen
        found.wrong += [
            f"{address} (from {origin}): {fault}"
            for fault in faults(seen, _expected(seen, language))
        ]
        for link in seen.links:
            target = urljoin(address, link.split("#")[0])
            if target and target.startswith("/") and not LEFT_OUT.search(target):
                queue.append((target, address))
    return found


def _expected(seen: Seen, language: str) -> str:
    return seen.language if language in settings.MACHINE_LANGUAGES else language


def faults(seen: Seen, language: str) -> list[str]:
    """What may be on no page that was only opened."""
    said = {plain(text) for text in seen.texts}
    wrong = [f"another language: {text!r}" for text in sorted(said & foreign(language))]
    if seen.errors:
        wrong.append("an error state, although nothing was filled in")
    if seen.title.strip().startswith(("Fout", "Error")):
        wrong.append(f"a title of an error: {seen.title.strip()!r}")
    return wrong
