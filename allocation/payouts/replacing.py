"""When a provider drops out: everybody of the group keeps the award and takes another training.

The case that this is for: four providers were expelled from the STAP register in 2022, and 3,348
people had to choose another course.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from allocation import letters
from allocation.decisions import places
from allocation.models import Award, Payout, ProviderDropout, Recovery, Replacement
from allocation.payouts import recovering
from allocation.rules import courses, payer_access
from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.mail import outbox
from budgetpool.refusals import NotReady, TooLate, WrongStep
from budgetpool.register.models import Edition, Provider, Training
from budgetpool.users.models import User
from workers import access
from workers.models import Mandate, TrainingRequest

# Awards whose training still has to begin or to go on.
CONCERNED = (Award.Status.GRANTED, Award.Status.ACCEPTED, Award.Status.ADVANCED)


def drop_out(
    *, fund: Fund, provider: Provider, reason: str, choose_by: date, actor: User
) -> ProviderDropout:
    """Open the replacement of a whole group at once, in one transaction.

    Payments to the provider that are planned are withdrawn, what it got is reclaimed into the
    awards, so that each award holds its whole amount again, and everybody gets a letter.
    Asking twice is harmless. Thousands of awards take seconds: a page asks `tasks.ask_drop_out`.

    Raises:
        NotAllowed: no treasurer or board member of the fund.
        NotReady: `reason_missing`, or `payments_at_bank` with `payouts`: wait for the statement.
        TooLate: `choose_by` has passed.
    """
    require(fund=fund, provider=provider, reason=reason, choose_by=choose_by, actor=actor)
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=fund.pk)
        known = ProviderDropout.objects.filter(fund=fund, provider=provider).first()
        if known is not None:
            return known
        awards = _concerned(fund, provider)
        _stop_payments(awards, provider, reason)
        dropout = ProviderDropout(
            fund=fund, provider=provider, reason=reason, choose_by=choose_by, opened_by=actor
        )
        dropout.full_clean()
        dropout.save()
        recovering.reclaim_from(
            provider=provider,
            awards=awards,
            cause=Recovery.Cause.PROVIDER_ENDED,
            reason=reason,
            actor=actor,
        )
        Replacement.objects.bulk_create(
            (Replacement(dropout=dropout, award=award) for award in awards), batch_size=500
        )
        requests = TrainingRequest.objects.with_choices().in_bulk(
            [award.request_id for award in awards]
        )
        outbox.queue_many(
            [letters.replacement(award, requests[award.request_id], dropout) for award in awards]
        )
        trail.record(
            actor=actor,
            action="provider.dropped_out",
            subject=dropout,
            region_code=fund.region.code,
            provider=provider.pk,
            awards=len(awards),
        )
    return dropout


def require(*, fund: Fund, provider: Provider, reason: str, choose_by: date, actor: User) -> None:
    """Refuse what `drop_out` refuses before it looks at any award.

    Raises:
        NotAllowed, NotReady, TooLate: as `drop_out`, but for `payments_at_bank`.
    """
    payer_access.require_payer(actor, fund)
    if not reason.strip():
        raise NotReady("reason_missing", provider=provider.pk)
    if choose_by <= timezone.localdate():
        raise TooLate("choose_by", deadline_on=choose_by.isoformat())


def choose(
    *,
    replacement: Replacement,
    training: Training,
    edition: Edition | None,
    actor: User,
    organisation: str = "",
    share: bool = False,
) -> Replacement:
    """The worker, or their helper, takes another training for the same award.

    A dearer training may be chosen; the fund pays no more than the award. What the earlier school
    might know, the new one may know only if the worker says so again.

    Args:
        share: the new school may know who it is.

    Raises:
        NotYours: neither the worker nor somebody with a mandate.
        NotReady: `training_closed`, `same_provider`, `other_training` (of the edition),
            `edition_full`.
        WrongStep: something was chosen before.
    """
    award = replacement.award
    access.require(
        actor=actor,
        worker=award.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )
    with transaction.atomic():
        if edition is not None:
            edition = Edition.objects.select_for_update().get(pk=edition.pk)
        fresh = Replacement.objects.select_for_update(of=("self",)).get(pk=replacement.pk)
        if fresh.training_id is not None:
            raise WrongStep("wrong_state", step="choose", status="chosen")
        _check_training(fresh, training, edition)
        fresh.training, fresh.edition = training, edition
        fresh.chosen_by, fresh.chosen_at = actor, timezone.now()
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=actor,
            action="award.training_replaced",
            subject=award,
            region_code=payer_access.fund_of(award).region.code,
            training=training.pk,
            edition=edition.pk if edition else None,
        )
        if award.status != Award.Status.GRANTED:
            places.begin_anew(award=award, actor=actor, organisation=organisation, share=share)
    return fresh


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a drop-out would touch: awards, what was paid, and payments on their way."""

    awards_count: int
    paid_cents: int
    planned_count: int
    at_bank_count: int


