"""At how many lessons of each week somebody was, as the school writes it."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from allocation import lives
from allocation.decisions import places
from allocation.models import AttendanceWeek, Award
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.register.models import Provider
from budgetpool.users.models import User


def write(
    *,
    award: Award,
    week_of: date,
    lessons: int,
    there: int,
    actor: User,
    school: Provider | None = None,
) -> AttendanceWeek:
    """Write the lessons of one week, or write them anew.

    Args:
        week_of: any day of the week.
        school: as `places.require`.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep: the training is not running.
        NotReady: `not_begun`; `day_to_come`; `more_than_lessons`.
        ValidationError: no lessons at all.
    """
    monday = week_of - timedelta(days=week_of.weekday())
    with transaction.atomic():
        fresh = (
            Award.objects.select_for_update(of=("self",))
            .select_related("round__fund__region", "choice__training__provider")
            .get(pk=award.pk)
        )
        places.require(fresh, actor, school=school)
        lives.AWARD.check("attend", fresh.status)
        if fresh.started_on is None or monday + timedelta(days=6) < fresh.started_on:
            raise NotReady("not_begun", award=fresh.pk)
        if monday > timezone.localdate():
            raise NotReady("day_to_come", award=fresh.pk)
        if there > lessons:
            raise NotReady("more_than_lessons", lessons=lessons)
        week = AttendanceWeek.objects.filter(award=fresh, week_on=monday).first()
        week = week or AttendanceWeek(award=fresh, week_on=monday)
        week.lessons_count, week.there_count = lessons, there
        week.entered_by, week.entered_at = actor, timezone.now()
        week.full_clean()
        week.save()
        trail.record(
            actor=actor,
            action="award.attendance_written",
            subject=fresh,
            region_code=fresh.round.fund.region.code,
            week_on=monday.isoformat(),
            lessons=lessons,
            there=there,
        )
    return week


def percent(award: Award) -> int | None:
    """At how many of a hundred lessons somebody was, rounded down; None before the first week.

    7 of 9 lessons is 77%, which is less than 80%.
    """
    sums = AttendanceWeek.objects.filter(award=award).aggregate(
        lessons=Sum("lessons_count"), there=Sum("there_count")
    )
    return 100 * sums["there"] // sums["lessons"] if sums["lessons"] else None
