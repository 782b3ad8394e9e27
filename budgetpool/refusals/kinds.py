"""The kinds of refusal; each has the status with which a web page or the API answers it."""

from typing import Any, ClassVar

from budgetpool.refusals import words


class Refusal(Exception):
    """Something that was refused; nothing of it was stored.

    Args:
        code: a key of `budgetpool.refusals.SENTENCES`.
        params: what the words speak about. The end of a name tells how it is written:
            `_cents` as euros, `_on` as a day, `_at` as a moment (both also as ISO text).
    """

    status: ClassVar[int] = 409

    def __init__(self, code: str, /, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)

    def __str__(self) -> str:
        """Why, and what to do about it, in the active language."""
        return words.say(self.code, self.params)


class NotAllowed(Refusal):
    """This person may not do this here: no seat, an own interest, or the same person twice."""

    status = 403


class WrongStep(Refusal):
    """The thing is not in a state from which this step is possible.

    `params`: `step`, `status`, and `allowed_from`, the states that would do.
    """


class NotReady(Refusal):
    """A step is possible from this state, but something that it needs is missing or wrong."""


class TooLate(Refusal):
    """A term has ended."""
