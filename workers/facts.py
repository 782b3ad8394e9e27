"""The facts of a worker that a published policy may give priority for; shown to the worker."""

from dataclasses import dataclass

from workers.models import Worker


@dataclass(frozen=True)
class Facts:
    """What the points rule reads, and nothing more.

    Attributes:
        education: code of `EducationLevel`.
        contract: code of `Contract`.
        hours_trained: hours of training in the last two years.
    """

    education: str
    contract: str
    hours_trained: int


def facts_of(worker: Worker) -> Facts:
    """The worker's facts as they stand now; hours that are not known count as none."""
    return Facts(
        education=worker.education,
        contract=worker.contract,
        hours_trained=worker.training_hours_two_years or 0,
    )
