"""Computed divisions of a closed round, and the board's deviations from the rule."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scenario(models.Model):
    """One computed and verified division: by the optimiser, or by an old rule as a baseline."""

    class Rule(models.TextChoices):
        OPTIMISER = "optimiser", _("the fund's rule")
        FCFS = "fcfs", _("first come, first served")
        LOTTERY = "lottery", _("lottery")
        RANKING = "ranking", _("ranking by points")
        PRO_RATA = "pro_rata", _("everybody a part")
        TIERED = "tiered", _("a percentage per group")

    class Outcome(models.TextChoices):
        PROVEN = "proven", _("proven")
        PROVEN_WITHIN = "proven_within", _("the best found, not proven")
        STOPPED_EARLY = "stopped_early", _("stopped early")
        INVALID_INPUT = "invalid_input", _("invalid input")

    # How a run ends that gives decisions: a board can look at them, and decide on them.
    DIVIDED: ClassVar = (Outcome.PROVEN, Outcome.PROVEN_WITHIN)
    # What grows with the round and no page reads.
    FILES: ClassVar = ("decisions_csv", "classes_csv", "certificate", "policy_text")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="scenarios")
    name = models.CharField(_("name"), max_length=80)
    rule = models.CharField(_("rule"), max_length=20, choices=Rule)
    variation = models.JSONField(_("changes to the policy"), default=dict, blank=True)
    instead_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("division that changes as little as is asked"),
    )
    adjusted = models.JSONField(_("adjustments taken into account"), default=list, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    verified = models.BooleanField(_("verified"), default=False)
    problems = models.JSONField(_("what the verifier found"), default=list, blank=True)
    decisions_csv = models.TextField(_("decisions"), blank=True)
    classes_csv = models.TextField(_("places by lot in each class of equal cases"), blank=True)
    result = models.JSONField(_("result"), default=dict)
    certificate = models.JSONField(_("certificate"), default=dict, blank=True)
    measures = models.JSONField(_("measures of fairness"), default=dict, blank=True)
    policy_text = models.TextField(_("policy as computed"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    people = models.PositiveIntegerField(_("people"), default=0)
    spent_cents = models.BigIntegerField(_("spent, in cents"), default=0)
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    computed_at = models.DateTimeField(_("computed"), auto_now_add=True)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="scenario_name_unique"),
            models.CheckConstraint(
                condition=Q(verified=False) | Q(outcome__in=["proven", "proven_within"]),
                name="scenario_verified_is_proven",
            ),
            models.CheckConstraint(condition=Q(spent_cents__gte=0), name="scenario_spent_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.name}"

    @property
    def is_divided(self) -> bool:
        """Whether there are decisions: proven, or the best that was found in time."""
        return self.outcome in self.DIVIDED

    @property
    def solver(self) -> str:
        """The name and version of what divided, without reading the rest of the result."""
        known = Scenario.objects.filter(pk=self.pk).values_list("result__solver", flat=True)
        return known.first() or ""

    @property
    def is_proven(self) -> bool:
        """Whether no other division can be better by more than the rule's tolerance."""
        return self.outcome == self.Outcome.PROVEN

    @property
    def is_baseline(self) -> bool:
        """Whether an old rule made it, for comparison only."""
        return self.rule != self.Rule.OPTIMISER


class Verdict(models.Model):
    """What a scenario decides about one request: stored when computed, so that a page only reads.

    `told` holds the parameters with what would have changed a refusal, filled in once that is
    found. `neutral` orders requests by a hash, which says nothing about them.
    """

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="verdicts")
    request = models.ForeignKey("workers.TrainingRequest", models.PROTECT, related_name="+")
    choice = models.ForeignKey("workers.Choice", models.PROTECT, null=True, related_name="+")
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    points = models.IntegerField(_("points"))
    reason = models.CharField(_("reason"), max_length=40)
    params = models.JSONField(_("facts of the reason"), default=dict, blank=True)
    told = models.JSONField(_("facts with what would have changed it"), null=True, blank=True)
    neutral = models.CharField(_("neutral order"), max_length=64)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["scenario", "neutral"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "request"], name="verdict_once"),
        ]
        indexes = [models.Index(fields=["scenario", "neutral"], name="verdict_in_order")]

    def __str__(self) -> str:
        return f"{self.scenario} {self.request_id}"

    @property
    def awarded(self) -> bool:
        return self.choice_id is not None


class Explanation(models.Model):
    """What would have changed each refusal of a scenario: found once, confirmed, never changed."""

    scenario = models.OneToOneField(Scenario, models.PROTECT, related_name="explanation")
    changes_csv = models.TextField(_("what would have changed each refusal"))
    refused = models.PositiveIntegerField(_("refused choices"))
    told = models.PositiveIntegerField(_("refused choices with a confirmed change"))
    found_at = models.DateTimeField(_("found"), auto_now_add=True)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        constraints = [
            models.CheckConstraint(
                condition=Q(told__lte=models.F("refused")), name="explanation_told_of_refused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}: {self.told}/{self.refused}"


class Adjustment(models.Model):
    """A board member's deviation from the rule for one request, with the reason for it."""

    class Kind(models.TextChoices):
        GIVE = "give", _("give")
        WITHHOLD = "withhold", _("withhold")

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="adjustments")
    request = models.ForeignKey("workers.TrainingRequest", models.PROTECT, related_name="+")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    reason = models.TextField(_("reason"))
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "request"],
                condition=Q(withdrawn_at__isnull=True),
                name="adjustment_one_per_request",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["give", "withhold"]), name="adjustment_kind_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.kind} {self.request_id}"
