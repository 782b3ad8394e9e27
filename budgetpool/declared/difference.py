"""One way in which the database is not what the code declares."""

import re
from dataclasses import dataclass
from typing import Any

_SCHEMA = re.compile(r"\b(pg_temp(_\d+)?|public)\.")


@dataclass(frozen=True, slots=True)
class Difference:
    """A code with parameters, such as `guard_differs` with the name of the trigger."""

    code: str
    params: dict[str, Any]


def without_schema(text: str) -> str:
    """What PostgreSQL tells of a thing, wherever the thing stands."""
    return _SCHEMA.sub("", text)
