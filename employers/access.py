"""Who may act for an employer, and who may touch a fund's money."""

from budgetpool.fund import seats
from budgetpool.fund.models import Fund, Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from employers.models import Employer, EmployerMember
from employers.models.employer import Role

# Each role includes the ones before it.
ROLES = [Role.VIEWER, Role.PAYER, Role.MANAGER]


def place_of(user: User, employer: Employer) -> EmployerMember | None:
    """The person's place at this employer today."""
    return employer.members.filter(user=user, ended_at__isnull=True).first()


def places_of(user: User) -> list[EmployerMember]:
    """The person's places at all employers today, by name."""
    return list(
        EmployerMember.objects.filter(user=user, ended_at__isnull=True)
        .select_related("employer")
        .order_by("employer__name", "pk")
    )


def allows(member: EmployerMember | None, role: Role) -> bool:
    """Whether this place includes a role."""
    return member is not None and ROLES.index(Role(member.role)) >= ROLES.index(role)


def require(*, actor: User, employer: Employer, role: Role) -> EmployerMember:
    """The actor's place at the employer, which includes `role`.

    Raises:
        NotAllowed: no place there, or a smaller one.
    """
    member = place_of(actor, employer)
    if member is None or not allows(member, role):
        raise NotAllowed("no_role")
    return member


def require_treasurer(*, actor: User, fund: Fund) -> None:
    """Check that the actor is treasurer of the fund's region today.

    Raises:
        NotTreasurer: they are not.
    """
    if not seats.holds(actor, region=fund.region, roles={Seat.Role.TREASURER}):
        raise NotAllowed("not_treasurer", region=fund.region.name)
