"""What passes between the fund and a school about awarded people: places, lessons, moves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """The place of one awarded person at a school: what the school may know and what it said.

    The school knows who comes only while the person lets it. That somebody did not come, or
    stopped, is what the school says; the counter hears the person and decides.
    """

    class Gone(models.TextChoices):
        NO = "", _("nothing")
        ABSENT = "absent", _("did not come")
        STOPPED = "stopped", _("stopped on the way")

    award = models.OneToOneField("allocation.Award", models.PROTECT, related_name="place")
    shared_at = models.DateTimeField(_("the school may know who it is"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("the school may not know it now"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("place confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    gone = models.CharField(
        _("what the school says"), max_length=10, choices=Gone, default=Gone.NO, blank=True
    )
    gone_on = models.DateField(_("on which day"), null=True, blank=True)
    gone_said_at = models.DateTimeField(_("said by the school"), null=True, blank=True)
    gone_said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("place at a school")
        verbose_name_plural = _("places at schools")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(shared_at__isnull=False),
                name="place_stopped_was_shared",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="place_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    gone="",
                    gone_on__isnull=True,
                    gone_said_at__isnull=True,
                    gone_said_by__isnull=True,
                )
                | Q(
                    gone__in=["absent", "stopped"],
                    gone_on__isnull=False,
                    gone_said_at__isnull=False,
                    gone_said_by__isnull=False,
                ),
                name="place_gone_said_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.award)

    @property
    def is_shared(self) -> bool:
        """Whether the school may know now who it is."""
        return self.shared_at is not None and self.stopped_at is None


class EditionMove(models.Model):
    """That an award went to another edition of the same training; the last one counts."""

    class Cause(models.TextChoices):
        CANCELLED = "cancelled", _("the start was cancelled")
        FULL = "full", _("the start was full")
        ASKED = "asked", _("the person asked for it")
        OTHER = "other", _("another reason")

    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="moves")
    from_edition = models.ForeignKey(
        "register.Edition", models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_edition = models.ForeignKey("register.Edition", models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("moved"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("move to another start")
        verbose_name_plural = _("moves to another start")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_edition__isnull=True) | ~Q(from_edition=F("to_edition")),
                name="move_goes_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.to_edition}"


class AttendanceWeek(models.Model):
    """How many lessons there were in one week, and at how many of them the person was."""

    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="weeks")
    week_on = models.DateField(_("Monday of the week"))
    lessons_count = models.PositiveSmallIntegerField(_("lessons"))
    there_count = models.PositiveSmallIntegerField(_("lessons attended"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)

    class Meta:
        verbose_name = _("week of lessons")
        verbose_name_plural = _("weeks of lessons")
        ordering = ["week_on"]
        constraints = [
            models.UniqueConstraint(fields=["award", "week_on"], name="attendance_week_once"),
            models.CheckConstraint(
                condition=Q(lessons_count__gt=0, there_count__lte=F("lessons_count")),
                name="attendance_within_lessons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.week_on:%Y-%m-%d} {self.there_count}/{self.lessons_count}"


class EditionCancellation(models.Model):
    """That a school cancelled an edition, and where its people went.

    The edition keeps no seats, so that nobody can choose it or be awarded it any more.
    """

    class Cause(models.TextChoices):
        TOO_FEW = "too_few", _("too few people")
        NO_TEACHER = "no_teacher", _("no teacher")
        NO_ROOM = "no_room", _("no room or no machines")
        OTHER = "other", _("another reason")

    edition = models.OneToOneField("register.Edition", models.PROTECT, related_name="cancellation")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    moved_to = models.ForeignKey(
        "register.Edition", models.PROTECT, null=True, blank=True, related_name="+"
    )
    choose_by = models.DateField(_("choose another training before"))
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("cancelled edition")
        verbose_name_plural = _("cancelled editions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.edition)
