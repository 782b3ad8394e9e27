"""A seat that somebody shall get or lose: asked by one person, approved by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgetpool.bsn import refuse_bsn
from budgetpool.fund.models.asked import AskedAndApproved, two_people
from budgetpool.fund.models.region import Region, Seat


class SeatChange(AskedAndApproved):
    """What two people want of a seat. Whom it is given to is neither of them."""

    class Kind(models.TextChoices):
        GIVE = "give", _("give a seat")
        END = "end", _("take a seat away")

    kind = models.CharField(_("what"), max_length=4, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="seat_changes",
        verbose_name=_("whose seat"),
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="seat_changes")
    role = models.CharField(_("role"), max_length=20, choices=Seat.Role)
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=500, validators=[refuse_bsn])

    class Meta:
        verbose_name = _("change of a seat")
        verbose_name_plural = _("changes of seats")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            *two_people("seat_change"),
            models.UniqueConstraint(
                fields=["user", "region", "role"],
                condition=Q(approved_at__isnull=True, withdrawn_at__isnull=True),
                name="seat_change_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind="give") | ~Q(user=F("asked_by")),
                name="seat_change_not_for_oneself",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(user=F("approved_by")),
                name="seat_change_not_approved_for_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} {self.region}"
