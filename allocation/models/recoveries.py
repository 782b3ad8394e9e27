"""What comes back, who is excluded, and whose training is replaced."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class Recovery(models.Model):
    """What has to be paid back for an award (terugvordering, Awb 4:57).

    From the provider first; from a person only what the person got, or what their own fault cost.
    """

    class Cause(models.TextChoices):
        CANCELLED = "cancelled", _("the training was cancelled")
        NO_SHOW = "no_show", _("did not come")
        LOWER = "lower", _("determined lower than what was paid")
        PROVIDER_ENDED = "provider_ended", _("the provider dropped out")

    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="recoveries")
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    from_provider = models.ForeignKey(
        "register.Provider", models.PROTECT, null=True, blank=True, related_name="recoveries"
    )
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    reason = models.CharField(_("reason"), max_length=300, validators=[refuse_bsn])
    account = models.ForeignKey("fund.Account", models.PROTECT, related_name="+")
    goes_to = models.ForeignKey("fund.Account", models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_on = models.DateField(_("decided"), default=timezone.localdate)
    due_on = models.DateField(_("to be paid before"))
    lapses_on = models.DateField(_("lapses"))
    written_off_cents = models.PositiveBigIntegerField(_("written off, in cents"), default=0)
    written_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_off_reason = models.CharField(
        _("why it was written off"), max_length=300, blank=True, validators=[refuse_bsn]
    )

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "cause", "account"], name="recovery_once_per_cause"
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="recovery_positive"),
            models.CheckConstraint(
                condition=Q(written_off_by__isnull=True) | ~Q(written_off_by=F("decided_by")),
                name="recovery_write_off_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(written_off_cents=0, written_off_by__isnull=True)
                | Q(
                    written_off_cents__gt=0,
                    written_off_cents__lte=F("amount_cents"),
                    written_off_by__isnull=False,
                ),
                name="recovery_written_off_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.cause}"


class RecoveryReceipt(models.Model):
    """Money of a deposit that settles a recovery, wholly or in part; a deposit may settle many."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="receipts")
    match = models.ForeignKey(
        "employers.DepositMatch", models.PROTECT, related_name="recovery_receipts"
    )
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))

    class Meta:
        verbose_name = _("money paid back")
        verbose_name_plural = _("money paid back")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="receipt_positive"),
            models.UniqueConstraint(fields=["recovery", "match"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recovery} {self.amount_cents}"


class Exclusion(models.Model):
    """A term in which a worker or a provider gets no award; two years at most."""

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="exclusions")
    worker = models.ForeignKey(
        "workers.Worker", models.PROTECT, null=True, blank=True, related_name="exclusions"
    )
    provider = models.ForeignKey(
        "register.Provider", models.PROTECT, null=True, blank=True, related_name="exclusions"
    )
    from_date = models.DateField(_("from"), default=timezone.localdate)
    until_date = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300, validators=[refuse_bsn])
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["-from_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(provider__isnull=False, worker__isnull=True)
                | Q(provider__isnull=True, worker__isnull=False),
                name="exclusion_provider_or_worker",
            ),
            models.CheckConstraint(
                condition=Q(until_date__gt=F("from_date")), name="exclusion_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_date:%Y-%m-%d} - {self.until_date:%Y-%m-%d}"


class ProviderDropout(models.Model):
    """A provider that dropped out, and the group of awards that need another training."""

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="dropouts")
    provider = models.ForeignKey("register.Provider", models.PROTECT, related_name="dropouts")
    reason = models.CharField(_("reason"), max_length=300, validators=[refuse_bsn])
    choose_by = models.DateField(_("choose another training before"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("provider that dropped out")
        verbose_name_plural = _("providers that dropped out")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "provider"], name="dropout_once"),
        ]

    def __str__(self) -> str:
        return str(self.provider)


class Replacement(models.Model):
    """Another training for one award, after a provider dropped out or cancelled its start.

    Empty until the worker has chosen.
    """

    dropout = models.ForeignKey(
        ProviderDropout, models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    cancellation = models.ForeignKey(
        "allocation.EditionCancellation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replacements",
    )
    award = models.ForeignKey("allocation.Award", models.PROTECT, related_name="replacements")
    training = models.ForeignKey(
        "register.Training", models.PROTECT, null=True, blank=True, related_name="+"
    )
    edition = models.ForeignKey(
        "register.Edition", models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_at = models.DateTimeField(_("chosen"), null=True, blank=True)

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dropout", "award"], name="replacement_once"),
            models.UniqueConstraint(
                fields=["cancellation", "award"], name="replacement_once_per_cancellation"
            ),
            models.CheckConstraint(
                condition=Q(dropout__isnull=False, cancellation__isnull=True)
                | Q(dropout__isnull=True, cancellation__isnull=False),
                name="replacement_has_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(training__isnull=True, chosen_at__isnull=True, chosen_by__isnull=True)
                | Q(training__isnull=False, chosen_at__isnull=False, chosen_by__isnull=False),
                name="replacement_chosen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.training or ''}".strip()

    @property
    def choose_by(self) -> date:
        """The day before which the worker chooses."""
        cause = self.dropout or self.cancellation
        assert cause is not None
        return cause.choose_by
