"""What a board, a worker or a program may not do, as codes with parameters.

The edges (screens, API, commands) put a code into words; `str()` is for logs and commands.
"""

from typing import Any


class AllocationError(Exception):
    """A refusal with a reason: `code` names it, `params` hold what it speaks about."""

    code = "allocation_error"

    def __init__(self, code: str = "", /, **params: Any) -> None:
        self.code = code or type(self).code
        self.params = params
        details = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{self.code} ({details})" if details else self.code)


class NotAllowed(AllocationError):
    """This person may not do this here: no seat, an own interest, or the same person twice."""

    code = "not_allowed"


class WrongStep(AllocationError):
    """The round, award or objection is not in a state from which this step is possible.

    `params`: `step`, `status`, and `allowed_from`, the states that would do.
    """

    code = "wrong_step"


class NotReady(AllocationError):
    """A step is possible from this state, but something that it needs is missing or wrong."""

    code = "not_ready"


class TooLate(AllocationError):
    """A term has ended. `params`: `deadline` as an ISO date."""

    code = "too_late"
