"""`Idempotency-Key`: a program that got no answer may send the same POST again without harm.

As the IETF draft draft-ietf-httpapi-idempotency-key-header says: the same key with the same body
gets the first answer again; with another body, 422. An answer that says what is wrong is not
kept, so that the mended request can use the key.
"""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Partner, StoredAnswer
from api.problems import Problem, invalid

LONGEST_KEY = 255
POSSIBLE_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


def once(*, request: Request, partner: Partner, act: Callable[[], Response]) -> Response:
    """Give the stored answer to this key, or act and store the answer, in one transaction.

    Raises:
        Problem: 400 without a key or for a bad one, 422 for a key used with another body.
    """
    key = key_of(request)
    fingerprint = fingerprint_of(f"{request.method} {request.path}", request.data)
    try:
        with transaction.atomic():
            stored = _stored(request, partner, key, fingerprint)
            if stored is not None:
                return stored
            # The row comes first: a second program with the same key waits here for this one.
            row = StoredAnswer.objects.create(partner=partner, key=key, fingerprint=fingerprint)
            response = act()
            row.status, row.body = response.status_code, plain(response.data)
            row.location = response.headers.get("Location", "")
            row.save(update_fields=["status", "body", "location"])
            if row.location:
                response.headers["Location"] = request.build_absolute_uri(row.location)
            return response
    except IntegrityError:
        stored = _stored(request, partner, key, fingerprint)
        if stored is None:
            raise
        return stored


def key_of(request: Request) -> str:
    """The key that a caller sent.

    Raises:
        Problem: 400 without one, or for one of other signs than a header may hold.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not POSSIBLE_KEY.fullmatch(key):
        place = {"in": "header", "location": {"name": "Idempotency-Key"}, "code": "required"}
        detail = _(
            "Send a key of 1 to %(longest)s letters, digits and signs, a new one per request."
        ) % {"longest": LONGEST_KEY}
        raise invalid([place | {"detail": detail}])
    return key


def _stored(request: Request, partner: Partner, key: str, fingerprint: str) -> Response | None:
    row = StoredAnswer.objects.filter(partner=partner, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Problem(
            422,
            "key_reused",
            _("This Idempotency-Key came with another body before. Use a new key."),
        )
    headers = {"Idempotency-Replayed": "true"}
    if row.location:
        headers["Location"] = request.build_absolute_uri(row.location)
    return Response(row.body, status=row.status, headers=headers)


def fingerprint_of(where: str, data: Any) -> str:
    """What tells one body from another."""
    body = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{where}\n{body}".encode()).hexdigest()


def plain(data: Any) -> Any:
    return json.loads(json.dumps(data))
