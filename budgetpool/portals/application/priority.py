"""Which facts of somebody give priority under the published rule: all of them, none hidden."""

from dataclasses import dataclass

from django.db.models import Count, Q

from allocation.decisions import public
from allocation.models import Decision, Round
from allocation.rules import points, waiting_credit
from budgetpool.mail import reasons
from budgetpool.portals.components.suppression import Group
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
        rows.append(Counted(reasons.EDUCATION[facts.education](), gain, "learning"))
    if facts.contract:
        gain = with_facts("", facts.contract, NO_PRIORITY_HOURS, 0) - plain
        rows.append(Counted(reasons.CONTRACT[facts.contract](), gain, "work"))
    if asked.worker.training_hours_two_years is not None:
        gain = with_facts("", "", facts.hours_trained, 0) - plain
        rows.append(Counted(reasons.FACTS["hours_trained"](facts.hours_trained), gain, "learning"))
    gain = with_facts("", "", NO_PRIORITY_HOURS, refused) - plain
    rows.append(Counted(reasons.FACTS["refused_rounds"](refused), gain))
    return rows, plain + sum(row.points for row in rows)


@dataclass(frozen=True)
class Chance:
    """What the last round gave: the share of everybody, and of those with as many points.

    `own_share` is None where that group is so small that it would tell of single people.
    """

    code: str
    share: float
    own_share: float | None


def chance(asked: TrainingRequest, total: int) -> Chance | None:
    """The chance that people had last time; None before a first round."""
    last = (
        Round.objects.filter(fund=asked.window.fund, status__in=public.PUBLISHED)
        .order_by("-window__opens_at")
        .first()
    )
    if last is None:
        return None
    counts = Decision.objects.filter(round=last).aggregate(
        all_asked=Count("pk"),
        all_awarded=Count("pk", filter=Q(awarded=True)),
        alike_asked=Count("pk", filter=Q(points=total)),
        alike_awarded=Count("pk", filter=Q(points=total, awarded=True)),
    )
    everybody = Group("", counts["all_asked"], counts["all_awarded"])
    alike = Group("", counts["alike_asked"], counts["alike_awarded"])
    own = alike.share if alike.is_large_enough else None
    return Chance(last.code, everybody.share, own) if everybody.applying else None


def refused_rounds(asked: TrainingRequest) -> int:
    """How many earlier rounds of this fund refused this worker."""
    found = waiting_credit.refused_rounds(fund=asked.window.fund, workers=[asked.worker_id])
    return found.get(asked.worker_id, 0)


NO_PRIORITY_HOURS = 10_000
