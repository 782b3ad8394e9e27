"""The facts of a worker that a published policy may give priority for; shown to the worker."""

from dataclasses import dataclass
from typing import Any

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

    def as_params(self) -> dict[str, Any]:
        """JSON values for a decision's record of what it rested on."""
        return {
            "education": self.education,
            "contract": self.contract,
            "hours_trained": self.hours_trained,
        }


def facts_of(worker: Worker) -> Facts:
    """The worker's facts as they stand now; hours that are not known count as none."""
    return Facts(
        education=worker.education,
        contract=worker.contract,
        hours_trained=worker.training_hours_two_years or 0,
    )
