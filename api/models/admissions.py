"""Which program may bring in the bank statements of which fund, on the word of two people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models.clients import Client
from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models.asked import AskedAndConfirmed, both_or_neither, second_person


class Admission(AskedAndConfirmed):
    """One program at the bank statements of one fund, until somebody withdraws it.

    Asked by a treasurer and confirmed by a second person; a row is never opened again. A scope
    says what a program may do at all, this says for whose bank.
    """

    class May(models.TextChoices):
        READ = "statements:read", _("see the statements")
        WRITE = "statements:write", _("bring in statements, and see them")

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="admissions")
    client = models.ForeignKey(Client, models.PROTECT, related_name="admissions")
    may = models.CharField(_("what it may do"), max_length=20, choices=May)
    reason = models.CharField(_("why"), max_length=500, validators=[refuse_bsn])
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    ended_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("admission of a program to a bank")
        verbose_name_plural = _("admissions of programs to a bank")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "client"],
                condition=models.Q(ended_at__isnull=True),
                name="admission_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(may__in=["statements:read", "statements:write"]),
                name="admission_may_what_is_known",
            ),
            *second_person("admission", "confirmed"),
            both_or_neither("admission_ended_by_somebody", "ended_by", "ended_at"),
        ]

    def __str__(self) -> str:
        return str(self.client)

    @property
    def works(self) -> bool:
        """Whether it lets the program in now."""
        return self.confirmed_at is not None and self.ended_at is None
