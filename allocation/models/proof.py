"""What proves that a training was completed, and who looked at it."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn

ATTENDANCE_PERCENT_LEAST = 80


class Proof(models.Model):
    """One proof (bewijs) for one award; somebody else than who sent it looks at it.

    The four kinds are those of the STAP regulation (article 14) and the practice declaration of
    the third learning route, which names work processes of a qualification (CREBO).
    """

    class Kind(models.TextChoices):
        DIPLOMA = "diploma", _("diploma")
        CERTIFICATE = "certificate", _("certificate")
        PRACTICE = "practice", _("practice declaration")
        ATTENDANCE = "attendance", _("was there for 80% of the lessons")

    class Status(models.TextChoices):
        SENT = "sent", _("sent")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not enough")

    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="proofs")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    work_processes = models.TextField(
        _("work processes"), max_length=2000, blank=True, validators=[refuse_bsn]
    )
    crebo = models.CharField(
        _("CREBO code"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{5}$", _("A CREBO code has 5 digits."))],
    )
    attendance_percent = models.PositiveSmallIntegerField(
        _("attendance in percent"), null=True, blank=True
    )
    organisation = models.CharField(_("sent by partner"), max_length=200, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SENT)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    answer = models.TextField(
        _("what is missing"), max_length=1000, blank=True, validators=[refuse_bsn]
    )

    class Meta:
        verbose_name = _("proof of completion")
        verbose_name_plural = _("proofs of completion")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=Q(status="sent"), name="proof_one_waits_per_award"
            ),
            models.UniqueConstraint(
                fields=["award"], condition=Q(status="accepted"), name="proof_accepted_once"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", checked_by__isnull=True, checked_at__isnull=True)
                | ~Q(status="sent") & Q(checked_by__isnull=False, checked_at__isnull=False),
                name="proof_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("sent_by")),
                name="proof_checker_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(answer=""), name="proof_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="attendance", attendance_percent__range=(80, 100))
                | ~Q(kind="attendance") & Q(attendance_percent__isnull=True),
                name="proof_attendance_80_to_100",
            ),
            models.CheckConstraint(
                condition=~Q(kind="practice") | ~Q(work_processes="") & ~Q(crebo=""),
                name="proof_practice_names_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.kind} {self.status}"


class PaperSignature(models.Model):
    """One of the three who signed a practice declaration, as it stands on the paper."""

    class Role(models.TextChoices):
        LEARNER = "learner", _("the person who learned")
        TRAINER = "trainer", _("the trainer in the company")
        ASSESSOR = "assessor", _("the assessor of the school")

    proof = models.ForeignKey(Proof, models.CASCADE, related_name="signatures")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    name = models.CharField(_("name"), max_length=200, validators=[refuse_bsn])
    signed_on = models.DateField(_("signed on"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proof", "role"], name="paper_signature_once_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"
