"""What waits for one person of an employer: contributions, for who handles the payments."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from budgetpool.portals.components import numbers
from budgetpool.portals.components.waits import Item
from budgetpool.users.models import User
from employers import statements
from employers.access import allows, place_of
from employers.models import Employer
from employers.models.employer import Role


def of(employer: Employer, member: User) -> Iterator[Item]:
    """Each contribution that is not paid wholly, with its last day."""
    barred = ""
    if not allows(place_of(member, employer), Role.PAYER):
        barred = _("You may look; a colleague who handles the payments does it.")
    for row in statements.open_contributions(employer):
        left = numbers.euros(row.amount_cents - row.paid_cents)
        words = _("Pay %(amount)s to the fund of %(region)s")
        yield Item(
            "contribution",
            words % {"amount": left, "region": row.fund.region.name},
            reverse("employer:payment", args=[employer.pk, row.pk]),
            row.asked_on,
            row.due_on,
            barred,
        )
