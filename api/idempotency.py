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
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Partner, StoredAnswer
from api.problems import Problem

LONGEST_KEY = 255
POSSIBLE_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


def once(*, request: Request, partner: Partner, act: Callable[[], Response]) -> Response:
    """Give the stored answer to this key, or act and store the answer, in one transaction.

    Raises:
        Problem: 400 without a key or for a bad one, 422 for a key used with another body.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not POSSIBLE_KEY.fullmatch(key):
        place = {"in": "header", "location": {"name": "Idempotency-Key"}, "code": "required"}
        detail = (
            f"Send a key of 1 to {LONGEST_KEY} letters, digits and signs, a new one per request."
        )
        raise Problem(400, "invalid", detail, errors=[place | {"detail": detail}])
    fingerprint = _fingerprint(request)
    try:
        with transaction.atomic():
            stored = _stored(partner, key, fingerprint)
            if stored is not None:
                return stored
            # The row comes first: a second program with the same key waits here for this one.
            row = StoredAnswer.objects.create(partner=partner, key=key, fingerprint=fingerprint)
            response = act()
            row.status, row.body = response.status_code, _plain(response.data)
            row.location = response.headers.get("Location", "")
            row.save(update_fields=["status", "body", "location"])
            return response
    except IntegrityError:
        stored = _stored(partner, key, fingerprint)
        if stored is None:
            raise
        return stored


def _stored(partner: Partner, key: str, fingerprint: str) -> Response | None:
    row = StoredAnswer.objects.filter(partner=partner, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Problem(
            422, "key_reused", "This Idempotency-Key came with another body before. Use a new key."
        )
    headers = {"Location": row.location} if row.location else {}
    return Response(row.body, status=row.status, headers=headers)


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(data))
