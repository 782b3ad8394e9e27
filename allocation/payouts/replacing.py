"""When a provider drops out: everybody of the group keeps the award and takes another training.

The case that this is for: four providers were expelled from the STAP register in 2022, and 3,348
people had to choose another course.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from allocation import letters
from allocation.errors import NotReady, TooLate, WrongStep
from allocation.models import Award, Payout, ProviderDropout, Recovery, Replacement
from allocation.payouts import doors, recovering
from budgetpool.audit import trail
from budgetpool.fund.models import Fund
from budgetpool.mail import outbox
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
    Asking twice is harmless.

    Raises:
        NotAllowed: no treasurer or board member of the fund.
        NotReady: `reason_missing`, or `payments_at_bank` with `payouts`: wait for the statement.
        TooLate: `choose_by` has passed.
    """
    doors.require_payer(actor, fund)
    if not reason.strip():
        raise NotReady("reason_missing", provider=provider.pk)
    if choose_by <= timezone.localdate():
        raise TooLate("choose_by", deadline=choose_by.isoformat())
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
        paid = {
            award_id
            for (award_id,) in Payout.objects.filter(
                award__in=awards, status=Payout.Status.PAID, invoice__provider=provider
            ).values_list("award_id")
        }
        for award in awards:
            if award.pk in paid:
                recovering.reclaim(
                    award=award,
                    cause=Recovery.Cause.PROVIDER_ENDED,
                    cents=recovering.owed_by(award, provider),
                    goes_to=award.account,
                    reason=reason,
                    actor=actor,
                )
        Replacement.objects.bulk_create(
            Replacement(dropout=dropout, award=award) for award in awards
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


def choose(
    *,
    replacement: Replacement,
    training: Training,
    edition: Edition | None,
    actor: User,
    organisation: str = "",
) -> Replacement:
    """The worker, or their helper, takes another training for the same award.

    A dearer training may be chosen; the fund pays no more than the award.

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
            raise WrongStep(step="choose", status="chosen", allowed_from=["open"])
        _check_training(fresh, training, edition)
        fresh.training, fresh.edition = training, edition
        fresh.chosen_by, fresh.chosen_at = actor, timezone.now()
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=actor,
            action="award.training_replaced",
            subject=award,
            region_code=doors.fund_of(award).region.code,
            training=training.pk,
            edition=edition.pk if edition else None,
        )
    return fresh


def _check_training(replacement: Replacement, training: Training, edition: Edition | None) -> None:
    provider = training.provider
    if not training.is_open or provider.status != Provider.Status.ADMITTED:
        raise NotReady("training_closed", training=training.pk)
    dropped = ProviderDropout.objects.filter(fund_id=replacement.dropout.fund_id, provider=provider)
    if dropped.exists():
        raise NotReady("same_provider", provider=provider.pk)
    if edition is None:
        return
    if edition.training_id != training.pk:
        raise NotReady("other_training", edition=edition.pk)
    if taken(edition) >= edition.seats:
        raise NotReady("edition_full", edition=edition.pk, seats=edition.seats)


def taken(edition: Edition) -> int:
    """How many seats of an edition live awards have, replacements counted."""
    live = (*CONCERNED, Award.Status.COMPLETED)
    moved = Replacement.objects.filter(award__status__in=live)
    first = Award.objects.filter(choice__edition=edition, status__in=live)
    return (
        first.exclude(pk__in=moved.values("award")).count() + moved.filter(edition=edition).count()
    )


def _concerned(fund: Fund, provider: Provider) -> list[Award]:
    """The awards whose training is this provider's now."""
    rows = (
        Award.objects.select_for_update(of=("self",))
        .filter(round__fund=fund, status__in=CONCERNED)
        .select_related("account", "round__fund__region", "request__worker", "choice__training")
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
