"""The desk of one school: people who said yes, some to confirm, some in training, one gone.

Workers of the demo have no accounts, so that they let the school know who they are here, as they
would in their answer; everything else takes the road of real work.
"""

from collections import Counter
from datetime import timedelta
from typing import Final

from django.utils import timezone

from allocation.decisions import attending, awards, places, starting, telling
from allocation.models import Award, Place, Round
from allocation.payouts import course, invoices
from allocation.rules import courses
from budgetpool.demo import cast
from budgetpool.money import from_cents
from budgetpool.register import prices
from budgetpool.register.models import Edition, Provider
from budgetpool.users.models import User

PEOPLE: Final = 12
TO_CONFIRM: Final = 5
RISE_PERCENT: Final = 5


def tell(round: Round) -> None:
    """Give the busiest school a desk that somebody uses."""
    school = _busiest(round)
    if school is None:
        return
    cast.teach(school)
    teacher = cast.account(cast.PROVIDER)
    known = _say_yes(round, school)
    for award in known:
        place = places.place_of(award)
        place.shared_at = timezone.now()
        place.save()
        telling.tell_school_about(award, kind="school_new_person")
    if known:
        _work(school, teacher)
    _announce(school, teacher)


def _busiest(round: Round) -> Provider | None:
    live = courses.now(Award.objects.filter(round=round, status__in=courses.SEATED))
    trainings = live.values_list("choice__training__provider", flat=True)
    counts = Counter(key for key in trainings if key)
    return Provider.objects.get(pk=counts.most_common(1)[0][0]) if counts else None


def _say_yes(round: Round, school: Provider) -> list[Award]:
    """Those who said yes already, and some more; the logins of the demo answer themselves."""
    at_school = courses.at(school).filter(round=round).select_related("request__worker", "round")
    running = list(at_school.filter(status__in=places.SEEN).order_by("pk")[:PEOPLE])
    granted = at_school.filter(status=Award.Status.GRANTED, request__worker__user__isnull=True)
    adviser = cast.account(cast.ADVISER)
    more = granted.order_by("pk")[: max(0, PEOPLE - len(running))]
    return running + [awards.take(award=one, step="accept", actor=adviser) for one in more]


def _work(school: Provider, teacher: User) -> None:
    """All but a few are confirmed; who should have begun did, and one did not come."""
    today = timezone.localdate()
    running = list(places.people(school).filter(status__in=("accepted", "advanced")).order_by("pk"))
    _another_start(running[0])
    for award in running[TO_CONFIRM:]:
        places.confirm(award=award, actor=teacher)
    confirmed = running[TO_CONFIRM:]
    for award in confirmed[:3]:
        _move_to_today(award)
    for number, award in enumerate(confirmed[:3]):
        if award.started_on is not None:
            continue
        if number == 0:
            places.say_gone(award=award, actor=teacher, gone=Place.Gone.ABSENT, on=today)
            continue
        begun = starting.begin(award=award, actor=teacher, started_on=today)
        attending.write(award=begun, week_of=today, lessons=4, there=4 - number, actor=teacher)
    for award in confirmed[3:4]:
        _bill(award, teacher)


def _another_start(award: Award) -> None:
    """A later start of the same training, so that somebody can be moved."""
    _training, edition = courses.of(award)
    if edition is not None:
        Edition.objects.get_or_create(
            training=edition.training,
            starts_on=edition.starts_on + timedelta(days=56),
            place=edition.place,
            defaults={"seats": PEOPLE},
        )


def _move_to_today(award: Award) -> None:
    """A start of today for this person alone; others of their start still have days to answer."""
    edition, today = award.choice.edition, timezone.localdate()
    if edition is None or edition.starts_on <= today:
        return
    group, made = Edition.objects.get_or_create(
        training=edition.training,
        starts_on=today,
        place=edition.place,
        is_evening=edition.is_evening,
        defaults={
            "ends_on": edition.ends_on and today + (edition.ends_on - edition.starts_on),
            "seats": 1,
        },
    )
    if not made:
        group.seats += 1
        group.save(update_fields=["seats"])
    award.choice.edition = group
    award.choice.save(update_fields=["edition"])


def _bill(award: Award, teacher: User) -> None:
    now = course.of(award)
    if award.invoices.exists():
        return
    price = course.register_price_cents(now.training, course.price_day(award))
    cents = min(now.provider_cents, price)
    invoices.send(
        award=award,
        number=f"SCH-{award.pk}",
        dated_on=timezone.localdate(),
        amount=from_cents(cents),
        vat=from_cents(invoices.expected_vat_cents(now.training.provider, cents)),
        actor=teacher,
    )


def _announce(school: Provider, teacher: User) -> None:
    """One training gets dearer, announced in time."""
    training = school.trainings.order_by("pk").first()
    if training is not None:
        euros = int(training.price.amount) * (100 + RISE_PERCENT) // 100
        prices.announce(
            training=training,
            price=from_cents(100 * euros),
            valid_from=timezone.localdate() + timedelta(days=prices.RISE_NOTICE_DAYS + 5),
            actor=teacher,
        )
