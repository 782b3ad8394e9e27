"""What one person asks and another approves: the fields and the rule that they all share."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.refusals import WrongStep
from budgetpool.users.models import User


class FourEyes(models.Model):
    """Asked by one person, approved by another, or withdrawn."""

    reason = models.CharField(_("reason"), max_length=200, validators=[refuse_bsn])
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("asked_by")),
                name="%(class)s_two_persons",
            ),
        ]

    def approve_as(self, by: User) -> None:
        """Approve it as the second person, in the caller's transaction, and save it.

        The caller asked `budgetpool.fund.second_person` whether they may.

        Raises:
            WrongState: approved or withdrawn before.
        """
        if self.approved_at or self.withdrawn_at:
            raise WrongStep("wrong_state")
        self.approved_by, self.approved_at = by, timezone.now()
        self.full_clean()
        self.save()
