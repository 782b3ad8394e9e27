"""A draft of a rule before the public: the question, what people say of it, what was done."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class Consultation(models.Model):
    """One version of a rule that everybody may comment on until a moment that was said before.

    `effects` holds what each lever does, measured once. `outcome` is the version that the board
    goes on with, and `conclusion` its words; both are filled in once, after the term.
    """

    policy = models.OneToOneField("allocation.Policy", models.PROTECT, related_name="consultation")
    question = models.TextField(
        _("what the board asks"), max_length=2_000, validators=[MaxLengthValidator(2_000)]
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(_("ends"))
    effects = models.JSONField(_("what each lever does"), null=True, blank=True)
    outcome = models.ForeignKey(
        "allocation.Policy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follows_from",
        verbose_name=_("rule that it led to"),
    )
    conclusion = models.TextField(
        _("what the board does with it"),
        max_length=4_000,
        validators=[MaxLengthValidator(4_000)],
        null=True,
        blank=True,
    )
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="consultation_has_a_term"
            ),
            models.CheckConstraint(condition=~Q(question=""), name="consultation_asks"),
            models.CheckConstraint(
                condition=Q(
                    concluded_at__isnull=True,
                    concluded_by__isnull=True,
                    outcome__isnull=True,
                    conclusion__isnull=True,
                )
                | (
                    Q(concluded_by__isnull=False, outcome__isnull=False, conclusion__isnull=False)
                    & Q(concluded_at__gte=F("closes_at"))
                    & ~Q(conclusion="")
                ),
                name="consultation_concluded_after_its_term",
            ),
        ]

    def __str__(self) -> str:
        return str(self.policy)

    @property
    def is_open(self) -> bool:
        """Whether people can comment now; the clock alone ends it."""
        return timezone.now() < self.closes_at


class Comment(models.Model):
    """What somebody said of a draft rule; nobody reads it in public before the board did.

    A name stands here only where its owner agreed to show it. `key_sha256` is the fingerprint of
    the address at which that person finds the comment again, and takes the name back.
    """

    class Shown(models.TextChoices):
        WAITING = "waiting", _("not read yet")
        SHOWN = "shown", _("shown")
        WITHHELD = "withheld", _("not shown")

    class Why(models.TextChoices):
        PERSONAL = "personal", _("it names or describes a person")
        INSULT = "insult", _("it insults or threatens")
        ELSEWHERE = "elsewhere", _("it is not about this rule")
        REPEATED = "repeated", _("the same was sent before")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    lever = models.CharField(_("about"), max_length=40, blank=True)
    text = models.TextField(
        _("what you want to say"),
        max_length=2_000,
        validators=[refuse_bsn, MaxLengthValidator(2_000)],
    )
    shown_name = models.CharField(_("name"), max_length=80, blank=True, validators=[refuse_bsn])
    key_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=Shown, default=Shown.WAITING)
    why = models.CharField(_("why it is not shown"), max_length=12, choices=Why, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(
        _("answer of the board"),
        max_length=4_000,
        validators=[MaxLengthValidator(4_000)],
        null=True,
        blank=True,
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(state="waiting", read_at__isnull=True, read_by__isnull=True, why="")
                | Q(state="shown", read_at__isnull=False, read_by__isnull=False, why="")
                | (Q(state="withheld", read_at__isnull=False, read_by__isnull=False) & ~Q(why="")),
                name="comment_read_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_at__isnull=True, answered_by__isnull=True)
                | (
                    Q(answer__isnull=False, answered_at__isnull=False)
                    & Q(answered_by__isnull=False, state="shown")
                    & ~Q(answer="")
                ),
                name="comment_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["consultation", "state"], name="comment_by_state")]

    def __str__(self) -> str:
        return f"{self.consultation} {self.pk}"

    def clean_fields(self, exclude: Any = None) -> None:
        self.text, self.shown_name = self.text.strip(), self.shown_name.strip()
        super().clean_fields(exclude=exclude)
