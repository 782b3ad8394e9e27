"""Devices on which somebody has signed in before, by a signed cookie.

A stranger who tries somebody's address again and again closes the door for strangers only: a
known device has counters of its own (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
The cookie opens nothing. It holds a random key and, for each name that signed in, a hash that
only this key and ours together make: whoever reads it learns no address from it.
"""

import secrets
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from budgetpool.users import phones
from budgetpool.users.models import User

COOKIE: Final = "device"
SALT: Final = "budgetpool.device"
AGE_SECONDS: Final = 365 * 24 * 3600
# Names of the people who signed in last, on a device that many share.
MOST_NAMES: Final = 12


def known(request: HttpRequest, name: str) -> str:
    """The key of this device if `name` has signed in on it before, else nothing."""
    key, marks = _read(request)
    wanted = _mark(key, name)
    return key if any(constant_time_compare(mark, wanted) for mark in marks) else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the device know whoever just signed in on it, under each of their names."""
    key, marks = _read(request)
    key = key or secrets.token_urlsafe(16)
    new = [_mark(key, name) for name in names(user)]
    kept = [*(mark for mark in marks if mark not in new), *new][-MOST_NAMES:]
    response.set_signed_cookie(
        COOKIE,
        ".".join([key, *kept]),
        salt=SALT,
        max_age=AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def names(user: User) -> list[str]:
    """Every name that this person's tries are counted by."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    kept = phones.of(user)
    found = [person(user), user.email, *proven.values_list("email", flat=True)]
    if kept is not None and kept.proven_at is not None:
        found.append(kept.number)
    return list(dict.fromkeys(plain(name) for name in found if name))


def person(user: User) -> str:
    """The name of somebody whose account is certain, whatever address they gave."""
    return f"person:{user.pk}"


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=AGE_SECONDS) or ""
    key, *marks = text.split(".")
    return key, marks


def _mark(key: str, name: str) -> str:
    return salted_hmac(SALT, f"{key}\0{plain(name)}", algorithm="sha256").hexdigest()[:32]


def plain(name: str) -> str:
    """One spelling of an address: a database may take some small letters for one capital."""
    return name.strip().upper()
