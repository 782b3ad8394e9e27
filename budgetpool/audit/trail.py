"""The one way to write an audit event: `record` for a change, `seen` for a look."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils.module_loading import import_string

from budgetpool.audit import request_ids
from budgetpool.audit.models import AuditEvent
from budgetpool.statements import Adding
from budgetpool.users.models import User

ADDING: Final = Adding(AuditEvent)


def record(
    *,
    actor: User | AnonymousUser | None,
    action: str,
    subject: Model,
    region_code: str = "",
    **details: Any,
) -> AuditEvent:
    """Write down that `actor` did `action` to `subject`, within the caller's transaction.

    Args:
        actor: the signed-in person; None for the system itself or a visitor.
        action: a lower-case English code, such as `round.published` or `worker.seen`.
        subject: a saved row.
        region_code: the region it belongs to, where there is one.
        details: small JSON values; keys and amounts in cents, never names or free text.
    """
    event = AuditEvent(
        actor=actor if isinstance(actor, User) else None,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        region_code=region_code,
        request_id=request_ids.current_id(),
        details=details,
    )
    ADDING.add(event)
    _tell([event])
    return event


def record_many(
    *,
    actor: User | None,
    action: str,
    region_code: str,
    rows: Sequence[tuple[Model, dict[str, Any]]],
) -> None:
    """Write down the same act on many saved rows at once; each comes with its own details."""
    events = [
        AuditEvent(
            actor=actor,
            action=action,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            region_code=region_code,
            request_id=request_ids.current_id(),
            details=details,
        )
        for subject, details in rows
    ]
    AuditEvent.objects.bulk_create(events, batch_size=500)
    _tell(events)


def seen(*, actor: User, subject: Model, why: str, region_code: str = "") -> AuditEvent | None:
    """Write down that `actor` looked at a person's file; one's own file is no look.

    Every page, export or answer that shows somebody else's personal data calls this.

    Args:
        subject: the person's row, such as a worker; its `user` is the person, where it has one.
        why: a lower-case English code for the ground, such as `mandate`, `board_round`, `payout`.
    """
    if subject == actor or getattr(subject, "user_id", None) == actor.pk:
        return None
    return record(
        actor=actor,
        action=f"{subject._meta.model_name}.seen",
        subject=subject,
        region_code=region_code,
        why=why,
    )


def _tell(events: list[AuditEvent]) -> None:
    """Let the layers above hear of what was written, within the same transaction."""
    for path in settings.AUDIT_LISTENERS:
        import_string(path)(events)
