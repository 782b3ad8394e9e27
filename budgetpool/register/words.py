"""From the words that people type to the words of the register.

Three ways, one after another, and the same on every database: everyday words by a list
(`synonyms.json`), word forms by their stem and as part of a longer word, typing errors by the
trigrams that two words share (as `pg_trgm` counts them).
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("synonyms.json")
ALIKE: Final = 0.45
PART_LEAST, STEM_LEAST = 5, 3
ENDINGS: Final = ("ster", "ers", "en", "er", "es", "e", "s", "n")


def plain(text: str) -> str:
    """Lower case, without accents: Hygiëne is hygiene."""
    found = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in found if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words of a text, without those that say nothing of what somebody looks for."""
    found = re.findall(r"[a-z0-9]+", plain(text))
    return [word for word in found if word not in noise()] or found


def meant(word: str, vocabulary: Iterable[str]) -> set[str]:
    """The words of the register that somebody may mean; exact ones alone where there are any."""
    known = set(vocabulary)
    everyday = _everyday(known)
    for way in (_same, _part, _alike):
        hits = {entry for entry in everyday if way(word, entry)}
        if hits:
            return set().union(*(everyday[entry] for entry in hits))
    return set()


def _everyday(known: set[str]) -> dict[str, set[str]]:
    """Each word that is understood, with the words of the register that it stands for."""
    found: dict[str, set[str]] = {word: {word} for word in known}
    for target, everyday in synonyms().items():
        # A target of two words is in the register when its first one is.
        stands_for = target.split()[0]
        if stands_for not in known:
            continue
        for entry in everyday:
            found.setdefault(entry, set()).add(stands_for)
    return found


@cache
def synonyms() -> dict[str, list[str]]:
    """Words of the register with the everyday words for them, each in plain letters."""
    rows = json.loads(FILE.read_text())["words"]
    return {
        plain(target): [word for text in texts for word in plain(text).split()]
        for target, texts in rows.items()
    }


@cache
def noise() -> frozenset[str]:
    """Words that say nothing of what somebody looks for."""
    return frozenset(json.loads(FILE.read_text())["noise"].split())


def _same(word: str, entry: str) -> bool:
    return word == entry or (stem(word) == stem(entry) and len(stem(word)) >= STEM_LEAST)


def _part(word: str, entry: str) -> bool:
    """One is a part of the other: vrachtwagenchauffeur holds chauffeur, heftr begins heftruck."""
    short, long = sorted((word, entry), key=len)
    if short.isdigit():
        return False
    if word == short:
        return len(word) >= STEM_LEAST and long.startswith(word)
    begun = stem(short)
    return len(begun) >= PART_LEAST and begun in long


def _alike(word: str, entry: str) -> bool:
    return len(word) > STEM_LEAST and likeness(word, entry) >= ALIKE


def stem(word: str) -> str:
    """A word without its ending: lassen, lasser and lassers have one stem.

    >>> {stem(word) for word in ("lassen", "lasser", "lassers", "las")}
    {'las'}
    """
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM_LEAST:
            word = word.removesuffix(ending)
            break
    # heftrucken: heftruck; lass: las.
    return re.sub(r"([b-df-hj-np-tv-z])\1$", r"\1", word)


def likeness(one: str, other: str) -> float:
    """The share of trigrams that two words have in common, from 0 to 1.

    >>> likeness("heftruk", "heftruck") > 0.5
    True
    """
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second)


@lru_cache(maxsize=20_000)
def _trigrams(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))
