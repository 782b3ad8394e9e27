"""Where a partner's program wants to be told, what it is told, and how each try went."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models.partners import Partner


class Endpoint(models.Model):
    """An address of a partner that gets events; its secret is kept sealed, to sign with."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="endpoints")
    url = models.URLField(_("address"), max_length=500)
    label = models.CharField(_("what it is for"), max_length=100, blank=True)
    kinds = models.JSONField(_("events"), default=list)
    secret = models.CharField(max_length=400, editable=False)
    # The secret of before signs beside the new one until then.
    old_secret = models.CharField(max_length=400, blank=True, editable=False)
    old_until = models.DateTimeField(null=True, blank=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.CharField(_("why it ended"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.partner}: {self.url}"


class Event(models.Model):
    """Something that happened to one object of a partner; it gets its number after the commit."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="events")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    change = models.CharField(max_length=40, blank=True)
    # The object that it is about: a request, or a test.
    subject = models.CharField(max_length=60)
    reference = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    # 1, 2, 3 … for each object, in the order in which things happened to it.
    sequence = models.PositiveIntegerField(null=True, blank=True)
    only_to = models.ForeignKey(Endpoint, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("event for a partner")
        verbose_name_plural = _("events for partners")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subject", "sequence"], name="event_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["partner"],
                condition=models.Q(sequence__isnull=True),
                name="event_unnumbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Delivery(models.Model):
    """One event on its way to one address."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("not sent: the address ended")

    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery of an event")
        verbose_name_plural = _("deliveries of events")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"],
                condition=models.Q(state="waiting"),
                name="delivery_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"


class Attempt(models.Model):
    """One try to deliver: the answer of the address, or why there was none."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("try to deliver")
        verbose_name_plural = _("tries to deliver")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.status or self.problem}"
