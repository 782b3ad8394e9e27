"""Whether two entries are one person: by name in a normal form, with the date of birth.

A normal form makes one of what people and programs write in many ways: letters of other scripts
that look the same (a Cyrillic А), accents, punctuation, capitals and the order of the names.
What is only nearly the same is no proof: somebody at the counter looks at both.
"""

import hashlib
import hmac
import unicodedata
from datetime import date
from itertools import pairwise
from typing import Final

from django.conf import settings

# Letters that look like Latin ones (Unicode Technical Standard 39, confusables), and Latin ones
# that no decomposition brings back to their base.
CYRILLIC: Final = dict(zip("авеёзіїјкмнорстухьѕԁԛԝѵ", "abeeziijkmhopctyxbsdqwv", strict=True))
# A capital Greek letter and its small one look like two different Latin ones (Ν, ν).
GREEK_CAPITALS: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
GREEK: Final = dict(zip("αβγεικνορτυχωϲ", "abyeikvoptuxwc", strict=True))
LATIN: Final = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ŋ": "n",
    "ɑ": "a",
    "ɡ": "g",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
}
CAPITALS: Final = str.maketrans(GREEK_CAPITALS)
LOOK_ALIKES: Final = str.maketrans(CYRILLIC | GREEK | LATIN)
BETWEEN_WORDS: Final = "-‐‑‒–—_/,;"
# One sign differs in a name of at least so many: a typing error, or somebody else.
SHORTEST_TO_COMPARE: Final = 5


def normal(name: str) -> str:
    """A name as it is compared.

    >>> normal("Nowák, Ewa") == normal("EWA  NOWAK.") == normal("Ewа-Nowak")
    True
    """
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    bare = bare.translate(CAPITALS).casefold().translate(LOOK_ALIKES)
    spaced = "".join(" " if sign in BETWEEN_WORDS or sign.isspace() else sign for sign in bare)
    letters = "".join(sign for sign in spaced if sign == " " or sign.isalnum())
    return " ".join(sorted(letters.split()))


def identity_hash(name: str, birth_date: date | None) -> str:
    """A keyed hash of the normal form and the date of birth; empty while one is missing."""
    if not name.strip() or birth_date is None:
        return ""
    text = f"{normal(name) or name.strip()}|{birth_date.isoformat()}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def are_close(one: str, other: str) -> bool:
    """Whether two names of people born on one day may well be one name.

    One sign more, less, other or swapped; or all words of the one stand in the other, an initial
    standing for its word.

    >>> are_close("Ewa Nowak", "Ewa Novak"), are_close("Ewa Nowak", "E. Nowak")
    (True, True)
    >>> are_close("Ewa Nowak", "Ana Nowak")
    False
    """
    first, second = normal(one).split(), normal(other).split()
    if not first or not second:
        return False
    short, long = sorted((first, second), key=len)
    if len(short) >= 2 and _stand_in(short, long):
        return True
    a, b = "".join(first), "".join(second)
    return min(len(a), len(b)) >= SHORTEST_TO_COMPARE and _one_sign_apart(a, b)


def traces(name: str) -> set[str]:
    """Texts of which two close names share at least one, so that few pairs need to be compared.

    The whole words, and the letters in a row with none or any one of them left out: names that
    are one sign apart meet there.
    """
    words = normal(name).split()
    row = "".join(words)
    without_one = {row[:at] + row[at + 1 :] for at in range(len(row))}
    return {word for word in words if len(word) > 1} | {f"={text}" for text in without_one | {row}}


def _stand_in(short: list[str], long: list[str]) -> bool:
    left = list(long)
    for word in short:
        found = next((other for other in left if _same_word(word, other)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _same_word(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _one_sign_apart(a: str, b: str) -> bool:
    if a == b:
        return True
    if len(a) == len(b):
        places = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        return len(places) == 1 or (
            len(places) == 2
            and all(next_one - at == 1 for at, next_one in pairwise(places))
            and a[places[0]] == b[places[1]]
            and a[places[1]] == b[places[0]]
        )
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and any(
        long[:at] + long[at + 1 :] == short for at in range(len(long))
    )
