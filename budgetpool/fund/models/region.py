"""Labour-market regions, and who has a seat in them."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The made-up region of a sandbox; no list of regions holds it.
SANDBOX: Final = "SANDBOX"


class Region(models.Model):
    """A labour-market region (arbeidsmarktregio), valid for a span of years.

    Codes come from a list and are never counted: areas merge, split and get new codes. Where the
    code of Statistics Netherlands is not known, the code is the area's number in annex 3 of the
    regulation that made the areas (`BIJ3-09`), and `code_source` says so.
    """

    class CodeSource(models.TextChoices):
        CBS = "cbs", _("Statistics Netherlands (CBS)")
        ANNEX_3 = "annex_3", _("number in annex 3 of the regulation of 2015")

    code = models.CharField(_("code"), max_length=10, unique=True)
    code_source = models.CharField(
        _("source of the code"), max_length=10, choices=CodeSource, default=CodeSource.CBS
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name for addresses"), max_length=60, unique=True)
    municipalities = models.JSONField(_("municipalities"), default=list, blank=True)
    valid_from = models.PositiveSmallIntegerField(_("valid from year"))
    valid_until = models.PositiveSmallIntegerField(_("valid until year"), null=True, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="region_years_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sandbox(self) -> bool:
        """Whether all of it is made up, to try the interface for programs on."""
        return self.code == SANDBOX


class Seat(models.Model):
    """A person's place in a region's fund: what they may do there, and since when."""

    class Role(models.TextChoices):
        BOARD = "board", _("board member")
        TREASURER = "treasurer", _("treasurer")
        ADVISER = "adviser", _("adviser")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    region = models.ForeignKey(Region, models.PROTECT, related_name="seats")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = pgettext_lazy("board", "seats")
        constraints = [
            models.UniqueConstraint(fields=["user", "region", "role"], name="seat_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} {self.region}"
