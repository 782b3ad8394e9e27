"""Find trainings that can be asked for. The order favours no provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from budgetpool.register import words
from budgetpool.register.models import Edition, Provider, Training


@dataclass(frozen=True)
class Wish:
    """What somebody is looking for; an empty value means "does not matter".

    Attributes:
        text: words of the title, the description or the provider's name, in any form, perhaps
            with a typing error, or everyday words for them; all must occur, else any.
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


def trainings(wish: Wish, *, first: date | None = None) -> QuerySet[Training]:
    """Open trainings of admitted providers that fit the wish, by title, then by next start.

    Args:
        first: the first day on which a training may begin; today unless given.

    Each has `next_start`, the first edition from that day on; a training without any edition is
    found too, unless the wish asks something of its editions.
    """
    day = first or timezone.localdate()
    found = Training.objects.filter(
        is_open=True, provider__status=Provider.Status.ADMITTED
    ).select_related("provider")
    if wish.text:
        found = found.filter(pk__in=_meant(found, wish.text))
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


@dataclass(frozen=True)
class Course:
    """One kind of training: the same title at one school or more, with the starts of each."""

    title: str
    trainings: list[Training]


def titles(found: QuerySet[Training]) -> list[str]:
    """The titles of what was found, each once, in order."""
    return list(dict.fromkeys(found.order_by("title").values_list("title", flat=True)))


def courses(found: QuerySet[Training], page: Sequence[str], *, first: date) -> list[Course]:
    """The trainings of some titles, grouped; each has `upcoming`, its editions from `first` on."""
    coming = Prefetch(
        "editions", Edition.objects.filter(starts_on__gte=first, seats__gt=0), to_attr="upcoming"
    )
    grouped: dict[str, list[Training]] = {title: [] for title in page}
    for training in found.filter(title__in=page).prefetch_related(coming):
        grouped[training.title].append(training)
    return [Course(title, those) for title, those in grouped.items()]


def editions(training: Training, *, first: date | None = None) -> QuerySet[Edition]:
    """The editions of a training from a day on (today unless given), the first one first."""
    return training.editions.filter(starts_on__gte=first or timezone.localdate(), seats__gt=0)


def _meant(trainings: QuerySet[Training], text: str) -> set[int]:
    """The keys of the trainings that a text may mean."""
    rows = {
        key: frozenset(words.words_of(" ".join(texts)))
        for key, *texts in trainings.values_list("pk", "title", "description", "provider__name")
    }
    vocabulary = frozenset().union(*rows.values())
    wanted = [words.meant(word, vocabulary) for word in words.words_of(text)[:6]]
    if not wanted:
        return set()
    every = {key for key, there in rows.items() if all(there & meant for meant in wanted)}
    return every or {key for key, there in rows.items() if any(there & meant for meant in wanted)}


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
