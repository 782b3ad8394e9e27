"""What an employer does beside paying: invite, look in the mirror, tell what is coming."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.register.codes import Sector
from employers.models.employer import Employer
from employers.models.poster import PosterCode


class InviteCode(PosterCode):
    """A short code on a poster or in a text message that leads a flex worker to the fund."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="invite_codes")
    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="invite_codes")

    class Meta(PosterCode.Meta):
        verbose_name = _("invite code")
        verbose_name_plural = _("invite codes")


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("A little")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("I don't know")


class MirrorAnswers(models.Model):
    """An employer's own answers to the five statements about learning (weten … mogen)."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="mirrors")
    weten = models.CharField(max_length=8, choices=Answer, blank=True)
    willen = models.CharField(max_length=8, choices=Answer, blank=True)
    durven = models.CharField(max_length=8, choices=Answer, blank=True)
    kunnen = models.CharField(max_length=8, choices=Answer, blank=True)
    mogen = models.CharField(max_length=8, choices=Answer, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("mirror")
        verbose_name_plural = _("mirrors")
        ordering = ["-answered_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.employer} {self.answered_at:%Y-%m-%d}"


class SkillDemand(models.Model):
    """What an employer expects to need: shown to its flex workers and counted per region."""

    class Direction(models.TextChoices):
        MORE = "more", _("we need more people for this")
        CHANGING = "changing", _("this work is changing")
        LESS = "less", _("there will be less of this work")

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="skill_demands")
    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="skill_demands")
    occupation = models.CharField(_("work"), max_length=120, validators=[refuse_bsn])
    skill = models.CharField(_("skill or diploma"), max_length=160, validators=[refuse_bsn])
    sector = models.CharField(_("sector"), max_length=1, choices=Sector, blank=True)
    direction = models.CharField(_("what changes"), max_length=10, choices=Direction)
    people_count = models.PositiveIntegerField(
        _("people"), validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    from_year = models.PositiveSmallIntegerField(
        _("from year"), validators=[MinValueValidator(2020), MaxValueValidator(2100)]
    )
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(_("told"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("expected skill demand")
        verbose_name_plural = _("expected skill demands")
        ordering = ["-told_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.occupation}: {self.skill}"


class Certificate(models.Model):
    """A certificate of contribution; a public page confirms its code and these figures."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="certificates")
    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="certificates")
    code = models.CharField(_("code"), max_length=20, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    employer_name = models.CharField(_("name"), max_length=200)
    kvk = models.CharField(_("KvK number"), max_length=8)
    paid_cents = models.PositiveBigIntegerField(_("paid in, in cents"))
    fund_paid_cents = models.PositiveBigIntegerField(_("paid in by all, in cents"))
    people_count = models.PositiveIntegerField(
        _("people trained by the fund"), null=True, blank=True
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate of contribution")
        verbose_name_plural = _("certificates of contribution")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.code
