"""What the fund warns of when somebody enters a bank account, and what it refuses outright.

A warning stops nobody, for each of these happens to honest people too. Both persons see it, and
both answer it in words, which stay with the account.
"""

from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation.models import Payee
from budgetpool.bank import name_check
from budgetpool.fund import seats, third_person
from budgetpool.fund.models import FundIban
from budgetpool.refusals import NotReady
from budgetpool.register import seats as provider_seats
from budgetpool.users.models import User
from employers.models import EmployerIban
from workers import likeness

WORDS: Final[dict[str, Promise]] = {
    "other_name": _("The account is in another name than the payee’s."),
    "shared_iban": _("Another payee has, or had, this account too."),
    "employer_iban": _("An employer pays its contributions from this account."),
    "has_seat": _("The payee, or somebody of it, has a seat in this fund."),
    "name_no_match": _("The bank knows this account by another name."),
    "name_close": _("The bank knows this account by a name that only looks like it."),
}
# Words of a name that say nothing about whose it is.
LEGAL_FORMS: Final = frozenset(
    ["bv", "nv", "vof", "cv", "ua", "stichting", "vereniging", "cooperatie", "coop"]
)
OF_CHECK: Final = {name_check.NO_MATCH: "name_no_match", name_check.CLOSE: "name_close"}


def refuse_own(iban: str) -> None:
    """Refuse an account of a fund: a payment to it would go nowhere, and hide where it went.

    Raises:
        NotReady: `own_iban`.
    """
    if FundIban.objects.filter(iban=iban).exists():
        raise NotReady("own_iban", last=third_person.last_signs(iban))


def find(payee: Payee) -> list[str]:
    """The codes of what there is to warn of, for an account that may not be saved yet."""
    return list(_found(payee))


def people_of(payee: Payee) -> list[User]:
    """The accounts of who is paid: the worker, or everybody who sits at the school."""
    if payee.worker is not None:
        return [payee.worker.user] if payee.worker.user else []
    assert payee.provider is not None
    return provider_seats.people_of(payee.provider)


def _found(payee: Payee) -> Iterator[str]:
    if not _is_theirs(payee):
        yield "other_name"
    if _is_shared(payee):
        yield "shared_iban"
    if EmployerIban.objects.filter(iban=payee.iban).exists():
        yield "employer_iban"
    region = payee.fund.region
    if any(
        seats.holds(person, region=region, roles=set(third_person.ROLES))
        for person in people_of(payee)
    ):
        yield "has_seat"
    if payee.name_check in OF_CHECK:
        yield OF_CHECK[payee.name_check]


def _is_theirs(payee: Payee) -> bool:
    """Whether the holder's name is the payee's: initials and legal forms make no difference."""
    if payee.worker is not None:
        one, other = payee.worker.name, payee.holder_name
        return likeness.normal(one) == likeness.normal(other) or likeness.are_close(one, other)
    assert payee.provider is not None
    school, holder = _core(payee.provider.name), _core(payee.holder_name)
    return bool(school and holder) and (school <= holder or holder <= school)


def _core(name: str) -> frozenset[str]:
    return frozenset(likeness.normal(name).split()) - LEGAL_FORMS


def _is_shared(payee: Payee) -> bool:
    """Whether another school or worker has this account, in whatever fund."""
    rows = Payee.objects.filter(iban=payee.iban)
    if payee.provider_id is not None:
        return rows.exclude(provider=payee.provider_id).exists()
    return rows.exclude(worker=payee.worker_id).exists()
