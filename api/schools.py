"""A partner that is a school of the register: its people, and only in the partner's regions."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allocation.decisions import places
from allocation.models import Invoice
from allocation.payouts import invoices
from api.callers import Caller
from api.models import Partner
from api.problems import Problem
from budgetpool.register.models import Provider


def of(caller: Caller) -> Provider:
    """The school that a program works for: the one with the partner's KvK number.

    An operator checks that number when the partner is admitted; nobody changes it afterwards.

    Raises:
        Problem: 403 `no_school`.
    """
    found = (
        Provider.objects.filter(kvk=caller.partner.kvk)
        .exclude(status=Provider.Status.ENDED)
        .first()
    )
    if found is None:
        detail = _("No school of the register has the KvK number of %(partner)s.")
        raise Problem(403, "no_school", detail % {"partner": caller.partner})
    return found


def awards(caller: Caller, school: Provider) -> QuerySet[Any]:
    """The awards of the people who let the school know who they are; the newest request first."""
    regions = regions_of(caller.partner)
    found = places.people(school).filter(round__fund__region__in=regions)
    return found.order_by("-request_id")


def sent(caller: Caller, school: Provider) -> QuerySet[Invoice]:
    """The school's own invoices, the newest first."""
    regions = regions_of(caller.partner)
    return invoices.of_provider(school).filter(award__round__fund__region__in=regions)


def regions_of(partner: Partner) -> list[int]:
    """Its regions; a sandbox sees nothing real, and nobody else sees a sandbox."""
    return [one.pk for one in partner.regions.all() if one.is_sandbox == partner.is_sandbox]
