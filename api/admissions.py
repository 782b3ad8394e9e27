"""A program is let in to the bank statements of one fund: by two people, out by one.

A treasurer asks, a second person confirms (`budgetpool.fund.second_person`), and the others hear
of it: whoever brings in statements says what the bank holds. Nobody lets in a program that they
manage themselves.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from api import administrators
from api.models import Admission, Client
from budgetpool.audit import trail
from budgetpool.fund import second_person, third_person
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotAllowed, NotReady, WrongStep
from budgetpool.users.models import User

STEP = "admission"


@transaction.atomic
def ask(*, fund: Fund, client_id: str, may: str, reason: str, by: User) -> Admission:
    """Ask to let a program in; it opens nothing before a second person confirms it.

    Args:
        client_id: the name of the program, as its organisation tells it.
        may: a value of `Admission.May`.
        reason: why, such as the contract with the accountant.

    Raises:
        NotAllowed: `not_treasurer`; `own_program`, for who manages it.
        NotReady: `no_such_program`: unknown, shut out, or made up where the fund is not;
            `admitted_already`.
        ValidationError: no reason.
    """
    second_person.require_first(STEP, by=by, fund=fund)
    client = (
        Client.objects.select_related("partner")
        .filter(
            application__client_id=client_id.strip(),
            withdrawn_at=None,
            partner__is_active=True,
            partner__is_sandbox=fund.region.is_sandbox,
        )
        .first()
    )
    if client is None:
        raise NotReady("no_such_program")
    _require_no_interest(client, by)
    # Two people at one moment: the second finds what the first asked.
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if Admission.objects.filter(fund=fund, client=client, ended_at=None).exists():
        raise NotReady("admitted_already", partner=client.partner.name)
    asked = Admission(fund=fund, client=client, may=may, reason=reason, asked_by=by)
    asked.full_clean()
    asked.save()
    _record(by, "admission.asked", asked)
    return asked


@transaction.atomic
def confirm(*, admission: Admission, by: User) -> Admission:
    """Let a program in as the second person; the others of the fund are told.

    Raises:
        NotAllowed: `not_second`, `same_person`; `own_program`, for who manages it.
        NotReady: `nobody_to_tell`. WrongStep: `wrong_state`.
    """
    locked = _lock(admission)
    second_person.require_second(STEP, by=by, fund=locked.fund, first=locked.asked_by_id)
    _require_no_interest(locked.client, by)
    if locked.confirmed_at or locked.ended_at:
        raise WrongStep("wrong_state")
    locked.confirmed_by, locked.confirmed_at = by, timezone.now()
    locked.full_clean()
    locked.save(update_fields=["confirmed_by", "confirmed_at"])
    if locked.may not in locked.client.scopes:
        locked.client.scopes = sorted({*locked.client.scopes, locked.may})
        locked.client.save(update_fields=["scopes"])
    _record(by, "admission.confirmed", locked)
    third_person.tell(
        fund=locked.fund,
        what="program",
        key=f"admission:{locked.pk}",
        by=[locked.asked_by_id, by.pk],
        program=locked.client.partner.name,
        path=f"/treasurer/{locked.fund.region.slug}/programs",
    )
    return locked


@transaction.atomic
def withdraw(*, admission: Admission, by: User) -> Admission:
    """Shut a program out of the fund's statements at once, or drop what was asked; one suffices.

    Raises:
        NotAllowed: `not_second`. WrongStep: `wrong_state`.
    """
    locked = _lock(admission)
    second_person.require_second(STEP, by=by, fund=locked.fund, first=None)
    if locked.ended_at:
        raise WrongStep("wrong_state")
    locked.ended_by, locked.ended_at = by, timezone.now()
    locked.save(update_fields=["ended_by", "ended_at"])
    _record(by, "admission.withdrawn", locked)
    return locked


def of_fund(fund: Fund) -> QuerySet[Admission]:
    """All that were asked, the newest first."""
    return (
        Admission.objects.filter(fund=fund)
        .select_related(
            "client__partner", "client__application", "asked_by", "confirmed_by", "ended_by"
        )
        .order_by("-pk")
    )


def to_confirm(fund: Fund) -> QuerySet[Admission]:
    """What waits for a second person."""
    return of_fund(fund).filter(confirmed_at=None, ended_at=None)


def working(*, fund: Fund, client: Client, scope: str) -> Admission | None:
    """The admission by which a program may do something now, held until the transaction ends.

    One for writing lets a program read, too. A withdrawal waits for a call that is under way, and
    ends every later one.
    """
    found: Admission | None = (
        Admission.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            Q(may=scope) | Q(may=Admission.May.WRITE),
            fund=fund,
            client=client,
            confirmed_at__isnull=False,
            ended_at=None,
        )
        .first()
    )
    return found


def used(admission: Admission) -> None:
    """Keep when a program came last."""
    Admission.objects.filter(pk=admission.pk).update(used_at=timezone.now())


def _require_no_interest(client: Client, by: User) -> None:
    if administrators.live().filter(partner=client.partner_id, user=by).exists():
        raise NotAllowed("own_program", partner=client.partner.name)


def _lock(admission: Admission) -> Admission:
    return (
        Admission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("fund__region", "client__partner")
        .get(pk=admission.pk)
    )


def _record(by: User, action: str, admission: Admission) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=admission,
        region_code=admission.fund.region.code,
        client=admission.client_id,
        may=admission.may,
        reason=admission.reason,
    )
