"""Which facts of somebody give priority under the published rule: all of them, none hidden."""

from dataclasses import dataclass

from allocation import points
from allocation.decisions import waiting
from budgetpool.mail import reasons
from workers.facts import facts_of
from workers.models import TrainingRequest


@dataclass(frozen=True)
class Counted:
    """One fact, in a sentence, with its points and the step where it can be corrected."""

    sentence: str
    points: int
    step: str = ""


def counted(asked: TrainingRequest) -> tuple[list[Counted], int]:
    """The facts that count for this request, each with its points, and the total."""
    facts = facts_of(asked.worker)
    refused = refused_rounds(asked)

    def with_facts(education: str, contract: str, hours: int, rounds: int) -> int:
        return points.points(
            education=education, contract=contract, hours_trained=hours, refused_rounds=rounds
        )

    # Each fact's points are the difference that it makes, so that they always add up.
    plain = with_facts("", "", NO_PRIORITY_HOURS, 0)
    rows = []
    if facts.education:
        gain = with_facts(facts.education, "", NO_PRIORITY_HOURS, 0) - plain
        rows.append(Counted(reasons.EDUCATION[facts.education](), gain, "education"))
    if facts.contract:
        gain = with_facts("", facts.contract, NO_PRIORITY_HOURS, 0) - plain
        rows.append(Counted(reasons.CONTRACT[facts.contract](), gain, "contract"))
    if asked.worker.training_hours_two_years is not None:
        gain = with_facts("", "", facts.hours_trained, 0) - plain
        rows.append(Counted(reasons.FACTS["hours_trained"](facts.hours_trained), gain, "trained"))
    gain = with_facts("", "", NO_PRIORITY_HOURS, refused) - plain
    rows.append(Counted(reasons.FACTS["refused_rounds"](refused), gain))
    return rows, plain + sum(row.points for row in rows)


def refused_rounds(asked: TrainingRequest) -> int:
    """How many earlier rounds of this fund refused this worker."""
    found = waiting.refused_rounds(fund=asked.window.fund, workers=[asked.worker_id])
    return found.get(asked.worker_id, 0)


NO_PRIORITY_HOURS = 10_000
