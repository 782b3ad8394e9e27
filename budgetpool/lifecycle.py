"""The life of a thing as one table: its states, its steps, and what each step asks.

Services ask it before they act, pages ask it which buttons to show, `docs/lives.md` is written
from it, and the tests try every step from every state that the table does not allow.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from budgetpool.refusals import WrongStep


@dataclass(frozen=True)
class Step:
    """One verb.

    Args:
        allowed_from: the states from which it is possible.
        to: the state after it; None where the state stays, or hangs on what is decided.
        who: the roles that may take it; `clock` for the nightly work.
        people: how many different people it needs.
        barred: codes of refusals: whom it refuses although they hold the role.
        needs: codes of refusals: what else has to be right.
    """

    allowed_from: tuple[str, ...]
    to: str | None = None
    who: tuple[str, ...] = ()
    people: int = 1
    barred: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lifecycle:
    """All steps of one kind of thing."""

    name: str
    states: type[TextChoices]
    steps: Mapping[str, Step]

    def check(self, step: str, status: str) -> None:
        """Refuse a step that is not possible from this state.

        Raises:
            WrongStep: with the states from which it would be possible.
        """
        allowed = self.steps[step].allowed_from
        if status not in allowed:
            raise WrongStep(
                "wrong_step",
                step=step,
                status=status,
                allowed_from=[str(state) for state in allowed],
                now=self.states(status).label,
                states=[self.states(state).label for state in allowed],
            )

    def after(self, step: str, status: str) -> str:
        """The state after a step that is possible from this one.

        Raises:
            WrongStep: it is not.
        """
        self.check(step, status)
        to = self.steps[step].to
        return status if to is None else to

    def possible(self, status: str) -> list[str]:
        """The steps that a state allows, in the table's order."""
        return [name for name, step in self.steps.items() if status in step.allowed_from]

    def before(self, step: str) -> tuple[str, ...]:
        """The states from which a step is possible, as a filter of the database takes them."""
        return self.steps[step].allowed_from
