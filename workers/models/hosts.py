"""Other places to learn: who takes somebody in at work, and a first safe step there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.register.codes import Sector


class Host(models.Model):
    """A place where people learn by doing, with somebody to call; the counter keeps the list."""

    region = models.ForeignKey("fund.Region", models.PROTECT, related_name="hosts")
    name = models.CharField(_("name"), max_length=200)
    municipality = models.CharField(_("place"), max_length=100)
    sector = models.CharField(_("sector"), max_length=1, choices=Sector)
    about = models.TextField(_("what you can learn there"), max_length=500, validators=[refuse_bsn])
    contact_name = models.CharField(_("contact"), max_length=200, validators=[refuse_bsn])
    contact_phone = models.CharField(_("phone number"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    has_trial_day = models.BooleanField(_("a day to look along"), default=False)
    has_weeks = models.BooleanField(_("some weeks of learning at work"), default=False)
    has_gap_year = models.BooleanField(_("a gap year as a trainee"), default=False)
    is_active = models.BooleanField(_("can be asked"), default=True)

    class Meta:
        verbose_name = _("place to learn at work")
        verbose_name_plural = _("places to learn at work")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(contact_phone="") | ~Q(contact_email=""),
                name="host_contact_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(has_trial_day=True) | Q(has_weeks=True) | Q(has_gap_year=True),
                name="host_offers_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FirstStep(models.Model):
    """A worker tries a place before a training: one day, or some weeks. It counts for nothing."""

    class Kind(models.TextChoices):
        DAY = "day", _("one day to look along")
        WEEKS = "weeks", _("some weeks of learning at work")

    class Status(models.TextChoices):
        ASKED = "asked", _("asked")
        AGREED = "agreed", _("a day is agreed")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    class Feeling(models.TextChoices):
        GOOD = "good", _("good: I want more of this")
        MIXED = "mixed", _("so-so")
        NOT_MINE = "not_mine", _("this is not for me")

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="first_steps")
    host = models.ForeignKey(Host, models.PROTECT, related_name="first_steps")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    begins_on = models.DateField(_("first day"), null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    feeling = models.CharField(_("how it was"), max_length=10, choices=Feeling, blank=True)

    class Meta:
        verbose_name = _("first step")
        verbose_name_plural = _("first steps")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "host"],
                condition=Q(status__in=["asked", "agreed"]),
                name="first_step_one_open_per_host",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "stopped"])
                | Q(begins_on__isnull=False, agreed_by__isnull=False),
                name="first_step_agreed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(feeling="") | Q(status="done"), name="first_step_felt_when_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} ({self.kind})"
