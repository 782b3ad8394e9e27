"""Who can ask the fund at all. Plain rules with reason codes; never a score.

Sources: STAP excluded people on study finance, because pupils and students with a side job flood
a definition by flex work; a training must serve work, not a hobby (Court of Audit on STAP, 2023).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from budgetpool.register.codes import FLEX_CONTRACTS, Contract
from workers.models import Worker

YOUNGEST: Final = 18
OLDEST: Final = 67  # the age of the state pension (AOW) in 2027


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot ask: a code with parameters."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def obstacles(
    *,
    age: int | None,
    in_region: bool | None,
    contract: str,
    has_study_finance: bool | None,
    for_work: bool | None = True,
) -> list[Obstacle]:
    """Everything that stands in the way, in the order of the questions; unknown never does.

    >>> obstacles(age=17, in_region=True, contract="on_call", has_study_finance=False)
    [Obstacle(code='too_young', params={'age': 18})]
    """
    found = []
    if age is not None and age < YOUNGEST:
        found.append(Obstacle("too_young", {"age": YOUNGEST}))
    if age is not None and age >= OLDEST:
        found.append(Obstacle("pension_age", {"age": OLDEST}))
    if in_region is False:
        found.append(Obstacle("outside_region"))
    if contract == Contract.SELF_EMPLOYED:
        found.append(Obstacle("self_employed"))
    elif contract and contract not in FLEX_CONTRACTS:
        found.append(Obstacle("not_flex"))
    if has_study_finance:
        found.append(Obstacle("study_finance"))
    if for_work is False:
        found.append(Obstacle("not_for_work"))
    return found


def obstacles_of(worker: Worker, *, on: date) -> list[Obstacle]:
    """The same for a worker whose facts are stored."""
    places = worker.region.municipalities
    return obstacles(
        age=age(worker.birth_date, on=on),
        in_region=worker.municipality in places if worker.municipality and places else None,
        contract=worker.contract,
        has_study_finance=worker.has_study_finance,
    )


def age(birth_date: date | None, *, on: date) -> int | None:
    """Whole years on a day; None while the date of birth is not known.

    >>> age(date(2000, 5, 2), on=date(2027, 5, 1))
    26
    """
    if birth_date is None:
        return None
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
