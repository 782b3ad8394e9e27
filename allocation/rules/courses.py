"""Which training and which edition an award is for now, after replacements and moves.

A replacement (a provider dropped out, or cancelled) gives another training; until the person has
chosen one, the award is for none. A move gives another edition of the same training. Moves from
before a replacement count no more, because they are of another training.
"""

from collections import Counter
from typing import Any, Final

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from allocation.models import Award, EditionMove, Replacement
from budgetpool.register.models import Edition, Provider, Training

Status = Award.Status
# Awards that hold a seat of their edition.
SEATED: Final = (Status.GRANTED, Status.ACCEPTED, Status.ADVANCED, Status.COMPLETED)


def of(award: Award) -> tuple[Training | None, Edition | None]:
    """The award's training and edition now; no training while another has to be chosen."""
    replaced = (
        Replacement.objects.filter(award=award)
        .select_related("training__provider", "edition")
        .order_by("-pk")
        .first()
    )
    training, edition = award.choice.training, award.choice.edition
    if replaced is not None:
        training, edition = replaced.training, replaced.edition
    moved = (
        EditionMove.objects.filter(award=award, to_edition__training=training)
        .select_related("to_edition")
        .last()
    )
    return training, edition if moved is None else moved.to_edition


def now(awards: QuerySet[Award]) -> QuerySet[Any]:
    """The awards with the keys `training_now` and `edition_now`, as `of` gives them."""
    replaced = Replacement.objects.filter(award=OuterRef("pk")).order_by("-pk")
    moved = EditionMove.objects.filter(
        award=OuterRef("pk"), to_edition__training=OuterRef("training_now")
    ).order_by("-pk")
    return awards.annotate(
        training_now=_latest(replaced, "training", "choice__training"),
        edition_now=Coalesce(
            Subquery(moved.values("to_edition")[:1]),
            _latest(replaced, "edition", "choice__edition"),
            output_field=BigIntegerField(),
        ),
    )


def at(provider: Provider) -> QuerySet[Any]:
    """The awards whose training is this provider's now."""
    trainings = Training.objects.filter(provider=provider)
    return now(Award.objects.all()).filter(training_now__in=trainings.values("pk"))


def on(edition: Edition) -> QuerySet[Any]:
    """The awards that are for this edition now."""
    return now(Award.objects.all()).filter(edition_now=edition.pk)


def taken(edition: Edition) -> int:
    """How many seats of an edition live awards have."""
    return on(edition).filter(status__in=SEATED).count()


def taken_of(editions: QuerySet[Edition]) -> Counter[int]:
    """The same for many editions at once."""
    seated = now(Award.objects.filter(status__in=SEATED))
    rows = seated.filter(edition_now__in=editions.values("pk"))
    return Counter(rows.values_list("edition_now", flat=True))


def _latest(replaced: QuerySet[Replacement], field: str, chosen: str) -> Case:
    return Case(
        When(Exists(replaced), then=Subquery(replaced.values(field)[:1])),
        default=F(chosen),
        output_field=BigIntegerField(),
    )
