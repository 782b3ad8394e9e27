"""Somebody of a worker's own choosing who may read along or fill in: a sister, a colleague."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class Helper(models.Model):
    """One helper: invited by a link, with an account of their own, until the worker stops it.

    The database holds the hash of the link's secret only. A helper never sends, answers or
    objects for somebody: that is an adviser's mandate.
    """

    class Scope(models.TextChoices):
        READ = "read", _("read along")
        FILL = "fill", _("also fill in")

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="helpers")
    name = models.CharField(_("name"), max_length=200, validators=[refuse_bsn])
    email = models.EmailField(_("e-mail address"))
    scope = models.CharField(_("for what"), max_length=10, choices=Scope)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    until_date = models.DateField(_("until and including"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="helps"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    class Meta:
        verbose_name = _("helper of one's own")
        verbose_name_plural = _("helpers of one's own")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, accepted_at__isnull=True)
                | models.Q(user__isnull=False, accepted_at__isnull=False),
                name="helper_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_live(self, today: date | None = None) -> bool:
        """Whether the invitation, or the help itself, still stands."""
        return self.ended_at is None and (today or timezone.localdate()) <= self.until_date
