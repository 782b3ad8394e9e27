"""References that provoke an answer, so that a program can be tried on each."""

from typing import Final

from django.utils.translation import gettext as _

from api import codes
from api.problems import Problem

PREFIX: Final = "magic:"
# What a filing is answered with, whatever else stands in it.
REFUSALS: Final = {
    "other_region": 403,
    "no_window": 409,
    "window_not_open": 409,
    "window_closed": 409,
    "one_request_per_window": 409,
    "reference_used": 409,
    "known_already": 409,
    "conflict": 409,
    "key_reused": 422,
    "throttled": 429,
    "server_error": 500,
    "unavailable": 503,
}
# What the board decides, apart from the rule.
GIVE, WITHHOLD = f"{PREFIX}awarded", f"{PREFIX}refused"


def refusal_of(reference: str) -> Problem | None:
    """The refusal that a reference asks for, such as `magic:window_closed-2`."""
    if not reference.startswith(PREFIX):
        return None
    code = reference.removeprefix(PREFIX).partition("-")[0]
    if code not in REFUSALS:
        return None
    detail = _("The sandbox was asked for this: %(meaning)s") % {"meaning": codes.PROBLEMS[code]}
    return Problem(REFUSALS[code], code, detail)
