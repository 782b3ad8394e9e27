"""Which events there are, and which lines of the trail make one."""

from typing import Final

# What a program may listen to.
KINDS: Final[dict[str, str]] = {
    "request.changed": "A request was sent, mended, withdrawn, or found not possible.",
    "decision.published": "The round was published; the decision can be read.",
    "award.changed": "An award was granted, answered, begun, completed, paid or ended.",
    "proof.changed": "A proof came in or was judged.",
    "objection.changed": "An objection came in, was taken back, is to be heard or was decided.",
    "payment.changed": "A payment for an award was planned, made, withdrawn, or came back.",
    "school_award.changed": "For a school: something happened to an award of one of its people.",
    "invoice.changed": "For a school: an invoice came in or was taken back, or was paid.",
    "webhook.test": "You asked for this one, to try your address.",
}
TEST: Final = "webhook.test"
PUBLISHED: Final = "round.published"

# By the kind of the subject of a line of the trail; what comes after the point is the change.
OF_SUBJECT: Final = {
    "workers.trainingrequest": "request.changed",
    "allocation.award": "award.changed",
    "allocation.proof": "proof.changed",
    "allocation.objection": "objection.changed",
    "allocation.payout": "payment.changed",
}
# The same for the school that an invoice or an award belongs to.
OF_SCHOOLS: Final = {
    "allocation.award": "school_award.changed",
    "allocation.payout": "invoice.changed",
    "allocation.invoice": "invoice.changed",
}
# Looks and inner work are no news to a partner; of a kind that is not named all else is.
CHANGES: Final = {
    "request.changed": {"submitted", "ineligible", "withdrawn", "reopened", "eligible"},
    "objection.changed": {"filed", "withdrawn", "hearing_planned", "decided"},
}
SILENT: Final = {"seen", "school_asked", "attendance_written"}


def kind_of(subject_type: str, action: str) -> str | None:
    """The event that a line of the trail makes for who filed the request, if any."""
    return _told(OF_SUBJECT.get(subject_type), action)


def kind_for_school(subject_type: str, action: str) -> str | None:
    """The event that a line of the trail makes for a school, if any."""
    return _told(OF_SCHOOLS.get(subject_type), action)


def _told(kind: str | None, action: str) -> str | None:
    if kind is None:
        return None
    change = action.partition(".")[2]
    return kind if change in CHANGES.get(kind, {change}) - SILENT else None
