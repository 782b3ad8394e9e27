"""The intake: own consent, a short life, seen by worker and adviser, counted only in groups."""

from collections import Counter
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.users.models import User
from workers import access
from workers.learning.statements import ANSWERS, ASK_FOR_STEP, BY_CODE, STATEMENTS, Statement
from workers.models import Intake, Mandate, Worker

KEEP_DAYS: Final = 92  # three months
SMALLEST_GROUP: Final = 10


@transaction.atomic
def answer(*, actor: User, worker: Worker, consent: bool, answers: dict[str, str]) -> Intake:
    """Keep the answers, each of which may be left out, for three months from now.

    Raises:
        NotYours: neither the worker nor an adviser with a mandate.
        ValidationError: no consent, or an answer or a statement that does not exist.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.APPLY)
    if not consent:
        raise ValidationError(
            {"consent": _("Tick this box. Without it we may not keep your answers.")}
        )
    given = {code: said for code, said in answers.items() if said}
    if not set(given) <= set(BY_CODE) or not set(given.values()) <= set(ANSWERS):
        raise ValidationError(_("There is no such statement or answer."))
    now = timezone.now()
    kept, _made = Intake.objects.update_or_create(
        worker=worker,
        defaults={
            "consent_at": now,
            "answers": given,
            "answered_at": now,
            "keep_until": timezone.localdate(now) + timedelta(days=KEEP_DAYS),
        },
    )
    trail.record(
        actor=actor, action="intake.answered", subject=worker, region_code=worker.region.code
    )
    return kept


def of(*, actor: User, worker: Worker) -> Intake | None:
    """The answers, for the worker or an adviser with a mandate, whose look is written down.

    Raises:
        NotYours: anybody else, the board included.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.READ)
    if worker.user_id != actor.pk:
        trail.record(
            actor=actor, action="intake.seen", subject=worker, region_code=worker.region.code
        )
    return Intake.objects.filter(worker=worker, keep_until__gte=timezone.localdate()).first()


@transaction.atomic
def forget(*, actor: User, worker: Worker) -> None:
    """Take the consent back: the answers are gone at once.

    Raises:
        NotYours: only the worker, or an adviser with a mandate.
    """
    access.require(actor=actor, worker=worker, act=Mandate.Scope.APPLY)
    Intake.objects.filter(worker=worker).delete()
    trail.record(
        actor=actor, action="intake.forgotten", subject=worker, region_code=worker.region.code
    )


def steps(answers: dict[str, str]) -> list[Statement]:
    """The statements whose answer asks for a step, in their order."""
    return [one for one in STATEMENTS if answers.get(one.code) in ASK_FOR_STEP]


def counted(region: Region) -> dict[str, int] | None:
    """Per statement how many people could not say yes; None below ten people.

    This is all that a board ever sees, and a number below ten is left out of it.
    """
    kept = Intake.objects.filter(worker__region=region).values_list("answers", flat=True)
    if len(kept) < SMALLEST_GROUP:
        return None
    asking = Counter(one.code for answers in kept for one in steps(answers))
    return {code: count for code, count in asking.items() if count >= SMALLEST_GROUP}
