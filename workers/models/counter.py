"""The counter: mandates, help, notes, referrals, buddies and the adviser's own interests."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from employers.models.poster import PosterCode


class Mandate(models.Model):
    """A worker lets an adviser act for them: for what, how long, and until they take it back."""

    class Scope(models.TextChoices):
        READ = "read", _("read along")
        APPLY = "apply", _("ask for training for me")
        FOLLOW = "follow", _("also arrange what comes after the decision")

    class Given(models.TextChoices):
        WEB = "web", _("on the website")
        DESK = "desk", _("at the counter")
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("on paper")

    worker = models.ForeignKey("workers.Worker", models.PROTECT, related_name="mandates")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates")
    scope = models.CharField(_("for what"), max_length=10, choices=Scope)
    given = models.CharField(_("how it was given"), max_length=10, choices=Given)
    from_date = models.DateField(_("from"), default=timezone.localdate)
    until_date = models.DateField(_("until and including"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_date__gte=models.F("from_date")),
                name="mandate_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} > {self.adviser} ({self.scope})"


class HelpRequest(models.Model):
    """Somebody asks to be called or to come by; needs no account."""

    class Kind(models.TextChoices):
        CALL = "call", _("call me")
        VISIT = "visit", _("I want to come by")

    region = models.ForeignKey("fund.Region", models.PROTECT, related_name="help_requests")
    worker = models.ForeignKey(
        "workers.Worker", models.CASCADE, null=True, blank=True, related_name="help_requests"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=200, validators=[refuse_bsn])
    phone = models.CharField(_("phone number"), max_length=20)
    language = models.CharField(_("language"), max_length=10, default="nl")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.name


class PossibleDouble(models.Model):
    """Two entries whose names are nearly the same, of one date of birth; the counter decides."""

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="possible_doubles")
    other = models.ForeignKey("workers.Worker", models.CASCADE, related_name="+")
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    two_people_at = models.DateTimeField(_("found to be two people"), null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("possible double")
        verbose_name_plural = _("possible doubles")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "other"], name="possible_double_once"),
            models.CheckConstraint(
                condition=~models.Q(worker=models.F("other")), name="possible_double_of_another"
            ),
            models.CheckConstraint(
                condition=models.Q(two_people_at__isnull=True) | models.Q(looked_by__isnull=False),
                name="possible_double_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} ~ {self.other_id}"


class CaseNote(models.Model):
    """What an adviser wants to remember; the worker may read it."""

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=2000, validators=[refuse_bsn])
    written_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"


class Referral(models.Model):
    """A warm referral was made. To whom and why is nobody's business and is not stored."""

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="referrals")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_on = models.DateField(_("made on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.made_on:%Y-%m-%d}"


class Companion(models.Model):
    """A buddy or a coach who goes along with a worker while they learn."""

    class Kind(models.TextChoices):
        BUDDY = "buddy", _("buddy")
        COACH = "coach", _("coach")

    region = models.ForeignKey("fund.Region", models.PROTECT, related_name="companions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=200, validators=[refuse_bsn])
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    is_trained = models.BooleanField(_("has followed the buddy training"), default=False)
    is_active = models.BooleanField(_("can be asked"), default=True)
    accompanies = models.ManyToManyField(
        "workers.Worker", blank=True, related_name="companions", verbose_name=_("goes along with")
    )

    class Meta:
        verbose_name = _("buddy or coach")
        verbose_name_plural = _("buddies and coaches")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AdviserInterest(models.Model):
    """An adviser's tie with a provider: they may not ask for its trainings for somebody else."""

    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests")
    provider = models.ForeignKey("register.Provider", models.PROTECT, related_name="interests")
    declared_on = models.DateField(_("declared on"), default=timezone.localdate)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("interest of an adviser")
        verbose_name_plural = _("interests of advisers")
        constraints = [
            models.UniqueConstraint(
                fields=["adviser", "provider"],
                condition=models.Q(ended_on__isnull=True),
                name="adviser_interest_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adviser} - {self.provider}"


class OutreachCode(PosterCode):
    """A short code of the counter: for one event, place or message where people are met."""

    region = models.ForeignKey("fund.Region", models.PROTECT, related_name="outreach_codes")

    class Meta(PosterCode.Meta):
        verbose_name = _("outreach code")
        verbose_name_plural = _("outreach codes")
