"""The rule by which a board divides money, in versions that never change once frozen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """One version of a fund's rule (verdeelregel).

    `rules` holds the fields of `policy.toml` except the seed and the ceiling, which belong to
    the round. `text` is their canonical form and `sha256` its fingerprint: what was frozen and
    shown in public before the window opened (Awb 4:26 and 4:27).
    """

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="policies")
    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"))
    rules = models.JSONField(_("rules"))
    explanation = models.TextField(_("explanation in plain words"), blank=True)
    text = models.TextField(_("canonical text"), editable=False)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["fund", "name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "name", "version"], name="policy_version_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="policy_has_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
