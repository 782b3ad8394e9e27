"""The application, question by question: one page each, grouped in six parts."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from budgetpool.portals.application import questions

PARTS: Final = {
    "you": _("You"),
    "work": _("Your work"),
    "learning": _("Your diploma"),
    "training": _("The training"),
    "priority": _("What counts"),
    "send": _("Send"),
}


@dataclass(frozen=True)
class Step:
    """One question: its name in the address, its part, its title and its form."""

    slug: str
    part: str
    title: Any
    form: type[questions.Question] | None = None

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


STEPS: Final = (
    Step("name", "you", _("Who are you?"), questions.NameForm),
    Step("reach", "you", _("How can we reach you?"), questions.ReachForm),
    Step("place", "you", _("Where do you live?"), questions.PlaceForm),
    Step("contract", "work", _("How do you work?"), questions.ContractForm),
    Step("sector", "work", _("Where do you work?"), questions.SectorForm),
    Step("education", "learning", _("What is your highest diploma?"), questions.EducationForm),
    Step("trained", "learning", _("How much training did you have?"), questions.TrainedForm),
    Step("study", "learning", _("Do you get study finance?"), questions.StudyForm),
    Step("choices", "training", _("Which training do you want?")),
    Step("files", "training", _("Do you have an offer from the school?")),
    Step("goal", "training", _("What do you want to reach?"), questions.GoalForm),
    Step("priority", "priority", _("What counts for your request?")),
    Step("summary", "send", _("Is everything right?")),
)
BY_SLUG: Final = {step.slug: step for step in STEPS}

# The step that asks for each fact; `gaps` and the summary lead there.
STEP_OF: Final = {
    field: step.slug for step in STEPS if step.form for field in step.form.base_fields
}


def after(step: Step) -> Step:
    """The next question."""
    return STEPS[STEPS.index(step) + 1]


def before(step: Step) -> Step | None:
    """The question before; None for the first."""
    place = STEPS.index(step)
    return STEPS[place - 1] if place else None
