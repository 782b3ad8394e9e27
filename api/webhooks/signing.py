"""Secrets and signatures as Standard Webhooks has them (standardwebhooks.com, symmetric, v1)."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PREFIX: Final = "whsec_"


def new_secret() -> str:
    """A secret of 256 random bits, as libraries for receivers take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(*, secret: str, identifier: str, timestamp: int, body: str) -> str:
    """The signature of one try: over its name, its moment and the body as it is sent."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{identifier}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def seal(secret: str) -> str:
    """A secret as it is stored: a copy of the database alone signs nothing."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret that was sealed, also by a key of the installation of before."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    digest = hashlib.blake2b(key.encode(), digest_size=32, person=b"webhook-secrets").digest()
    return base64.urlsafe_b64encode(digest)
