"""A short code on a poster or in a message, and how many people came by it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn


class PosterCode(models.Model):
    """What every such code holds; whose it is, its own model says."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    channel = models.CharField(_("where people see it"), max_length=80, validators=[refuse_bsn])
    visits_count = models.PositiveIntegerField(_("visits"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.code
