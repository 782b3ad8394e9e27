"""The adviser's desk: who is helped, who asks for help, what is noted, who goes along."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotAllowed, WrongStep
from budgetpool.register.models import Provider
from budgetpool.users.models import User
from workers import access
from workers.models import (
    AdviserInterest,
    CaseNote,
    Companion,
    HelpRequest,
    Mandate,
    Referral,
    Worker,
)


def caseload(adviser: User, region: Region) -> QuerySet[Worker]:
    """The people who gave this adviser a mandate that holds today, by name."""
    today = timezone.localdate()
    return (
        Worker.objects.filter(
            region=region,
            erased_at__isnull=True,
            mandates__adviser=adviser,
            mandates__revoked_at__isnull=True,
            mandates__from_date__lte=today,
            mandates__until_date__gte=today,
        )
        .distinct()
        .order_by("name", "pk")
    )


@transaction.atomic
def ask_help(
    *,
    region: Region,
    kind: str,
    name: str,
    phone: str,
    language: str = "nl",
    worker: Worker | None = None,
) -> HelpRequest:
    """Somebody asks to be called or to come by; nobody needs an account for that.

    Raises:
        ValidationError: no name or number, or a text that its field refuses.
    """
    asked = HelpRequest(
        region=region, kind=kind, name=name, phone=phone, language=language, worker=worker
    )
    asked.full_clean()
    asked.save()
    trail.record(
        actor=worker.user if worker else None,
        action="help.asked",
        subject=asked,
        region_code=region.code,
        kind=kind,
    )
    return asked


def help_waiting(region: Region) -> QuerySet[HelpRequest]:
    """Who waits for help in a region, the longest first."""
    return HelpRequest.objects.filter(region=region, done_at__isnull=True)


@transaction.atomic
def take_help(*, adviser: User, asked: HelpRequest, done: bool) -> HelpRequest:
    """An adviser of the region takes a call for help on, or says that it is done.

    Raises:
        NotYours: no adviser of the region. WrongState: a colleague has it, or it is done.
    """
    _require_seat(adviser, asked.region)
    asked = HelpRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if asked.done_at is not None or asked.taken_by_id not in {None, adviser.pk}:
        raise WrongStep("wrong_state", request=str(asked.pk), status="taken", step="take")
    asked.taken_by = adviser
    asked.done_at = timezone.now() if done else None
    asked.save(update_fields=["taken_by", "done_at"])
    trail.record(
        actor=adviser,
        action="help.done" if done else "help.taken",
        subject=asked,
        region_code=asked.region.code,
    )
    return asked


@transaction.atomic
def note(*, adviser: User, worker: Worker, text: str) -> CaseNote:
    """Write a note in a worker's file; the worker may read it.

    Raises:
        NotYours: no mandate. ValidationError: empty, or with a BSN.
    """
    access.require(actor=adviser, worker=worker, act=Mandate.Scope.READ)
    written = CaseNote(worker=worker, author=adviser, text=text.strip())
    written.full_clean()
    written.save()
    _record(adviser, worker, "note.written")
    return written


@transaction.atomic
def refer(*, adviser: User, worker: Worker) -> Referral:
    """Write down that a warm referral was made: not to whom, and not why.

    Raises:
        NotYours: no mandate.
    """
    access.require(actor=adviser, worker=worker, act=Mandate.Scope.READ)
    made = Referral.objects.create(worker=worker, adviser=adviser)
    _record(adviser, worker, "referral.made")
    return made


@transaction.atomic
def add_companion(
    *,
    adviser: User,
    region: Region,
    kind: str,
    name: str,
    phone: str = "",
    email: str = "",
    is_trained: bool = False,
) -> Companion:
    """Enter a buddy or a coach into the region's register.

    Raises:
        NotYours: no adviser of the region. ValidationError: a value that its field refuses.
    """
    _require_seat(adviser, region)
    companion = Companion(
        region=region, kind=kind, name=name, phone=phone, email=email, is_trained=is_trained
    )
    companion.full_clean()
    companion.save()
    trail.record(
        actor=adviser, action="companion.added", subject=companion, region_code=region.code
    )
    return companion


@transaction.atomic
def pair(*, adviser: User, worker: Worker, companion: Companion) -> None:
    """Let a buddy or a coach go along with a worker.

    Raises:
        NotYours: no mandate to arrange things, or a companion of another region.
    """
    access.require(actor=adviser, worker=worker, act=Mandate.Scope.APPLY)
    if companion.region_id != worker.region_id or not companion.is_active:
        raise NotAllowed("not_yours", act="pair")
    companion.accompanies.add(worker)
    _record(adviser, worker, "companion.paired", companion=companion.pk)


@transaction.atomic
def declare_interest(*, adviser: User, region: Region, provider: Provider) -> AdviserInterest:
    """An adviser declares a tie with a provider; colleagues file requests for it from then on.

    Raises:
        NotYours: no adviser of the region.
    """
    _require_seat(adviser, region)
    declared, is_new = AdviserInterest.objects.get_or_create(
        adviser=adviser, provider=provider, ended_on=None
    )
    if is_new:
        trail.record(
            actor=adviser,
            action="interest.declared",
            subject=declared,
            region_code=region.code,
            provider=provider.pk,
        )
    return declared


@transaction.atomic
def end_interest(*, adviser: User, interest: AdviserInterest, region: Region) -> None:
    """The tie ended.

    Raises:
        NotYours: another adviser's.
    """
    if interest.adviser_id != adviser.pk:
        raise NotAllowed("not_yours", act="end an interest")
    interest.ended_on = timezone.localdate()
    interest.save(update_fields=["ended_on"])
    trail.record(actor=adviser, action="interest.ended", subject=interest, region_code=region.code)


def found(region: Region, text: str) -> QuerySet[Worker]:
    """Workers of a region whose name or e-mail address holds the text; for the search box.

    Gives names only to whom a person said theirs: at least three letters are needed.
    """
    if len(text.strip()) < 3:
        return Worker.objects.none()
    return Worker.objects.filter(
        Q(name__icontains=text.strip()) | Q(email__iexact=text.strip()),
        region=region,
        erased_at__isnull=True,
    ).order_by("name", "pk")


def _require_seat(adviser: User, region: Region) -> None:
    if not any(seat.region_id == region.pk for seat in access.adviser_seats(adviser)):
        raise NotAllowed("not_yours", act="work at this counter")


def _record(adviser: User, worker: Worker, action: str, **details: int) -> None:
    trail.record(
        actor=adviser,
        action=action,
        subject=worker,
        region_code=worker.region.code,
        **details,
    )
