"""What a request still lacks. Everything is checked at once, at the moment of sending."""

from dataclasses import dataclass
from typing import Final

from workers.models import TrainingRequest, Worker

# Fact of the worker → the step of the application that asks for it.
NEEDED: Final = {
    "name": "person",
    "birth_date": "person",
    "municipality": "person",
    "contract": "work",
    "sector": "work",
    "education": "education",
    "training_hours_two_years": "training",
    "has_study_finance": "training",
}


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: the step where it is asked, the field, and a code."""

    step: str
    field: str
    code: str = "missing"

    def __str__(self) -> str:
        return f"{self.field} ({self.code})"


def gaps_of_worker(worker: Worker) -> list[Gap]:
    """What the facts of a person lack."""
    found = [
        Gap(step, field) for field, step in NEEDED.items() if getattr(worker, field) in ("", None)
    ]
    if not worker.email and not worker.phone and not worker.address:
        found.append(Gap("person", "email", "unreachable"))
    return found


def gaps(request: TrainingRequest) -> list[Gap]:
    """Everything that keeps this request from being sent, in the order of the steps."""
    found = gaps_of_worker(request.worker)
    choices = list(
        request.choices.select_related("training", "edition").prefetch_related("cost_lines")
    )
    if not choices:
        found.append(Gap("choices", "choices"))
    for choice in choices:
        if choice.amount_cents <= 0:
            found.append(Gap("costs", f"choice_{choice.rank}", "no_amount"))
        if choice.training is not None and not choice.training.is_open:
            found.append(Gap("choices", f"choice_{choice.rank}", "not_on_offer"))
        if choice.starts_on is not None and choice.starts_on < request.window.first_start:
            found.append(Gap("choices", f"choice_{choice.rank}", "starts_too_early"))
    return found
