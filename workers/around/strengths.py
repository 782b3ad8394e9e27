"""Strengths first: three sentences and tagged skills, part of a request only on one's own wish.

They count for nothing: no rule, no snapshot and no division reads them.
"""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers.learning.skills import skills
from workers.models import Strengths, Worker

SENTENCES: Final = ("good_at", "proud_of", "asked_for")


@transaction.atomic
def write(
    *, actor: User, worker: Worker, tagged: list[str], in_request: bool, **sentences: str
) -> Strengths:
    """Keep the sentences (`SENTENCES`) and skills, and whether they go along with a request.

    Raises:
        NotYours: somebody else than the worker.
        ValidationError: nothing was written, an unknown skill, or a text with a BSN.
    """
    _own(actor, worker)
    texts = {name: sentences.get(name, "").strip() for name in SENTENCES}
    if not any(texts.values()) and not tagged:
        raise ValidationError({"good_at": _("Write at least one answer.")})
    if not set(tagged) <= set(skills()):
        raise ValidationError({"skills": _("There is no such skill.")})
    written = of(worker) or Strengths(worker=worker)
    for name, text in texts.items():
        setattr(written, name, text)
    written.skills, written.in_request = sorted(tagged), in_request
    written.full_clean()
    written.save()
    _note(actor, worker, "strengths.written")
    return written


@transaction.atomic
def remove(*, actor: User, worker: Worker) -> None:
    """Take them away again; what was sent with a request stays as it was sent.

    Raises:
        NotYours: somebody else than the worker.
    """
    _own(actor, worker)
    if Strengths.objects.filter(worker=worker).delete()[0]:
        _note(actor, worker, "strengths.removed")


def of(worker: Worker) -> Strengths | None:
    """What a worker wrote, if anything."""
    return Strengths.objects.filter(worker=worker).first()


def to_send(worker: Worker) -> dict[str, Any] | None:
    """What goes along with a request that is sent now; None unless the worker wants it."""
    written = of(worker)
    if written is None or not written.in_request:
        return None
    return {name: getattr(written, name) for name in SENTENCES} | {"skills": written.skills}


def _own(actor: User, worker: Worker) -> None:
    if worker.erased_at is not None or worker.user_id is None or worker.user_id != actor.pk:
        raise NotAllowed("not_yours", act="write for somebody")


def _note(actor: User, worker: Worker, action: str) -> None:
    trail.record(actor=actor, action=action, subject=worker, region_code=worker.region.code)
