"""The key by which each person, and nobody else, finds their line in what a round publishes."""

import base64
import hashlib

from allocation.models import PseudonymKey, Round
from allocation.rounds import snapshot


def keys_of(round: Round, workers: list[int]) -> dict[int, str]:
    """Per worker the key that stands in the letter; empty where the round's secret is gone."""
    secret = PseudonymKey.objects.filter(round=round).values_list("key", flat=True).first()
    if secret is None:
        return {}
    return {worker: key_of(snapshot.pseudonym(secret, "worker", worker)) for worker in workers}


def key_of(pseudonym: str) -> str:
    """The key of one person, such as `K7QX-2MNA-PL4T-6ZBD`.

    It is made from the person's pseudonym, which is never published and was made with the round's
    secret: so nobody can guess it, and the lines stay the same when that secret is destroyed.
    """
    text = base64.b32encode(hashlib.sha256(f"line:{pseudonym}".encode()).digest()[:10]).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def line_of(code: str, key: str) -> str:
    """The name of a line in the published files: anybody with the key can compute it.

    Spaces, dashes and the size of letters in a key do not count.
    """
    bare = "".join(sign for sign in key.upper() if sign.isalnum())
    return hashlib.sha256(f"{code}:{bare}".encode()).hexdigest()[:16]
