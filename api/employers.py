"""A partner that is an employer: what it promised, was asked and paid, in the partner's regions."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from api.callers import Caller
from api.problems import Problem
from api.schools import regions_of
from employers import statements
from employers.models import Contribution, DepositMatch, Employer, Pledge


def of(caller: Caller) -> Employer:
    """The employer that a program works for: the one with the partner's KvK number.

    An operator checks that number when the partner is admitted; nobody changes it afterwards.

    Raises:
        Problem: 403 `no_employer`.
    """
    found = Employer.objects.filter(kvk=caller.partner.kvk).first()
    if found is None:
        detail = _("No employer that pays in has the KvK number of %(partner)s.")
        raise Problem(403, "no_employer", detail % {"partner": caller.partner})
    return found


def asked(caller: Caller, employer: Employer) -> QuerySet[Contribution]:
    """What the funds asked of the employer, with `paid_cents`; the newest first."""
    found = statements.contributions(employer)
    return found.filter(fund__region__in=regions_of(caller.partner)).order_by("-pk")


def paid(employer: Employer, contribution: Contribution) -> list[DepositMatch]:
    """What came in for one of them, the oldest first."""
    return list(statements.matches(employer).filter(contribution=contribution))


def promised(caller: Caller, employer: Employer) -> QuerySet[Pledge]:
    """The newest version of each pledge of the employer; the newest pledge first."""
    versions = Pledge.objects.filter(employer=OuterRef("employer"), number=OuterRef("number"))
    newer = versions.filter(version__gt=OuterRef("version"))
    return (
        employer.pledges.filter(fund__region__in=regions_of(caller.partner))
        .filter(~Exists(newer))
        .select_related("fund__region", "earmark")
        .order_by("-number")
    )
