"""What a round decided about each request, and the life of each award afterwards."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgetpool.money import euro_field, only_euros


class Decision(models.Model):
    """The board's decision on one request (beschikking), final from publication on.

    `reason` is a code and `params` what it speaks about (points, cut-off, lot, places …); the
    edge puts them into words. Rows are never changed: an objection gets an answer of its own.
    """

    class Reason(models.TextChoices):
        AWARDED = "awarded", _("awarded")
        AWARDED_PART = "awarded_part", _("awarded in part")
        GIVEN_BY_BOARD = "given_by_board", _("given by the board")
        EDITION_FULL = "edition_full", _("the course date is full")
        BELOW_CUTOFF = "below_cutoff", _("others went first by the rule")
        LOT_LOST = "lot_lost", _("lot drawn, no place left")
        OTHER_CHOICE_AWARDED = "other_choice_awarded", _("another choice was awarded")
        CAP_REACHED = "cap_reached", _("a maximum was reached")
        KEPT_AS_BEFORE = "kept_as_before", _("as few outcomes as possible change")
        AMOUNT_TOO_LARGE = "amount_too_large", _("the amount is larger than what was left")
        WITHHELD_BY_BOARD = "withheld_by_board", _("withheld by the board")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="decisions")
    request = models.OneToOneField(
        "workers.TrainingRequest", models.PROTECT, related_name="decision"
    )
    awarded = models.BooleanField(_("awarded"))
    choice = models.ForeignKey(
        "workers.Choice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = euro_field(_("amount"), default=0)
    points = models.PositiveIntegerField(_("points"))
    reason = models.CharField(_("reason"), max_length=30, choices=Reason)
    params = models.JSONField(_("what the reason speaks about"), default=dict, blank=True)
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["round", "awarded"], name="decision_by_outcome")]
        constraints = [
            only_euros("amount", name="decision_amount_in_euros"),
            models.CheckConstraint(
                condition=Q(awarded=True, choice__isnull=False, amount__gt=0)
                | Q(awarded=False, choice__isnull=True, amount=0),
                name="decision_award_has_choice_and_amount",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.reason}"


class Award(models.Model):
    """Money set apart for one request (toekenning), from the grant to the determination."""

    class Status(models.TextChoices):
        GRANTED = "granted", _("granted")
        ACCEPTED = "accepted", _("accepted")
        ADVANCED = "advanced", _("advance paid")
        COMPLETED = "completed", _("training completed")
        DETERMINED = "determined", _("determined")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("cancelled")
        NO_SHOW = "no_show", _("did not come")
        RECOVERED = "recovered", _("recovered")

    class Origin(models.TextChoices):
        ROUND = "round", _("the round")
        NEXT_IN_LINE = "next_in_line", _("next in line after somebody declined")
        OBJECTION = "objection", _("an objection")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="awards")
    request = models.OneToOneField("workers.TrainingRequest", models.PROTECT, related_name="award")
    choice = models.ForeignKey("workers.Choice", models.PROTECT, related_name="+")
    amount = euro_field(_("amount"))
    account = models.OneToOneField("fund.Account", models.PROTECT, related_name="+")
    from_reserve = euro_field(_("paid by the objection reserve"), default=0)
    origin = models.CharField(_("comes from"), max_length=20, choices=Origin)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.GRANTED)
    granted_at = models.DateTimeField(_("granted"))
    accept_by = models.DateField(_("answer before the end of"))
    status_before_end = models.CharField(
        _("status before it ended otherwise"), max_length=20, choices=Status, blank=True
    )
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    started_on = models.DateField(_("training began"), null=True, blank=True)
    advanced_at = models.DateTimeField(_("advance paid"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    determined_at = models.DateTimeField(_("determined"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended otherwise"), null=True, blank=True)
    determined_amount = euro_field(_("determined amount"), null=True, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["pk"]
        indexes = [models.Index(fields=["round", "status"], name="award_by_status")]
        constraints = [
            only_euros("amount", name="award_amount_in_euros"),
            only_euros("from_reserve", name="award_from_reserve_in_euros"),
            models.CheckConstraint(
                condition=Q(determined_amount__isnull=True)
                | Q(determined_amount__gte=0, determined_amount__lte=F("amount")),
                name="award_determined_at_most_amount",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="award_amount_positive"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "granted",
                        "accepted",
                        "advanced",
                        "completed",
                        "determined",
                        "declined",
                        "cancelled",
                        "no_show",
                        "recovered",
                    ]
                ),
                name="award_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="determined")
                | Q(determined_at__isnull=False, determined_amount__isnull=False),
                name="award_determined_has_amount",
            ),
            # Who was there was no no-show, and after the first lesson a training is stopped.
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | ~Q(status__in=["granted", "declined", "no_show"]),
                name="award_started_after_yes",
            ),
            models.CheckConstraint(
                condition=Q(origin="next_in_line", replaces__isnull=False)
                | Q(~Q(origin="next_in_line"), replaces__isnull=True),
                name="award_next_in_line_replaces_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.status}"
