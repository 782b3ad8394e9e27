"""Destroy rows and their files, and write down that it happened: how many, and a hash of keys."""

import hashlib
from itertools import batched
from typing import Any, Final

from django.db import models, transaction
from django.db.models import FileField

from budgetpool.files import erasing
from workers.models import Destruction, Document, TrainingRequest

# Databases take so many values in one statement, and no more.
MOST_AT_ONCE: Final = 10_000


@transaction.atomic
def destroy(*, category: str, rule: str, rows: models.QuerySet[Any]) -> int:
    """Delete the rows, and the bytes of files among them, with one line in the log.

    The line holds no data: whoever knows a key can prove that it was in the list, and nobody
    can learn a key from it without trying.

    Returns:
        How many rows of this category were destroyed; nothing is logged for none.
    """
    keys = sorted(rows.values_list("pk", flat=True))
    if not keys:
        return 0
    if rows.model is TrainingRequest:
        # Their files would go with them unseen, and leave their bytes behind.
        documents = Document.objects.filter(request__in=keys)
        destroy(category="documents", rule=rule, rows=documents)
    fields = [field.name for field in rows.model._meta.fields if isinstance(field, FileField)]
    stored = [getattr(row, name) for row in rows for name in fields] if fields else []
    for chunk in batched(keys, MOST_AT_ONCE, strict=False):
        rows.model._default_manager.filter(pk__in=chunk).delete()
    log(category, rule, keys)
    _delete_bytes(stored)
    return len(keys)


@transaction.atomic
def destroy_files(*, category: str, rule: str, rows: models.QuerySet[Any], field: str) -> int:
    """Delete only the bytes that a field of the rows holds, with one line in the log.

    Returns:
        How many files were destroyed.
    """
    there = list(rows.exclude(**{field: ""}))
    keys = sorted(row.pk for row in there)
    if not keys:
        return 0
    stored = [getattr(row, field) for row in there]
    rows.model._default_manager.filter(pk__in=keys).update(**{field: ""})
    log(category, rule, keys)
    _delete_bytes(stored)
    return len(keys)


def log(category: str, rule: str, keys: list[int]) -> None:
    """Write the line that proves it; the keys themselves are not in it."""
    Destruction.objects.create(
        category=category,
        rule=rule,
        count=len(keys),
        keys_sha256=keys_sha256(category, keys),
    )


def _delete_bytes(stored: list[Any]) -> None:
    erasing.erase_after_commit(str(file.name) for file in stored if file)


def keys_sha256(category: str, keys: list[int]) -> str:
    """The hash that the log holds for a set of keys."""
    text = f"{category}:{','.join(map(str, sorted(keys)))}"
    return hashlib.sha256(text.encode()).hexdigest()
