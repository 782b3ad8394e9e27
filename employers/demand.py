"""Expected skill demand: what employers say they will need, per employer and per region."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.users.models import User
from employers import access
from employers.models import Employer, SkillDemand
from employers.models.employer import Role


@dataclass(frozen=True, slots=True)
class Expected:
    """What several employers of a region expect together."""

    skill: str
    direction: str
    people_count: int


@transaction.atomic
def tell(*, employer: Employer, fund: Fund, by: User, **facts: Any) -> SkillDemand:
    """Say which work will grow, change or shrink.

    Args:
        facts: `occupation`, `skill`, `direction`, `people_count`, `from_year`, and `sector`.

    Raises:
        NotAllowed: no payer or manager of this employer.
        ValidationError: a fact is missing or out of bounds.
    """
    access.require(actor=by, employer=employer, role=Role.PAYER)
    demand = SkillDemand(employer=employer, fund=fund, told_by=by, **facts)
    demand.full_clean()
    demand.save()
    trail.record(actor=by, action="demand.told", subject=demand, region_code=fund.region.code)
    return demand


@transaction.atomic
def withdraw(*, demand: SkillDemand, by: User) -> None:
    """Take an expectation back.

    Raises:
        NotAllowed: no payer or manager of its employer.
    """
    access.require(actor=by, employer=demand.employer, role=Role.PAYER)
    demand.withdrawn_at = demand.withdrawn_at or timezone.now()
    demand.save()
    trail.record(
        actor=by, action="demand.withdrawn", subject=demand, region_code=demand.fund.region.code
    )


def of_employer(employer: Employer) -> QuerySet[SkillDemand]:
    """What an employer expects now, newest first."""
    return employer.skill_demands.filter(withdrawn_at__isnull=True).select_related("fund__region")


def of_region(fund: Fund) -> list[Expected]:
    """What the region's employers expect now, the largest need first."""
    rows = (
        SkillDemand.objects.filter(fund=fund, withdrawn_at__isnull=True)
        .values("skill", "direction")
        .annotate(people=Sum("people_count"))
        .order_by("-people", "skill")
    )
    return [Expected(row["skill"], row["direction"], row["people"]) for row in rows]
