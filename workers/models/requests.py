"""A request for training: up to three ranked choices, each with its cost lines."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from budgetpool.bsn import refuse_bsn
from budgetpool.money import euro_field, from_cents, only_euros, to_cents

CHOICES_MAX = 3
GAP_MONTHS_LEAST = 3
GAP_MONTHS_MOST = 12


class RequestQuerySet(models.QuerySet["TrainingRequest"]):
    def with_choices(self) -> Self:
        """Everything that a page about a request shows, in a fixed number of queries."""
        return self.select_related("worker", "window__fund__region").prefetch_related(
            models.Prefetch(
                "choices",
                Choice.objects.select_related("training__provider", "edition").prefetch_related(
                    "cost_lines"
                ),
            )
        )

    def with_lines(self) -> Self:
        """Only what a line of a list shows of each choice, and nothing of the person."""
        choices = Choice.objects.select_related("training__provider", "edition").only(
            "request",
            "rank",
            "months",
            "proposed_title",
            "proposed_provider",
            "proposed_start",
            "training__title",
            "training__provider__name",
            "edition__starts_on",
        )
        costs = models.Prefetch("cost_lines", CostLine.objects.order_by())
        lines = choices.order_by("rank").prefetch_related(costs)
        return self.prefetch_related(models.Prefetch("choices", lines))


class TrainingRequest(models.Model):
    """What one worker asks in one window."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("sent")
        WITHDRAWN = "withdrawn", _("withdrawn")
        INELIGIBLE = "ineligible", _("not possible")

    class Channel(models.TextChoices):
        WEB = "web", _("website")
        PHONE = "phone", _("phone")
        DESK = "desk", _("at the counter")
        PAPER = "paper", _("on paper")
        PARTNER = "partner", _("partner")

    worker = models.ForeignKey("workers.Worker", models.PROTECT, related_name="requests")
    window = models.ForeignKey("workers.Window", models.PROTECT, related_name="requests")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    reason = models.CharField(_("why it is not possible"), max_length=40, blank=True)
    reason_params = models.JSONField(default=dict, blank=True)
    repair_until = models.DateField(_("may be mended until"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    outreach_code = models.SlugField(_("outreach code"), max_length=30, blank=True)
    steps_done = models.JSONField(_("questions that were answered"), null=True, blank=True)
    tries_failed = models.PositiveSmallIntegerField(
        _("times that an answer was refused"), default=0, editable=False
    )
    sent_copy = models.JSONField(_("what was sent"), null=True, blank=True, editable=False)
    goal = models.TextField(_("goal"), max_length=1000, blank=True, validators=[refuse_bsn])
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mandate = models.ForeignKey(
        "workers.Mandate", models.PROTECT, null=True, blank=True, related_name="requests"
    )
    filed_for_organisation = models.CharField(_("partner"), max_length=200, blank=True)
    organisation_reference = models.CharField(
        _("the partner's own reference"), max_length=60, blank=True, validators=[refuse_bsn]
    )
    consent_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("training request")
        verbose_name_plural = _("training requests")
        ordering = ["pk"]
        indexes = [models.Index(fields=["window", "status"], name="request_by_window")]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "window"],
                condition=~Q(status="withdrawn"),
                name="request_one_per_window",
            ),
            models.UniqueConstraint(
                fields=["window", "filed_for_organisation", "organisation_reference"],
                condition=~Q(organisation_reference=""),
                name="request_partner_reference_unique",
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted")
                | Q(submitted_at__isnull=False, consent_at__isnull=False),
                name="request_sent_has_moment_and_consent",
            ),
            models.CheckConstraint(
                condition=Q(status="ineligible") | Q(reason=""), name="request_reason_if_ineligible"
            ),
            models.CheckConstraint(
                condition=~Q(status="ineligible") | ~Q(reason=""),
                name="request_ineligible_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | Q(withdrawn_at__isnull=False),
                name="request_withdrawn_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The name people use for it, such as R-0412."""
        return f"R-{self.pk:04d}"

    @property
    def first_choice(self) -> "Choice | None":
        return min(self.choices.all(), key=lambda choice: choice.rank, default=None)


class Choice(models.Model):
    """One wish: a training of the register (perhaps one edition of it) or a proposed one."""

    request = models.ForeignKey(TrainingRequest, models.CASCADE, related_name="choices")
    rank = models.PositiveSmallIntegerField(_("rank"))
    training = models.ForeignKey(
        "register.Training", models.PROTECT, null=True, blank=True, related_name="choices"
    )
    edition = models.ForeignKey(
        "register.Edition", models.PROTECT, null=True, blank=True, related_name="choices"
    )
    proposed_title = models.CharField(
        _("name of the training"), max_length=200, blank=True, validators=[refuse_bsn]
    )
    proposed_provider = models.CharField(
        _("name of the school"), max_length=200, blank=True, validators=[refuse_bsn]
    )
    proposed_start = models.DateField(_("start"), null=True, blank=True)
    # A gap year as a trainee: a proposal with a length of its own.
    months = models.PositiveSmallIntegerField(_("months of a gap year"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["request", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["request", "rank"], name="choice_rank_unique"),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=CHOICES_MAX), name="choice_rank_1_to_3"
            ),
            models.CheckConstraint(
                condition=Q(training__isnull=False, proposed_title="")
                | (Q(training__isnull=True) & ~Q(proposed_title="")),
                name="choice_register_or_proposed",
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(training__isnull=False),
                name="choice_edition_of_training",
            ),
            models.CheckConstraint(
                condition=Q(months__isnull=True)
                | Q(months__range=(GAP_MONTHS_LEAST, GAP_MONTHS_MOST), training__isnull=True),
                name="choice_gap_year_months",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        if self.months:
            return gettext("Gap year as a trainee, %(months)s months") % {"months": self.months}
        return self.training.title if self.training else self.proposed_title

    @property
    def provider_name(self) -> str:
        return self.training.provider.name if self.training else self.proposed_provider

    @property
    def starts_on(self) -> date | None:
        return self.edition.starts_on if self.edition else self.proposed_start

    @property
    def amount_cents(self) -> int:
        """The sum of its cost lines; what the fund is asked for."""
        return sum(to_cents(line.amount) for line in self.cost_lines.all())

    @property
    def amount(self) -> Money:
        return from_cents(self.amount_cents)


class CostLine(models.Model):
    """One part of what a choice costs."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        EXAM = "exam", _("exam")
        BOOKS = "books", _("books")
        TRAVEL = "travel", _("travel")
        WAGE_LOSS = "wage_loss", _("lost wages")
        COACH = "coach", _("coach")
        BUDDY = "buddy", _("buddy")
        CHILDCARE = "childcare", _("childcare")

    choice = models.ForeignKey(Choice, models.CASCADE, related_name="cost_lines")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = euro_field(_("amount"))

    class Meta:
        verbose_name = _("cost line")
        verbose_name_plural = _("cost lines")
        ordering = ["choice", "pk"]
        constraints = [
            only_euros("amount", name="cost_line_in_euros"),
            models.UniqueConstraint(fields=["choice", "kind"], name="cost_line_kind_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
