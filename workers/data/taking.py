"""Everything that is known of a person, in one archive (GDPR articles 15 and 20)."""

import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.forms.models import model_to_dict

from budgetpool.audit import trail
from budgetpool.users.models import User
from workers import access
from workers.data.looks import looks
from workers.models import FirstStep, Mandate, Peer, Worker


@transaction.atomic
def archive(
    *,
    actor: User,
    worker: Worker,
    more: dict[str, Any] | None = None,
    beside: Iterable[Model] = (),
) -> bytes:
    """A zip with `data.json` and the files as they were stored.

    Args:
        more: what upper layers know, such as decisions; JSON values.
        beside: the person's rows of upper layers; a look at them is a look at the person.

    Raises:
        NotYours: neither the worker nor an adviser with a mandate.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.READ)
    trail.record(
        actor=actor, action="worker.data_taken", subject=worker, region_code=worker.region.code
    )
    requests = worker.requests.prefetch_related("choices__cost_lines", "documents", "follow_ups")
    data = {
        "worker": _plain(worker),
        "account": _account(worker),
        "requests": [
            {
                **_plain(request),
                "reference": request.reference,
                "choices": [
                    {
                        **_plain(choice),
                        "title": choice.title,
                        "cost_lines": [_plain(line) for line in choice.cost_lines.all()],
                    }
                    for choice in request.choices.all()
                ],
                "documents": [document.name for document in request.documents.all()],
                "arrangement": request.arrangement.answers
                if hasattr(request, "arrangement")
                else None,
                "follow_ups": [_plain(one) for one in request.follow_ups.all()],
            }
            for request in requests
        ],
        "mandates": [_plain(one) for one in worker.mandates.all()],
        "notes": [_plain(one) for one in worker.notes.all()],
        "referrals": [str(one.made_on) for one in worker.referrals.all()],
        "intake": _plain(worker.intake) if hasattr(worker, "intake") else None,
        "reflections": [_plain(one) for one in worker.reflections.all()],
        "helpers": [_plain(one) for one in worker.helpers.all()],
        "strengths": _plain(worker.strengths) if hasattr(worker, "strengths") else None,
        "story": _plain(worker.story) if hasattr(worker, "story") else None,
        "first_steps": [
            {**_plain(one), "host": one.host.name}
            for one in FirstStep.objects.filter(worker=worker).select_related("host")
        ],
        "peers": [_plain(one) for one in Peer.objects.filter(worker=worker)],
        "looks": [vars(one) for one in looks(worker, beside=beside)],
        **(more or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("data.json", json.dumps(data, indent=1, default=str, ensure_ascii=False))
        for request in requests:
            for document in request.documents.all():
                ending = str(document.file.name).rsplit(".", 1)[-1]
                name = f"{request.reference}/{document.purpose}-{document.pk}.{ending}"
                with document.file.open("rb") as stream:
                    bundle.writestr(name, stream.read())
    return target.getvalue()


def _plain(row: Any) -> dict[str, Any]:
    values = model_to_dict(row)
    values.pop("file", None)
    return values


def _account(worker: Worker) -> dict[str, Any] | None:
    user = worker.user
    if user is None:
        return None
    return {
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "language": user.language,
        "joined_at": user.joined_at,
    }
