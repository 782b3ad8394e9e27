"""An allocation round, its frozen input, and who signed it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgetpool.money import euro_field, only_euros


class Round(models.Model):
    """One division of a fund's money (verdeelronde) over the requests of one window."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open for requests")
        CLOSED = "closed", _("window closed")
        PROPOSED = "proposed", _("waits for the second signature")
        SIGNED = "signed", _("signed")
        PUBLISHED = "published", _("published")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    class DrawOrder(models.TextChoices):
        SORTED = "sorted", _("from low to high, each number at most once")
        DRAWN = "drawn", _("in the order in which they were drawn")

    fund = models.ForeignKey("fund.Fund", models.PROTECT, related_name="rounds")
    code = models.SlugField(_("code"), max_length=20)
    window = models.OneToOneField("workers.Window", models.PROTECT, related_name="round")
    policy = models.ForeignKey("allocation.Policy", models.PROTECT, related_name="rounds")
    ceiling = euro_field(_("ceiling"))
    reserve = euro_field(_("objection reserve"), default=0)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)

    seed_source = models.CharField(_("public draw that will be the seed"), max_length=200)
    draw_on = models.DateField(_("day of the public draw"), null=True, blank=True)
    draw_count = models.PositiveSmallIntegerField(_("how many numbers"), null=True, blank=True)
    draw_lowest = models.PositiveIntegerField(_("lowest number"), null=True, blank=True)
    draw_highest = models.PositiveIntegerField(_("highest number"), null=True, blank=True)
    draw_order = models.CharField(
        _("order of the numbers"), max_length=10, choices=DrawOrder, blank=True
    )
    draw_outcome = models.CharField(_("outcome of the public draw"), max_length=200, blank=True)
    code_sha256 = models.CharField(_("fingerprint of the program"), max_length=64, blank=True)

    account = models.OneToOneField(
        "fund.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reserve_account = models.OneToOneField(
        "fund.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposal = models.ForeignKey(
        "allocation.Scenario", models.PROTECT, null=True, blank=True, related_name="proposed_for"
    )
    motivation = models.TextField(_("why this scenario"), blank=True)

    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("drawn"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reserve_returned = euro_field(_("reserve that went back"), default=0)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-code"]
        constraints = [
            only_euros("ceiling", name="round_ceiling_in_euros"),
            only_euros("reserve", name="round_reserve_in_euros"),
            only_euros("reserve_returned", name="round_reserve_returned_in_euros"),
            models.UniqueConstraint(fields=["fund", "code"], name="round_code_unique"),
            models.CheckConstraint(condition=Q(ceiling__gt=0), name="round_ceiling_positive"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "draft",
                        "open",
                        "closed",
                        "proposed",
                        "signed",
                        "published",
                        "finished",
                        "cancelled",
                    ]
                ),
                name="round_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"])
                | Q(opened_at__isnull=False, account__isnull=False, reserve_account__isnull=False),
                name="round_open_has_money",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "open", "cancelled"]) | Q(closed_at__isnull=False),
                name="round_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["proposed", "signed", "published", "finished"])
                | Q(proposal__isnull=False),
                name="round_proposed_has_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "published", "finished"])
                | Q(signed_at__isnull=False),
                name="round_signed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["published", "finished"], published_at__isnull=False)
                | Q(~Q(status__in=["published", "finished"]), published_at__isnull=True),
                name="round_published_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True) | Q(drawn_at__gte=F("closed_at")),
                name="round_drawn_after_close",
            ),
            models.CheckConstraint(
                condition=Q(
                    draw_on__isnull=True,
                    draw_count__isnull=True,
                    draw_lowest__isnull=True,
                    draw_highest__isnull=True,
                    draw_order="",
                )
                | Q(
                    draw_on__isnull=False,
                    draw_count__range=(1, 20),
                    draw_lowest__isnull=False,
                    draw_highest__gte=F("draw_lowest"),
                    draw_highest__lt=1_000_000_000,
                    draw_order__in=["sorted", "drawn"],
                ),
                name="round_draw_form_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def seed(self) -> str:
        """What the lots are drawn from: the named draw and its outcome; empty before the draw."""
        return f"{self.seed_source}: {self.draw_outcome}" if self.draw_outcome else ""


class RoundPool(models.Model):
    """How much one of the fund's pools puts into a round; a pool's earmark goes along with it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="pools")
    account = models.ForeignKey("fund.Account", models.PROTECT, related_name="+")
    amount = euro_field(_("amount"))
    returned = euro_field(_("went back"), default=0)

    class Meta:
        verbose_name = _("pool of a round")
        verbose_name_plural = _("pools of a round")
        ordering = ["account"]
        constraints = [
            only_euros("amount", name="round_pool_in_euros"),
            only_euros("returned", name="round_pool_returned_in_euros"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="round_pool_positive"),
            models.UniqueConstraint(fields=["round", "account"], name="round_pool_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.account_id}"


class Snapshot(models.Model):
    """The frozen input of a round: exactly the files that anyone can divide again.

    Only what the optimiser needs; people and requests carry pseudonyms made with a key that
    stays in `PseudonymKey`. Rows are never changed.
    """

    # What grows with the round and no page reads.
    FILES: ClassVar = ("requests_csv", "editions_csv", "pools_csv", "contributions_csv")

    round = models.OneToOneField(Round, models.PROTECT, related_name="snapshot")
    requests_csv = models.TextField(_("requests"))
    editions_csv = models.TextField(_("editions"))
    pools_csv = models.TextField(_("pools"), blank=True)
    contributions_csv = models.TextField(_("contributions"), blank=True)
    rows = models.PositiveIntegerField(_("choices"))
    requests = models.PositiveIntegerField(_("requests"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen"), auto_now_add=True)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")

    def __str__(self) -> str:
        return f"{self.round} {self.sha256[:12]}"


class PseudonymKey(models.Model):
    """The secret that ties a round's pseudonyms to people; kept apart, and destroyed in time."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="pseudonym_key")
    key = models.CharField(_("key"), max_length=64)

    class Meta:
        verbose_name = _("pseudonym key")
        verbose_name_plural = _("pseudonym keys")

    def __str__(self) -> str:
        return f"{self.round}"


class Signature(models.Model):
    """A board member's signature under the proposal; two different people sign a round."""

    class Role(models.TextChoices):
        PROPOSER = "proposer", _("proposes")
        SECOND = "second", _("signs as the second")

    round = models.ForeignKey(Round, models.PROTECT, related_name="signatures")
    scenario = models.ForeignKey("allocation.Scenario", models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    no_interest = models.BooleanField(_("I have no interest in any request of this round"))
    signed_at = models.DateTimeField(_("signed"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "role"],
                condition=Q(withdrawn_at__isnull=True),
                name="signature_one_per_role",
            ),
            models.UniqueConstraint(
                fields=["round", "signer"],
                condition=Q(withdrawn_at__isnull=True),
                name="signature_two_people",
            ),
            models.CheckConstraint(
                condition=Q(no_interest=True), name="signature_without_interest"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["proposer", "second"]), name="signature_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.role}"


class Interest(models.Model):
    """A board member's own interest in one request: it is hidden from them and takes their vote."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="interests")
    request = models.ForeignKey("workers.TrainingRequest", models.PROTECT, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("declared"), auto_now_add=True)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [
            models.UniqueConstraint(fields=["round", "request", "member"], name="interest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.request_id}"
