"""How plain a Dutch text is: Flesch-Douma, the length of sentences, and words to leave out.

Flesch-Douma = 206.835 − 0.93 × words per sentence − 77 × syllables per word (Douma, 1960). We call
the result plain Dutch and promise no language level.
"""

import html
import re
from dataclasses import dataclass

import pyphen

WORDS_MAX = 15
WORKERS_LEAST = 70
# What offices write, and what people say instead.
FORBIDDEN = {
    "beschikking": "besluit",
    "indienen": "versturen",
    "ingediend": "verstuurd",
    "derhalve": "daarom",
    "conform": "volgens",
    "dienen te": "moeten",
    "dient te": "moet",
    "teneinde": "om",
    "middels": "met",
    "betreffende": "over",
    "inzake": "over",
    "alsmede": "en",
    "indien": "als",
    "reeds": "al",
    "echter": "maar",
    "omtrent": "over",
    "tevens": "ook",
    "verstrekken": "geven",
    "aanvangen": "beginnen",
    "desbetreffende": "die",
    "bovengenoemde": "deze",
    "onderhavige": "deze",
    "voornoemd": "deze",
    "geschied": "gebeuren",
    "gelieve": "wil je",
    "heden": "vandaag",
    "verzoeken wij": "vragen we",
    "u ": "je",
    "uw ": "je",
}
SYLLABLES = pyphen.Pyphen(lang="nl_NL")
BLOCK = re.compile(
    r"</?(?:p|li|h\d|dt|dd|div|label|legend|button|th|td|summary|small|ul|ol|br|a)\b[^>]*>"
)


@dataclass(frozen=True)
class Reading:
    """What was measured of one text."""

    ease: float
    longest: str
    forbidden: list[str]

    @property
    def longest_words(self) -> int:
        return len(words(self.longest))


def read(text: str) -> Reading:
    """Measure a text whose blocks are separated by line ends."""
    found = sentences(text)
    all_words = [word for sentence in found for word in words(sentence)]
    syllables = sum(SYLLABLES.inserted(word).count("-") + 1 for word in all_words)
    ease = 206.835 - 0.93 * len(all_words) / len(found) - 77 * syllables / len(all_words)
    padded = f" {' '.join(text.split())} ".lower()
    hits = [word for word in FORBIDDEN if re.search(rf"\b{re.escape(word)}", padded)]
    return Reading(ease, max(found, key=lambda one: len(words(one))), hits)


def faults(text: str, *, least: float = WORKERS_LEAST, most: int = WORDS_MAX) -> list[str]:
    """What is wrong with a text, each fault in words; nothing for a plain one."""
    reading = read(text)
    found = [f"{word}: say {FORBIDDEN[word]}" for word in reading.forbidden]
    if reading.longest_words > most:
        found.append(f"{reading.longest_words} words: {reading.longest}")
    if reading.ease < least:
        found.append(f"ease {reading.ease:.0f}")
    return found


def sentences(text: str) -> list[str]:
    """Sentences and labels, each with at least one word."""
    parts = re.split(r"(?<=[.!?:])\s+|\n+", text)
    return [part.strip() for part in parts if words(part)]


def words(text: str) -> list[str]:
    """Words of letters; numbers, amounts, addresses and codes do not count."""
    plain = re.sub(r"https?://\S+|\S+@\S+|\S*\d\S*", " ", text)
    return re.findall(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*", plain)


def of_page(content: str, *, without: tuple[str, ...] = ()) -> str:
    """The text of a page's main part, one block per line; without what people filled in (dl).

    Args:
        without: more elements that are no text to read, such as tables of numbers.
    """
    main = re.search(r"<main.*?</main>", content, re.S)
    assert main is not None
    silent = "|".join(("script", "style", "svg", "select", "dl", "code", *without))
    text = re.sub(rf"<({silent})\b.*?</\1>", " ", main.group(), flags=re.S)
    text = BLOCK.sub("\n", text)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))
