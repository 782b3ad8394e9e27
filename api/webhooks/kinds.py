"""Which events there are, and which lines of the trail make one."""

from typing import Final

# What a program may listen to.
KINDS: Final[dict[str, str]] = {
    "request.changed": "A request was sent, mended, withdrawn, or found not possible.",
    "decision.published": "The round was published; the decision can be read.",
    "award.changed": "An award was granted, answered, begun, completed, paid or ended.",
    "proof.changed": "A proof came in or was judged.",
    "webhook.test": "You asked for this one, to try your address.",
}
TEST: Final = "webhook.test"
PUBLISHED: Final = "round.published"

# By the kind of the subject of a line of the trail; what comes after the point is the change.
OF_SUBJECT: Final = {
    "workers.trainingrequest": "request.changed",
    "allocation.award": "award.changed",
    "allocation.proof": "proof.changed",
}
# Looks and inner work are no news to a partner.
REQUEST_CHANGES: Final = {"submitted", "ineligible", "withdrawn", "reopened", "eligible"}
SILENT: Final = {"seen", "school_asked", "attendance_written"}


def kind_of(subject_type: str, action: str) -> str | None:
    """The event that a line of the trail makes, if any."""
    kind = OF_SUBJECT.get(subject_type)
    change = action.partition(".")[2]
    if kind == "request.changed":
        return kind if change in REQUEST_CHANGES else None
    return kind if kind and change not in SILENT else None
