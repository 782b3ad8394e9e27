"""Add, read and remove a request's files; each with its own check of who asks."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import PurePath
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.module_loading import import_string

from budgetpool.bsn import holds_bsn
from budgetpool.files import erasing
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers import access
from workers.files.kinds import fits, harmless
from workers.models import Document, Helper, Mandate, TrainingRequest
from workers.requests.drafts import noted

log = logging.getLogger(__name__)

FILES_MAX: Final = 10
type Scanner = Callable[[bytes], str]


@transaction.atomic
def add(*, actor: User, request: TrainingRequest, purpose: str, name: str, data: bytes) -> Document:
    """Check a file, write it anew and keep it; the same file twice is kept once.

    Args:
        purpose: a code of `Document.Purpose`. A proof may come at any time after the award.
        name: as the person's device called it; only shown, never used as a path.

    Raises:
        NotYours: no ground to act for this worker.
        NotReady: `file_…`: `too_many`, `virus`, `bsn` (in the name), `mislabelled`, or a reason of
            `kinds.harmless`.
    """
    _require(actor, request, Mandate.Scope.APPLY, Helper.Scope.FILL)
    return keep(actor=actor, request=request, purpose=purpose, name=name, data=data)


@transaction.atomic
def keep(
    *, actor: User, request: TrainingRequest, purpose: str, name: str, data: bytes
) -> Document:
    """As `add`, for a caller of an upper layer that has another ground and has checked it.

    Raises:
        NotReady: as `add`.
    """
    shown = PurePath(name.replace("\\", "/")).name[:120] or "file"
    if holds_bsn(shown):
        raise NotReady("file_bsn")
    if request.documents.filter(purpose=purpose).count() >= FILES_MAX:
        raise NotReady("too_many_files", most=FILES_MAX)
    clean, content_type, ending = harmless(data)
    if not fits(shown, data):
        raise NotReady("file_mislabelled")
    _scan(clean)
    digest = hashlib.sha256(clean).hexdigest()
    there = request.documents.filter(purpose=purpose, sha256=digest).first()
    if there is not None:
        return there
    document = Document(
        request=request,
        purpose=purpose,
        name=shown,
        content_type=content_type,
        size_bytes=len(clean),
        sha256=digest,
        uploaded_by=actor,
    )
    document.file.save(f"{uuid4().hex}.{ending}", ContentFile(clean), save=False)
    document.full_clean()
    document.save()
    noted(actor=actor, request=request, action="request.file_added", purpose=purpose)
    return document


@transaction.atomic
def remove(*, actor: User, document: Document) -> None:
    """Take a file away again; its bytes go once the row is gone for good."""
    request = document.request
    _require(actor, request, Mandate.Scope.APPLY, Helper.Scope.FILL)
    name = str(document.file.name)
    document.delete()
    erasing.erase_after_commit([name])
    noted(actor=actor, request=request, action="request.file_removed", purpose=document.purpose)


def open_for(*, actor: User, document: Document) -> "File[bytes]":
    """The bytes of a file, for somebody who may see the request; a look by another is noted."""
    request = document.request
    _require(actor, request, Mandate.Scope.READ, Helper.Scope.READ)
    if request.worker.user_id != actor.pk:
        noted(actor=actor, request=request, action="request.file_seen", document=document.pk)
    return document.file.open("rb")


def _require(
    actor: User, request: TrainingRequest, act: Mandate.Scope, helper: Helper.Scope
) -> None:
    access.require(actor=actor, worker=request.worker, act=act, helper=helper)


def _scan(data: bytes) -> None:
    """Ask the scanner that `BUDGETPOOL_SCANNER` names: it gives the virus' name, or nothing."""
    if not settings.FILE_SCANNER:
        return
    scanner: Scanner = import_string(settings.FILE_SCANNER)
    found = scanner(data)
    if found:
        log.warning("a file was refused by the virus scanner")
        raise NotReady("file_virus")
