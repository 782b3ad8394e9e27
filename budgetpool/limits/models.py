"""How often something was tried within a term: one row for each limit and whoever it counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """Tries since the term began; `counters` is the only writer.

    The key names the limit and holds a keyed hash of who is counted: the table tells nobody's
    address. A row whose term is over counts for nothing; a nightly command deletes it.
    """

    key = models.CharField(_("key"), primary_key=True, max_length=120)
    started_at = models.DateTimeField(_("term began"))
    count = models.PositiveBigIntegerField(_("tries"))
    ends_at = models.DateTimeField(_("term ends"), db_index=True)

    class Meta:
        verbose_name = _("counter of tries")
        verbose_name_plural = _("counters of tries")

    def __str__(self) -> str:
        return f"{self.key.partition(':')[0]}: {self.count}"
