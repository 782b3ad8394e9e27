"""A pledge in one line, for its employer and for the treasurer."""

from django.utils.translation import gettext as _

from budgetpool.portals.components import numbers
from employers.models import Pledge
from employers.models.pledge import Kind


def figures(pledge: Pledge) -> str:
    """The figures of a pledge in one line, whatever its kind."""
    match pledge.kind:
        case Kind.PAYROLL:
            return _("%(percent)s of %(payroll)s flex payroll") % {
                "percent": numbers.percent((pledge.basis_points or 0) / 10_000, 2),
                "payroll": numbers.euros(pledge.payroll_cents),
            }
        case Kind.PER_WORKER:
            return _("%(amount)s for each of %(count)s flex workers") % {
                "amount": numbers.euros(pledge.amount_cents),
                "count": numbers.count(pledge.workers_count),
            }
        case _kind:
            return _("%(amount)s a year") % {"amount": numbers.euros(pledge.amount_cents)}
