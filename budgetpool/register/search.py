"""Find trainings that can be asked for. The order favours no provider."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from budgetpool.register.models import Edition, Provider, Training


@dataclass(frozen=True)
class Wish:
    """What somebody is looking for; an empty value means "does not matter".

    Attributes:
        text: words of the title, the description or the provider's name; all must occur.
        hours_max: at most so many hours of teaching.
        months_max: starts within so many months.
    """

    text: str = ""
    sector: str = ""
    place: str = ""
    level: str = ""
    language: str = ""
    hours_max: int | None = None
    months_max: int | None = None
    evening: bool = False
    online: bool = False
    wheelchair: bool = False
    plain_language: bool = False
    extra_guidance: bool = False


def trainings(wish: Wish, *, today: date | None = None) -> QuerySet[Training]:
    """Open trainings of admitted providers that fit the wish, by title, then by next start.

    Each has `next_start`, the first edition from today on that fits; a training without any
    edition is found too, unless the wish asks something of its editions.
    """
    day = today or timezone.localdate()
    found = Training.objects.filter(
        is_open=True, provider__status=Provider.Status.ADMITTED
    ).select_related("provider")
    for word in wish.text.split()[:6]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(description__icontains=word)
            | Q(provider__name__icontains=word)
        )
    if wish.sector:
        found = found.filter(sector=wish.sector)
    if wish.level:
        found = found.filter(level=wish.level)
    if wish.language:
        found = found.filter(language=wish.language)
    if wish.hours_max is not None:
        found = found.filter(hours__lte=wish.hours_max)
    for flag in ("wheelchair", "plain_language", "extra_guidance"):
        if getattr(wish, flag):
            found = found.filter(**{flag: True})
    fitting = _fitting(wish, day)
    if fitting:
        inside = Edition.objects.filter(fitting, training=OuterRef("pk"), starts_on__gte=day)
        found = found.filter(Exists(inside))
    upcoming = Q(editions__starts_on__gte=day)
    return found.annotate(next_start=Min("editions__starts_on", filter=upcoming)).order_by(
        "title", "next_start", "pk"
    )


def editions(training: Training, *, today: date | None = None) -> QuerySet[Edition]:
    """The editions of a training that have not begun, the first one first."""
    return training.editions.filter(starts_on__gte=today or timezone.localdate(), seats__gt=0)


def _fitting(wish: Wish, day: date) -> Q:
    """What the wish asks of an edition; empty when it asks nothing."""
    fits = Q()
    if wish.place:
        fits &= Q(place__icontains=wish.place)
    if wish.evening:
        fits &= Q(is_evening=True)
    if wish.online:
        fits &= Q(is_online=True)
    if wish.months_max is not None:
        fits &= Q(starts_on__lte=day + timedelta(days=31 * wish.months_max))
    return fits
