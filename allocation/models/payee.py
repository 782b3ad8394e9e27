"""The bank accounts that the fund pays to, and how somebody made sure of each."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.iban import validate_iban

# A changed bank account waits, so that a changed number can be noticed before money leaves.
IBAN_WAIT: Final = timedelta(hours=24)


class Payee(models.Model):
    """A bank account that the fund may pay to: a provider's, or a worker's own.

    A change is a new row; the old one ends. Somebody else than who entered it has verified it by
    evidence of a kind that the old account's thief could not make, and both answered what the
    fund warned of. `warnings` holds codes of `allocation.payouts.warnings`, one blank between.
    """

    class Evidence(models.TextChoices):
        CALLED = "called", _("called a number that we knew before")
        MET = "met", _("met in person, with the bank card or the bank’s app in view")
        BANK_PAPER = "bank_paper", _("a statement or letter of the bank, handed over by the payee")
        EARLIER = "earlier_payment", _("an earlier payment that arrived at this account")
        OWN_PORTAL = "own_portal", _("the payee’s own page behind its sign-in shows it")
        # Of accounts from before kinds were asked; nobody chooses it.
        OLD = "old", _("verified before kinds of evidence were asked")

    class NameCheck(models.TextChoices):
        MATCH = "match", _("the bank knows this account by this name")
        CLOSE = "close_match", _("the bank knows this account by a name that looks like it")
        NO_MATCH = "no_match", _("the bank knows this account by another name")
        NOT_KNOWN = "not_known", _("the bank cannot tell")

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="payees")
    provider = models.ForeignKey(
        "register.Provider", models.PROTECT, null=True, blank=True, related_name="payees"
    )
    worker = models.ForeignKey(
        "workers.Worker", models.PROTECT, null=True, blank=True, related_name="payees"
    )
    iban = models.CharField(_("IBAN"), max_length=34, validators=[validate_iban])
    holder_name = models.CharField(_("name of the account holder"), max_length=70)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    name_check = models.CharField(
        _("what the bank said of the name"), max_length=12, choices=NameCheck, blank=True
    )
    name_suggestion = models.CharField(_("name that the bank gave"), max_length=70, blank=True)
    name_checked_at = models.DateTimeField(_("name checked"), null=True, blank=True)
    warnings = models.CharField(_("warnings"), max_length=120, blank=True)
    entered_answer = models.CharField(
        _("answer of who entered it"), max_length=300, blank=True, validators=[refuse_bsn]
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    evidence = models.CharField(
        _("what was seen"), max_length=20, choices=Evidence, null=True, blank=True
    )
    evidence_on = models.DateField(_("seen on"), null=True, blank=True)
    verified_how = models.CharField(
        _("how it was verified"), max_length=200, blank=True, validators=[refuse_bsn]
    )
    verified_answer = models.CharField(
        _("answer of who verified it"), max_length=300, blank=True, validators=[refuse_bsn]
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(provider__isnull=False, worker__isnull=True)
                | Q(provider__isnull=True, worker__isnull=False),
                name="payee_provider_or_worker",
            ),
            models.UniqueConstraint(
                fields=["fund", "provider"],
                condition=Q(ended_at__isnull=True, provider__isnull=False),
                name="payee_one_per_provider",
            ),
            models.UniqueConstraint(
                fields=["fund", "worker"],
                condition=Q(ended_at__isnull=True, worker__isnull=False),
                name="payee_one_per_worker",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="payee_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, verified_at__isnull=True)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="payee_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | Q(evidence__isnull=False, evidence_on__isnull=False),
                name="payee_verified_by_evidence",
            ),
            models.CheckConstraint(
                condition=Q(warnings="")
                | (~Q(entered_answer="") & (Q(verified_by__isnull=True) | ~Q(verified_answer=""))),
                name="payee_warnings_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.holder_name or str(_("account without a name"))

    @property
    def usable_from(self) -> datetime | None:
        """The moment from which money may go there; None until somebody verified it."""
        return self.verified_at + IBAN_WAIT if self.verified_at else None

    @property
    def warning_codes(self) -> list[str]:
        """What the fund warned of, as codes."""
        return self.warnings.split()
