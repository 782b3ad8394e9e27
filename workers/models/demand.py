"""What people look for and do not find, counted without persons."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnmetSearch(models.Model):
    """Words of a search that found nothing, with how many people typed them in a month.

    It tells nothing of who searched: no person, no moment, and only words without figures.
    """

    fund = models.ForeignKey("fund.Fund", models.CASCADE, related_name="+")
    month = models.DateField(_("first day of the month"))
    words = models.CharField(_("words"), max_length=60)
    people = models.PositiveIntegerField(_("people"), default=0)

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ["-month", "words"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "month", "words"], name="unmet_search_once_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.people}"
