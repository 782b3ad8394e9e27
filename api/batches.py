"""Hundreds of requests in one call: each is filed once, however often the call is sent."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api import filing, idempotency, problems
from api.callers import Caller
from api.models import Partner, StoredAnswer
from api.problems import Problem, at, invalid
from api.serializers.requests import BATCH_MAX, filed_of
from workers.models import TrainingRequest

# A sign that no key can hold, between the key of the call and the reference of an item.
BETWEEN = " "
LONGEST_KEY = 190


def file(*, request: Request, caller: Caller) -> list[dict[str, Any]]:
    """File the items of a body; what the same key filed before gets its first answer.

    Raises:
        Problem: the call as a whole is wrong: no key, no list, too many items.
    """
    key = idempotency.key_of(request)
    if len(key) > LONGEST_KEY:
        raise Problem(400, "invalid", _("This key is too long."))
    return file_items(caller=caller, key=key, items=_items(request.data))


@transaction.atomic
def file_items(*, caller: Caller, key: str, items: list[Any]) -> list[dict[str, Any]]:
    """File each item once under this key, whichever call or file it comes in."""
    # Two calls of one partner wait for one another: the second finds what the first filed.
    Partner.objects.select_for_update(no_key=True).get(pk=caller.partner.pk)
    keys = [_key(key, item) for item in items]
    prints = [idempotency.fingerprint_of("item", item) for item in items]
    stored = {
        row.key: row
        for row in StoredAnswer.objects.filter(partner=caller.partner, key__in=set(keys) - {""})
    }
    results: list[dict[str, Any]] = [
        _again(index, item, stored[own], fingerprint) if own in stored else {}
        for index, (item, own, fingerprint) in enumerate(zip(items, keys, prints, strict=True))
    ]
    new = [index for index, result in enumerate(results) if not result]
    entries = filing.read([items[index] for index in new])
    answers = filing.file(caller=caller, entries=entries)
    rows = []
    for index, answer in zip(new, answers, strict=True):
        results[index] = _first(index, items[index], answer)
        if isinstance(answer, TrainingRequest):
            rows.append(
                StoredAnswer(
                    partner=caller.partner,
                    key=keys[index],
                    fingerprint=prints[index],
                    status=201,
                    body=idempotency.plain(results[index]["request"]),
                )
            )
    StoredAnswer.objects.bulk_create(rows)
    return results


def _items(body: Any) -> list[Any]:
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise invalid([at("items", "required", _("Send a list of requests in items."))])
    errors = [
        at(name, "unknown", _("There is no such field here."))
        for name in sorted(set(body) - {"items"})
    ]
    if not items:
        errors.append(at("items", "empty", _("This list is empty.")))
    if len(items) > BATCH_MAX:
        detail = _("At most %(most)s requests fit in one call.") % {"most": BATCH_MAX}
        errors.append(at("items", "max_length", detail))
    if errors:
        raise invalid(errors)
    return items


def _key(key: str, item: Any) -> str:
    reference = _reference(item)
    return f"{key}{BETWEEN}{reference}" if reference else ""


def _reference(item: Any) -> str | None:
    reference = item.get("reference") if isinstance(item, dict) else None
    return reference if isinstance(reference, str) and 0 < len(reference) <= 60 else None


def _first(index: int, item: Any, answer: TrainingRequest | Problem) -> dict[str, Any]:
    if isinstance(answer, Problem):
        return _refused(index, item, answer)
    return {
        "index": index,
        "reference": answer.organisation_reference,
        "status": 201,
        "isReplayed": False,
        "request": filed_of(answer),
        "problem": None,
    }


def _again(index: int, item: Any, row: StoredAnswer, fingerprint: str) -> dict[str, Any]:
    if row.fingerprint != fingerprint:
        detail = _("This Idempotency-Key came with another body before. Use a new key.")
        return _refused(index, item, Problem(422, "key_reused", detail))
    return {
        "index": index,
        "reference": _reference(item),
        "status": row.status,
        "isReplayed": True,
        "request": row.body,
        "problem": None,
    }


def _refused(index: int, item: Any, problem: Problem) -> dict[str, Any]:
    code = str(problem.get_codes())
    return {
        "index": index,
        "reference": _reference(item),
        "status": problem.status_code,
        "isReplayed": False,
        "request": None,
        "problem": problems.document(
            problem.status_code, str(problem.detail), code, problem.errors
        ),
    }
