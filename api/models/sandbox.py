"""What a sandbox holds beside its made-up region."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlayMoney(models.Model):
    """The amount that a sandbox's pool was filled with; no bank account stands behind it."""

    fund = models.OneToOneField("fund.Fund", models.PROTECT, related_name="play_money")
    amount_cents = models.BigIntegerField(_("amount in cents"))

    class Meta:
        verbose_name = _("play money of a sandbox")
        verbose_name_plural = _("play money of sandboxes")

    def __str__(self) -> str:
        return f"{self.fund} {self.amount_cents}"
