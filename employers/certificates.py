"""Certificates of contribution, which a public page confirms to whoever holds the code."""

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.refusals import WrongStep
from budgetpool.users.models import User
from employers import access, statements
from employers.models import Certificate, Employer
from employers.models.employer import Role
from employers.posters import ALPHABET, draw

GROUPS, GROUP_LENGTH = 3, 4


@transaction.atomic
def issue(
    *, employer: Employer, fund: Fund, year: int, people_count: int | None, by: User
) -> Certificate:
    """Make a certificate over one year. Its figures are frozen: a later year needs a new one.

    Args:
        people_count: people trained by the fund in that year, as the caller's layer knows it;
            None where it is too small to be told.

    Raises:
        NotAllowed: nobody of this employer.
        WrongState: the employer paid nothing into the fund in that year.
    """
    access.require(actor=by, employer=employer, role=Role.VIEWER)
    paid = statements.paid_cents(employer, fund=fund, year=year)
    if not paid:
        raise WrongStep("wrong_state")
    certificate = Certificate(
        employer=employer,
        fund=fund,
        code=_code(),
        year=year,
        employer_name=employer.name,
        kvk=employer.kvk,
        paid_cents=paid,
        fund_paid_cents=statements.fund_paid_cents(fund, year=year),
        people_count=people_count,
        made_by=by,
    )
    certificate.full_clean()
    certificate.save()
    trail.record(
        actor=by, action="certificate.issued", subject=certificate, region_code=fund.region.code
    )
    return certificate


@transaction.atomic
def withdraw(*, certificate: Certificate, by: User) -> Certificate:
    """Let a certificate no longer be confirmed.

    Raises:
        NotAllowed: no manager of its employer.
    """
    access.require(actor=by, employer=certificate.employer, role=Role.MANAGER)
    certificate.withdrawn_at = certificate.withdrawn_at or timezone.now()
    certificate.save()
    trail.record(
        actor=by,
        action="certificate.withdrawn",
        subject=certificate,
        region_code=certificate.fund.region.code,
    )
    return certificate


def confirm(code: str) -> Certificate | None:
    """The certificate with this code, however it was typed; None where there is none."""
    bare = "".join(character for character in code.upper() if character in ALPHABET)
    parts = [bare[at : at + GROUP_LENGTH] for at in range(0, len(bare), GROUP_LENGTH)]
    return Certificate.objects.filter(code="-".join(parts)).select_related("fund__region").first()


def of_employer(employer: Employer) -> QuerySet[Certificate]:
    """The employer's certificates, newest first."""
    return employer.certificates.select_related("fund__region")


def _code() -> str:
    """Sixty bits: nobody finds a certificate by trying."""
    return "-".join(draw(GROUP_LENGTH) for _ in range(GROUPS))
