"""Three questions a month about what was learned without a course; together a portfolio."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.users.models import User
from workers import access
from workers.learning.skills import skills
from workers.models import Mandate, Reflection, Worker


def this_month() -> str:
    """The present month as 2027-03."""
    return f"{timezone.localdate():%Y-%m}"


@transaction.atomic
def write(
    *,
    actor: User,
    worker: Worker,
    month: str,
    first_time: str,
    learned_from: str,
    next_time: str,
    tagged: list[str],
) -> Reflection:
    """Keep or change the answers of one month.

    Args:
        tagged: addresses of skills of the offline set.

    Raises:
        NotYours: neither the worker nor an adviser with a mandate.
        ValidationError: nothing was written, an unknown skill, or a text with a BSN.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.APPLY)
    if not any(text.strip() for text in (first_time, learned_from, next_time)):
        raise ValidationError({"first_time": _("Write at least one answer.")})
    if not set(tagged) <= set(skills()):
        raise ValidationError({"skills": _("There is no such skill.")})
    written = Reflection.objects.select_for_update().filter(
        worker=worker, month=month
    ).first() or Reflection(worker=worker, month=month)
    written.first_time = first_time.strip()
    written.learned_from = learned_from.strip()
    written.next_time = next_time.strip()
    written.skills = sorted(tagged)
    written.full_clean()
    written.save()
    trail.record(
        actor=actor,
        action="reflection.written",
        subject=worker,
        region_code=worker.region.code,
        month=month,
    )
    return written


def portfolio(*, actor: User, worker: Worker) -> QuerySet[Reflection]:
    """All months of a worker, for themselves or an adviser with a mandate.

    Raises:
        NotYours: anybody else.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.READ)
    if worker.user_id != actor.pk:
        trail.record(
            actor=actor, action="portfolio.seen", subject=worker, region_code=worker.region.code
        )
    return Reflection.objects.filter(worker=worker)
