"""How plain a Dutch text is: Flesch-Douma, the longest sentence, and words that nobody says."""

import re
from html.parser import HTMLParser

import pyphen

HYPHENS = pyphen.Pyphen(lang="nl_NL", left=1, right=1)
FORBIDDEN = {
    "beschikking": "besluit",
    "indienen": "versturen",
    "derhalve": "daarom",
    "conform": "volgens",
    "dienen te": "moeten",
    "teneinde": "om",
    "middels": "met",
    "inzake": "over",
    "omtrent": "over",
    "alsmede": "en",
    "tevens": "ook",
    "betreffende": "over",
    "geschieden": "gebeuren",
    "verstrekken": "geven",
    "aanvangen": "beginnen",
    "gelieve": "wil je",
    "heden": "vandaag",
}
# A break between two of these ends a sentence even without a full stop.
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "label", "legend", "summary"}
BLOCKS |= {"button", "caption", "small", "option", "div", "span", "figcaption", "text"}


class _Reader(HTMLParser):
    """Collects the sentences of `main`; code, tables' numbers and scripts are no text."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.depth = 0
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self.depth += 1
        if tag in {"script", "style", "code", "svg", "select", "table"}:
            self.silent += 1
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        if tag == "main":
            self.depth -= 1
        if tag in {"script", "style", "code", "svg", "select", "table"}:
            self.silent -= 1
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if self.depth and not self.silent:
            self.parts.append(data)


def sentences(html: str) -> list[str]:
    """The sentences of a page's content, each with at least three words."""
    reader = _Reader()
    reader.feed(html)
    blocks = "".join(reader.parts).replace("\N{NO-BREAK SPACE}", " ").split("\n")
    found = [part.strip() for block in blocks for part in re.split(r"(?<=[.!?:])\s", block)]
    return [sentence for sentence in found if len(words(sentence)) >= 3]


def words(sentence: str) -> list[str]:
    return re.findall(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’'-]*", sentence)


def syllables(word: str) -> int:
    return HYPHENS.inserted(word.lower()).count("-") + 1


def flesch_douma(found: list[str]) -> float:
    """206.835 − 0.93 × words per sentence − 77 × syllables per word."""
    everything = [word for sentence in found for word in words(sentence)]
    per_sentence = len(everything) / len(found)
    per_word = sum(map(syllables, everything)) / len(everything)
    return 206.835 - 0.93 * per_sentence - 77 * per_word


def too_long(found: list[str], most: int = 15) -> list[str]:
    return [sentence for sentence in found if len(words(sentence)) > most]


def forbidden(found: list[str]) -> list[str]:
    text = " ".join(found).lower()
    return [f"{word}: say {better}" for word, better in FORBIDDEN.items() if word in text]
