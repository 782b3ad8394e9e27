"""Bodies of JSON: what any decent program sends, and nothing that makes two readers disagree."""

import json
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST: Final = 20
LARGEST_BYTES: Final = 5_000_000


class StrictJSONParser(BaseParser):
    """JSON of RFC 8259 in UTF-8, without names given twice, halves of signs, or endless depth."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value of a body.

        Raises:
            ParseError: it is no such JSON. RequestDataTooBig: more than 5 MB.
        """
        raw = stream.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise RequestDataTooBig
        try:
            text = raw.decode("utf-8")
            made = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
            _measure(made, 0)
            # A half of a surrogate pair cannot be written, stored or answered.
            json.dumps(made, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError):
            raise ParseError(
                _(
                    "The body is no JSON that we take: UTF-8, at most %(deepest)s levels deep, "
                    "each name once, only whole signs."
                )
                % {"deepest": DEEPEST}
            ) from None
        return made


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name was given twice")
    return made


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _measure(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("too deep")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        _measure(one, depth + 1)
