"""A fund's desk enters a new employer and invites its first manager."""

from typing import Any

from django.db import transaction

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.fund.iban import clean_iban
from budgetpool.fund.models import Fund, Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from employers import people
from employers.models import Employer, EmployerIban
from employers.models.employer import Role

DESK = {Seat.Role.TREASURER, Seat.Role.BOARD, Seat.Role.ADMINISTRATOR}


@transaction.atomic
def register(*, fund: Fund, manager_email: str, by: User, iban: str = "", **facts: Any) -> Employer:
    """Enter an employer and send its first manager an invitation.

    Args:
        fund: the fund whose desk does it.
        manager_email: where the invitation goes.
        iban: an account that the employer pays from, where it is known.
        facts: fields of `Employer`; `name` and `kvk` at least.

    Raises:
        NotAllowed: no treasurer, board member or administrator of the fund's region.
        ValidationError: a KvK number that is known or has not 8 digits, a wrong IBAN or address.
    """
    if not seats.holds(by, region=fund.region, roles={role.value for role in DESK}):
        raise NotAllowed("no_role")
    employer = Employer(**facts)
    employer.save()
    if iban.strip():
        EmployerIban(employer=employer, iban=clean_iban(iban)).save()
    trail.record(
        actor=by, action="employer.registered", subject=employer, region_code=fund.region.code
    )
    people.invite(employer=employer, email=manager_email, role=Role.MANAGER)
    return employer
