"""The application as a list of tasks: six parts, each with its questions and its state.

Somebody goes on at the next question that is open, and may change any part without undoing
another. Each part is met once on the way; what may stay empty counts as done when it was seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from budgetpool.portals.application import questions
from workers import requests
from workers.models import TrainingRequest

PARTS: Final = {
    "you": _("You"),
    "work": _("Your work"),
    "learning": _("What you learned"),
    "training": _("The training"),
    "goal": _("Your goal"),
    "send": _("Look and send"),
}


@dataclass(frozen=True)
class Step:
    """One question: its name in the address, its part, its title and its form.

    Attributes:
        page: the name of its address, where it has a page of its own.
        optional: it may stay empty, and nobody has to see it.
    """

    slug: str
    part: str
    title: Any
    form: type[questions.Question] | None = None
    page: str = ""
    optional: bool = False

    @property
    def number(self) -> int:
        """The place of its part, from 1."""
        return list(PARTS).index(self.part) + 1

    @property
    def total(self) -> int:
        return len(PARTS)

    @property
    def part_name(self) -> Any:
        return PARTS[self.part]

    def address(self, asked: TrainingRequest) -> str:
        """Where this question is asked for one request."""
        if self.slug == "choices" and not asked.choices.all():
            return reverse("apply:trainings", args=[asked.pk])
        if self.slug == "costs":
            choice = asked.first_choice
            if choice is not None:
                return reverse("apply:choice", args=[asked.pk, choice.rank])
        if self.form is None:
            return reverse(self.page, args=[asked.pk])
        return reverse("apply:step", args=[asked.pk, self.slug])


STEPS: Final = (
    Step("name", "you", _("Who are you?"), questions.PersonForm),
    Step("reach", "you", _("How can we reach you?"), questions.ReachForm),
    Step("work", "work", _("Where and how do you work?"), questions.WorkForm),
    Step("learning", "learning", _("What did you learn before?"), questions.LearningForm),
    Step("choices", "training", _("Which training do you want?"), page="apply:choices"),
    Step("costs", "training", _("What does it cost?"), page="apply:choices"),
    Step("files", "training", _("An offer from the school"), page="apply:files", optional=True),
    Step("goal", "goal", _("What do you want to reach?"), questions.GoalForm),
    Step(
        "priority",
        "send",
        _("What counts for your request?"),
        page="apply:priority",
        optional=True,
    ),
    Step("summary", "send", _("Is everything right?"), page="apply:summary"),
)
BY_SLUG: Final = {step.slug: step for step in STEPS}

# The step that asks for each fact; `gaps` and the summary lead there.
STEP_OF: Final = {
    field: step.slug for step in STEPS if step.form for field in step.form.base_fields
}


def is_done(step: Step, asked: TrainingRequest) -> bool:
    """Whether this question was answered, or seen where it may stay empty."""
    return DONE.get(step.slug, _is_answered)(step, asked)


def next_open(asked: TrainingRequest, *, after: Step | None = None) -> Step:
    """The next question that is open: after this one, else the first, else the summary."""
    later = STEPS[STEPS.index(after) + 1 :] if after else ()
    for step in (*later, *STEPS):
        if not step.optional and step.slug != "summary" and not is_done(step, asked):
            return step
    return BY_SLUG["summary"]


def before(step: Step) -> Step | None:
    """The question before; None for the first."""
    place = STEPS.index(step)
    return STEPS[place - 1] if place else None


@dataclass(frozen=True)
class Task:
    """One line of the list: a question with its state and its address."""

    title: Any
    url: str
    state: str  # done, open, optional


def parts(asked: TrainingRequest) -> list[tuple[Any, list[Task]]]:
    """The six parts with their tasks."""
    return [
        (name, [_task(s, asked) for s in STEPS if s.part == part]) for part, name in PARTS.items()
    ]


def _task(step: Step, asked: TrainingRequest) -> Task:
    done = step.slug != "summary" and is_done(step, asked)
    state = "done" if done else "optional" if step.optional else "open"
    return Task(step.title, step.address(asked), state)


def _is_seen(step: Step, asked: TrainingRequest) -> bool:
    return step.slug in (asked.steps_done or ())


def _is_answered(step: Step, asked: TrainingRequest) -> bool:
    assert step.form is not None
    return not any(gap.field in step.form.base_fields for gap in requests.gaps(asked))


def _has_choice(step: Step, asked: TrainingRequest) -> bool:
    return not any(gap.step in {"choices", "costs"} for gap in requests.gaps(asked))


def _has_files(step: Step, asked: TrainingRequest) -> bool:
    return asked.documents.exists()


def _is_sent(step: Step, asked: TrainingRequest) -> bool:
    return asked.status == TrainingRequest.Status.SUBMITTED


DONE: Final[dict[str, Callable[[Step, TrainingRequest], bool]]] = {
    "choices": _has_choice,
    "costs": _is_seen,
    "files": _has_files,
    "goal": _is_seen,
    "priority": _is_seen,
    "summary": _is_sent,
}
