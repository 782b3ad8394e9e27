"""The languages of letters and messages: English, and the catalogues in `budgetpool/locale/`.

Readers of a language that is for screens only get letters in the installation's first one.
"""

from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

# Their catalogues hold a worker's screens, and no words of a letter.
SCREENS_ONLY: Final = frozenset({"uk", "ar"})
FOLDER = Path(__file__).parents[1] / "locale"


@cache
def languages() -> frozenset[str]:
    """The codes of the languages that a message can be written in."""
    found = {path.parts[-3] for path in FOLDER.glob("*/LC_MESSAGES/django.mo")}
    return frozenset({"en", *found}) - SCREENS_ONLY


def readable(language: str) -> str:
    """The reader's own language where we have it, else the installation's first."""
    return language if language in languages() else settings.LANGUAGE_CODE