def look(*, fund: Fund, provider: Provider) -> Concerned:
    """What `drop_out` would do now; nothing changes."""
    awards = _concerned(fund, provider, lock=False)
    payouts = Payout.objects.filter(award__in=awards, invoice__provider=provider)
    return Concerned(
        awards_count=len(awards),
        paid_cents=sum(recovering.got_by(provider, awards).values()),
        planned_count=payouts.filter(status=Payout.Status.PLANNED).count(),
        at_bank_count=payouts.filter(status=Payout.Status.BATCHED).count(),
    )


def of_fund(fund: Fund) -> QuerySet[Any]:
    """The fund's drop-outs, the latest first, with `people_count` and `chosen_count`."""
    return (
        ProviderDropout.objects.filter(fund=fund)
        .select_related("provider")
        .annotate(
            people_count=Count("replacements"),
            chosen_count=Count("replacements", filter=Q(replacements__training__isnull=False)),
        )
    )


def open_for(award: Award) -> Replacement | None:
    """The choice that an award's worker still has to make; None if there is none."""
    return (
        Replacement.objects.filter(award=award, training=None, award__status__in=CONCERNED)
        .select_related(
            "dropout__provider",
            "cancellation",
            "award__request__worker",
            "award__choice__training",
            "award__round",
        )
        .last()
    )


def latest(award: Award) -> Replacement | None:
    """The training that an award was moved to, if it was."""
    moved = Replacement.objects.filter(award=award, training__isnull=False)
    return moved.select_related("training__provider", "edition").last()


def options(replacement: Replacement, *, day: date) -> list[Edition]:
    """The editions that may be chosen: admitted, open, with a free seat and not yet begun.

    Those in the sector of the training that was lost come first, then by start.
    """
    lost = replacement.award.choice.training
    dropped = ProviderDropout.objects.filter(fund=replacement.award.round.fund_id)
    rows = (
        Edition.objects.filter(
            starts_on__gt=day,
            training__is_open=True,
            training__provider__status=Provider.Status.ADMITTED,
        )
        .exclude(training__provider__in=dropped.values("provider"))
        .select_related("training__provider")
    )
    used = courses.taken_of(rows)
    sector = lost.sector if lost else ""
    free = [edition for edition in rows if used.get(edition.pk, 0) < edition.seats]
    return sorted(free, key=lambda e: (e.training.sector != sector, e.starts_on, e.pk))


def _check_training(replacement: Replacement, training: Training, edition: Edition | None) -> None:
    provider = training.provider
    if not training.is_open or provider.status != Provider.Status.ADMITTED:
        raise NotReady("training_closed", training=training.pk)
    fund = payer_access.fund_of(replacement.award)
    dropped = ProviderDropout.objects.filter(fund=fund, provider=provider)
    if dropped.exists():
        raise NotReady("same_provider", provider=provider.pk)
    if edition is None:
        return
    if edition.training_id != training.pk:
        raise NotReady("other_training", edition=edition.pk)
    if courses.taken(edition) >= edition.seats:
        raise NotReady("edition_full", edition=edition.pk, seats=edition.seats)


def _concerned(fund: Fund, provider: Provider, *, lock: bool = True) -> list[Award]:
    """The awards whose training is this provider's now."""
    awards = Award.objects.all()
    rows = (
        (awards.select_for_update(of=("self",)) if lock else awards)
        .filter(round__fund=fund, status__in=CONCERNED)
        .select_related(
            "account",
            "round__fund__region",
            "round__policy",
            "request__worker",
            "choice__training__provider",
            "choice__edition",
        )
        .order_by("pk")
    )
    moved = {
        row.award_id: row
        for row in Replacement.objects.filter(award__round__fund=fund)
        .select_related("training")
        .order_by("pk")
    }
    concerned = []
    for award in rows:
        training = moved[award.pk].training if award.pk in moved else award.choice.training
        if training is not None and training.provider_id == provider.pk:
            concerned.append(award)
    return concerned


def _stop_payments(awards: list[Award], provider: Provider, reason: str) -> None:
    payouts = Payout.objects.filter(award__in=awards, invoice__provider=provider)
    at_bank = payouts.filter(status=Payout.Status.BATCHED)
    if at_bank.exists():
        raise NotReady("payments_at_bank", payouts=list(at_bank.values_list("pk", flat=True)))
    payouts.filter(status=Payout.Status.PLANNED).update(
        status=Payout.Status.WITHDRAWN, reason=reason[:200]
    )
