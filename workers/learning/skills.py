"""A small offline set of skills: address, label, scheme and version. Nothing is fetched."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("skills.json")


@dataclass(frozen=True)
class Skill:
    """One skill of a published list, with plain words per language."""

    uri: str
    label: str
    scheme: str
    version: str
    words: dict[str, str]

    def said(self, language: str) -> str:
        """The skill in plain words; English where a language has none."""
        return self.words.get(language.split("-")[0], self.words["en"])


@cache
def skills() -> dict[str, Skill]:
    """All skills of the set, by address."""
    data = json.loads(FILE.read_text())
    return {
        one["uri"]: Skill(scheme=data["scheme"], version=data["version"], **one)
        for one in data["skills"]
    }
