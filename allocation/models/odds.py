"""Odds beforehand: each class's chance of an award, as it was before the public draw."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Odds(models.Model):
    """The odds of a round, counted once for what was asked, the rule and the board's decisions.

    What they were counted for stands beside them: where any of it is otherwise by now, they are
    old, and are never shown as those of today.
    """

    round = models.ForeignKey("allocation.Round", models.PROTECT, related_name="odds")
    snapshot_sha256 = models.CharField(_("fingerprint of the requests"), max_length=64)
    rule_sha256 = models.CharField(_("fingerprint of the rule"), max_length=64)
    adjusted = models.JSONField(_("adjustments taken into account"), default=list, blank=True)
    csv = models.TextField(_("odds of each class"))
    classes = models.PositiveIntegerField(_("classes of equal cases"))
    exact = models.PositiveIntegerField(_("classes with an exact chance"))
    computed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(_("computed"), auto_now_add=True)

    class Meta:
        verbose_name = _("odds of a round")
        verbose_name_plural = _("odds of rounds")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(exact__lte=F("classes")), name="odds_exact_of_all"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.classes}"


class OddsClass(models.Model):
    """One class of equal cases: what its people ask, how many they are, and their chance.

    `asked` are the choices of each of them, with the title of the training; `words` is what a
    search looks through.
    """

    class Basis(models.TextChoices):
        EXACT = "exact", _("exact")
        DRAWN = "drawn", _("counted over draws of the lots")

    odds = models.ForeignKey(Odds, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("number"))
    members = models.PositiveIntegerField(_("people"))
    chance_millionths = models.PositiveIntegerField(_("chance, in millionths"))
    basis = models.CharField(_("how it was counted"), max_length=5, choices=Basis)
    draws = models.PositiveIntegerField(_("draws"))
    amount_cents = models.PositiveBigIntegerField(_("amount of the first choice, in cents"))
    points = models.IntegerField(_("points"))
    asked = models.JSONField(_("what each of them asks"))
    words = models.TextField(_("trainings and schools"), blank=True)

    class Meta:
        verbose_name = _("class of equal cases")
        verbose_name_plural = _("classes of equal cases")
        ordering = ["odds", "number"]
        constraints = [
            models.UniqueConstraint(fields=["odds", "number"], name="odds_class_once"),
            models.CheckConstraint(
                condition=Q(chance_millionths__lte=1_000_000), name="odds_class_at_most_certain"
            ),
            models.CheckConstraint(condition=Q(members__gt=0), name="odds_class_has_members"),
            models.CheckConstraint(
                condition=Q(basis="exact", draws=0) | Q(basis="drawn", draws__gt=0),
                name="odds_class_says_its_draws",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.odds} {self.number}"

    @property
    def served(self) -> int:
        """Of an exact chance: how many of the members get a training, whatever the lots."""
        return -(-self.chance_millionths * self.members // 1_000_000)
