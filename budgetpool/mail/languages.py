"""The languages of letters and messages: English, and every catalogue in `budgetpool/locale/`.

Another language is added by adding its catalogue; nothing else names it.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).parents[1] / "locale"


@cache
def languages() -> frozenset[str]:
    """The codes of the languages that a message can be written in."""
    return frozenset({"en", *(path.parts[-3] for path in FOLDER.glob("*/LC_MESSAGES/django.mo"))})


def readable(language: str) -> str:
    """The reader's own language where we have it, else the installation's first."""
    return language if language in languages() else settings.LANGUAGE_CODE
