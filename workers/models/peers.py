"""People who begin the same training on the same day, and want to know each other."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class Peer(models.Model):
    """Somebody who joined the group of one start, under the name that they chose."""

    worker = models.ForeignKey("workers.Worker", models.CASCADE, related_name="peers")
    edition = models.ForeignKey("register.Edition", models.CASCADE, related_name="peers")
    shown_name = models.CharField(_("name for the group"), max_length=60, validators=[refuse_bsn])
    contact = models.CharField(
        _("how the group reaches you"), max_length=100, validators=[refuse_bsn]
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)

    class Meta:
        verbose_name = _("member of a group of one start")
        verbose_name_plural = _("members of groups of one start")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "edition"], name="peer_once_per_start"),
        ]

    def __str__(self) -> str:
        return self.shown_name


class PeerGroup(models.Model):
    """What the counter of a region arranged for one start: who leads it, and where it meets."""

    region = models.ForeignKey("fund.Region", models.PROTECT, related_name="peer_groups")
    edition = models.ForeignKey("register.Edition", models.CASCADE, related_name="peer_groups")
    leader = models.ForeignKey(
        "workers.Companion", models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    meeting = models.CharField(
        _("where and when it meets"), max_length=300, blank=True, validators=[refuse_bsn]
    )

    class Meta:
        verbose_name = _("group of one start")
        verbose_name_plural = _("groups of one start")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "edition"], name="peer_group_once_per_region"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.edition}"
