"""What the bank or the tax office takes or gives: booked by hand by two people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from employers.models.four_eyes import FourEyes


class Charge(FourEyes):
    """What the bank or the tax office took or gave by a line: asked by one, approved by another."""

    class Kind(models.TextChoices):
        COSTS = "costs", _("costs of the bank")
        INTEREST = "interest", _("interest")
        TAX = "tax", _("tax")

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="charges")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    entry = models.ForeignKey("bank.BankEntry", models.PROTECT, related_name="charges")
    amount_cents = models.PositiveBigIntegerField(_("amount in cents"))
    payment = models.OneToOneField(
        "bank.PaymentPart", models.PROTECT, null=True, blank=True, related_name="charge"
    )

    class Meta(FourEyes.Meta):
        verbose_name = _("bank costs or interest")
        verbose_name_plural = _("bank costs and interest")
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(
                fields=["entry", "kind"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="charge_once",
            ),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="charge_positive"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True, approved_at__isnull=True)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="charge_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry.date}"
