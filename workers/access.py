"""Who may act for a worker: the worker, an adviser with a mandate, the partner that filed, and a
helper of their own choosing, for reading and filling in alone."""

from django.utils import timezone

from budgetpool.fund import seats
from budgetpool.fund.models import Seat
from budgetpool.refusals import NotAllowed
from budgetpool.users.models import User
from workers.models import Helper, Mandate, Worker

# What each scope of a mandate allows; each includes the ones before it.
SCOPES = [Mandate.Scope.READ, Mandate.Scope.APPLY, Mandate.Scope.FOLLOW]


def require(
    *,
    actor: User,
    worker: Worker,
    act: Mandate.Scope,
    organisation: str = "",
    helper: Helper.Scope | None = None,
) -> Mandate | None:
    """Check that `actor` may do `act` for `worker`; gives the mandate it rests on, if any.

    Args:
        helper: what a helper of the worker's own must be let do for this; where nothing is said
            it is not for them.
        organisation: the partner that the door already tied to the actor, else empty. A partner
            acts only for workers whom it introduced itself.

    Raises:
        NotYours: none of the grounds holds.
    """
    if worker.erased_at is None:
        if worker.user_id is not None and worker.user_id == actor.pk:
            return None
        if organisation and worker.introduced_by == organisation:
            return None
        mandate = live_mandate(adviser=actor, worker=worker, act=act)
        if mandate is not None:
            return mandate
        if helper is not None and is_helper(actor, worker, to=helper):
            return None
    raise NotAllowed("not_yours", act=act.value)


def live_mandate(*, adviser: User, worker: Worker, act: Mandate.Scope) -> Mandate | None:
    """The adviser's mandate of today that covers `act`, while they hold a seat in the region."""
    if not is_adviser_for(adviser, worker):
        return None
    wide_enough = SCOPES[SCOPES.index(act) :]
    today = timezone.localdate()
    return (
        worker.mandates.filter(
            adviser=adviser,
            scope__in=wide_enough,
            revoked_at__isnull=True,
            from_date__lte=today,
            until_date__gte=today,
        )
        .order_by("-until_date", "-pk")
        .first()
    )


def is_helper(user: User, worker: Worker, *, to: Helper.Scope) -> bool:
    """Whether the worker lets this person read along, or fill in too, today."""
    wide_enough = {Helper.Scope.FILL, to}
    rows = worker.helpers.filter(user=user, scope__in=wide_enough)
    return any(one.is_live() for one in rows)


def is_adviser_for(user: User, worker: Worker) -> bool:
    """Whether the user sits at the counter of the worker's region today."""
    return seats.holds(user, region=worker.region, roles={Seat.Role.ADVISER})


def adviser_seats(user: User) -> list[Seat]:
    """The user's seats at counters today."""
    return [seat for seat in seats.held_by(user) if seat.role == Seat.Role.ADVISER]
