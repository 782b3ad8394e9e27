"""`ETag` and `If-Match`: nobody overwrites what they did not read (RFC 9110, section 13)."""

import hashlib
import json
from typing import Any

from rest_framework.request import Request

from api.problems import Problem


def etag(data: Any) -> str:
    """The version of what is shown; the same as long as nothing of it changes."""
    text = json.dumps(data, sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def require(request: Request, current: str) -> None:
    """Refuse a change of a version that the caller did not read.

    A tag names what is shown and not its bytes, so the weak form of one counts too: an answer
    that went out compressed has it, by our own server or by a proxy on the way.

    Raises:
        Problem: 428 without `If-Match`, 412 for another version.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise Problem(428, "precondition_required")
    if sent != "*" and current not in _tags(sent):
        raise Problem(412, "precondition_failed")


def is_known(request: Request, current: str) -> bool:
    """Whether the caller holds this version already."""
    sent = request.headers.get("If-None-Match", "").strip()
    return sent == "*" or current in _tags(sent)


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
