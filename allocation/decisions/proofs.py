"""A training was completed: the proof comes in, somebody else looks, the last part is paid.

Nobody is punished for stopping with a good reason (`stop`): what the bank paid is reclaimed from
the school, never from the person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allocation import letters, lives
from allocation.decisions import attending, awards, places, telling
from allocation.models import Award, PaperSignature, Proof
from allocation.models.proof import ATTENDANCE_PERCENT_LEAST
from allocation.rules import access, courses
from budgetpool.audit import trail
from budgetpool.fund.models import Region, Seat
from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.register import seats
from budgetpool.users.models import User
from workers import access as workers_access
from workers import files, follow_ups
from workers.models import AdviserInterest, Document, Mandate, TrainingRequest

Status, Kind = Proof.Status, Proof.Kind
CHECKERS: Final = {
    Seat.Role.ADVISER.value,
    Seat.Role.TREASURER.value,
    Seat.Role.ADMINISTRATOR.value,
}
# Reasons to stop that are always good; anything else is for a talk with the counter.
STOPS: Final = ("ill", "care", "work", "too_hard", "training", "other")


@dataclass(frozen=True)
class Signed:
    """Who signed a practice declaration, in which role and when."""

    role: str
    name: str
    signed_on: date


def send(
    *,
    award: Award,
    actor: User,
    kind: str,
    work_processes: str = "",
    crebo: str = "",
    attendance_percent: int | None = None,
    signatures: Iterable[Signed] = (),
    organisation: str = "",
) -> Proof:
    """The worker, their helper or the partner who filed the request sends the proof.

    Args:
        kind: a code of `Proof.Kind`.
        work_processes, crebo, signatures: what a practice declaration holds; three signatures.
        attendance_percent: for `attendance` only, 80 or more.
        organisation: the partner that the door tied to the actor; its word needs no file.

    Raises:
        NotYours: neither the worker nor somebody with a mandate to arrange what comes after.
        WrongStep: the training is not running.
        NotReady: `proof_waits`; `no_document`; `attendance_too_low` with `least`;
            `signatures_missing` with `roles`.
        ValidationError: a value that its field refuses.
    """
    workers_access.require(
        actor=actor,
        worker=award.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )
    facts = Facts(kind, work_processes, crebo, attendance_percent, tuple(signatures))
    return _send(award, actor, facts, organisation)


def send_by_school(
    *,
    award: Award,
    actor: User,
    kind: str,
    work_processes: str = "",
    crebo: str = "",
    signatures: Iterable[Signed] = (),
) -> Proof:
    """The school says that somebody completed the training, and shows it.

    A certificate needs its paper; how often somebody was there follows from the weeks that the
    school wrote, and needs none.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep, NotReady, ValidationError: as `send`; `not_begun`: nobody said that it began.
    """
    provider = places.require(award, actor)
    if award.started_on is None:
        raise NotReady("not_begun", award=award.pk)
    percent = attending.percent(award) if kind == Kind.ATTENDANCE else None
    facts = Facts(kind, work_processes, crebo, percent, tuple(signatures))
    return _send(award, actor, facts, provider.name, needs_paper=kind != Kind.ATTENDANCE)


def add_paper(*, award: Award, actor: User, name: str, data: bytes) -> Document:
    """The school adds a paper that shows the result.

    Raises:
        NotAllowed: `not_your_school`.
        WrongStep: the training is not running.
        NotReady: as `files.add`.
    """
    places.require(award, actor)
    with transaction.atomic():
        fresh = _locked(award)
        return files.keep(actor=actor, request=fresh.request, purpose="proof", name=name, data=data)


@dataclass(frozen=True)
class Facts:
    """What a proof says."""

    kind: str
    work_processes: str
    crebo: str
    attendance_percent: int | None
    signatures: tuple[Signed, ...]


def _send(
    award: Award, actor: User, facts: Facts, organisation: str, *, needs_paper: bool | None = None
) -> Proof:
    """Check and keep a proof; by default the word of an organisation needs no paper."""
    kind = facts.kind
    with transaction.atomic():
        fresh = _locked(award)
        if Proof.objects.filter(award=fresh, status=Status.SENT).exists():
            raise NotReady("proof_waits", award=fresh.pk)
        papers = fresh.request.documents.filter(purpose=Document.Purpose.PROOF)
        if (not organisation if needs_paper is None else needs_paper) and not papers.exists():
            raise NotReady("no_document", award=fresh.pk)
        if kind == Kind.ATTENDANCE and (facts.attendance_percent or 0) < ATTENDANCE_PERCENT_LEAST:
            raise NotReady("attendance_too_low", least=ATTENDANCE_PERCENT_LEAST)
        missing = sorted(set(PaperSignature.Role.values) - {one.role for one in facts.signatures})
        if kind == Kind.PRACTICE and missing:
            raise NotReady("signatures_missing", roles=missing)
        proof = Proof(
            award=fresh,
            kind=kind,
            work_processes=facts.work_processes.strip() if kind == Kind.PRACTICE else "",
            crebo=facts.crebo if kind == Kind.PRACTICE else "",
            attendance_percent=facts.attendance_percent if kind == Kind.ATTENDANCE else None,
            organisation=organisation,
            sent_by=actor,
        )
        proof.full_clean()
        proof.save()
        for one in facts.signatures if kind == Kind.PRACTICE else ():
            row = PaperSignature(proof=proof, role=one.role, name=one.name, signed_on=one.signed_on)
            row.full_clean()
            row.save()
        _note(proof, actor, "proof.sent")
    return proof


def waiting(region: Region) -> QuerySet[Proof]:
    """The proofs of a region that nobody looked at yet, the oldest first."""
    return (
        Proof.objects.filter(
            status=Status.SENT,
            award__status__in=lives.AWARD.before("prove"),
            award__round__fund__region=region,
        )
        .select_related("award__request__worker", "award__choice__training__provider", "sent_by")
        .order_by("sent_at", "pk")
    )


def latest(award: Award) -> Proof | None:
    """The last proof that came in for an award."""
    return Proof.objects.filter(award=award).order_by("-pk").first()


def accept(*, proof: Proof, actor: User) -> Proof:
    """The proof is enough: the award is completed, and the rest of the payment is free.

    Raises:
        NotAllowed: `no_seat`; `sent_it`: the same person sent it; `own_interest`: in the school,
            or it is their own training.
        WrongStep: somebody looked at it before, or the award ended otherwise.
    """
    with transaction.atomic():
        fresh = _checked(proof, actor, "accept")
        award = awards.take(
            award=fresh.award, step="complete", actor=actor, reason=f"proof:{fresh.kind}"
        )
        assert award.completed_at is not None
        follow_ups.plan(request=award.request, finished_on=timezone.localdate(award.completed_at))
        _tell(fresh, "proof_accepted")
        telling.tell_school_about(award, kind="school_completed")
    return fresh


def refuse(*, proof: Proof, actor: User, answer: str) -> Proof:
    """The proof is not enough; the person reads what is missing and can send another.

    Raises:
        NotAllowed, WrongStep: as `accept`.
        NotReady: `reason_missing`.
        ValidationError: a text with a citizen service number.
    """
    if not answer.strip():
        raise NotReady("reason_missing", proof=proof.pk)
    with transaction.atomic():
        fresh = _checked(proof, actor, "refuse", answer=answer.strip())
        _tell(fresh, "proof_refused")
        if _sent_by_school(fresh):
            telling.tell_school_about(
                fresh.award, kind="school_proof_refused", key=str(fresh.pk), answer=fresh.answer
            )
    return fresh


def open_document(*, proof: Proof, document: Document, actor: User) -> "File[bytes]":
    """The bytes of a paper, for who looks at the proof; the look is noted in the person's file.

    Raises:
        NotAllowed: as `accept`.
        NotReady: `no_document`: it belongs to something else.
    """
    may_check(proof, actor)
    award = proof.award
    if (
        document.request_id != award.request_id
        or document.purpose != Document.Purpose.PROOF
        or proof.status != Status.SENT
    ):
        raise NotReady("no_document", proof=proof.pk)
    trail.record(
        actor=actor,
        action="request.file_seen",
        subject=award.request,
        region_code=award.round.fund.region.code,
        document=document.pk,
    )
    return document.file.open("rb")


def remove_document(*, document: Document, actor: User) -> None:
    """Take a paper away again, as long as it is not part of a proof that was sent or accepted.

    Raises:
        NotYours: no ground to act for this worker.
        NotReady: `proof_waits`.
    """
    sent = Proof.objects.filter(
        award__request=document.request_id,
        status__in=[Status.SENT, Status.ACCEPTED],
        sent_at__gte=document.uploaded_at,
    )
    if sent.exists():
        raise NotReady("proof_waits", document=document.pk)
    files.remove(actor=actor, document=document)


def may_check(proof: Proof, actor: User) -> None:
    """Raises NotAllowed for whom this proof is not to judge; see `accept`."""
    award = proof.award
    access.require_seat(actor, region=award.round.fund.region, roles=CHECKERS)
    barred = bar(proof, actor, tied=tied_to(actor))
    if barred == "sent_it":
        raise NotAllowed("sent_it", proof=proof.pk)
    if barred == "own_interest":
        raise NotAllowed("own_interest", request=award.request_id)


def tied_to(actor: User) -> set[int]:
    """The schools that this adviser declared a tie with."""
    declared = AdviserInterest.objects.filter(adviser=actor, ended_on__isnull=True)
    return set(declared.values_list("provider", flat=True))


def bar(proof: Proof, actor: User, *, tied: set[int]) -> str:
    """Why somebody may not judge a proof: `sent_it` or `own_interest`; nothing where they may.

    Args:
        tied: the schools that they declared a tie with, see `tied_to`.
    """
    award = proof.award
    if proof.sent_by_id == actor.pk:
        return "sent_it"
    if award.request.worker.user_id == actor.pk:
        return "own_interest"
    if tied:
        # The training of the choice, and the one that came in its place.
        now, _edition = courses.of(award)
        trainings = filter(None, (award.choice.training, now))
        if any(training.provider_id in tied for training in trainings):
            return "own_interest"
    return ""


def stop(*, award: Award, actor: User, reason: str, organisation: str = "") -> Award:
    """The worker stops with the training; with a good reason nothing is asked back from them.

    Args:
        reason: a code of `STOPS`; why exactly is nobody's business and is not asked.

    Raises:
        NotYours: as `send`.
        WrongStep: the training is not running.
        NotReady: `unknown_reason`.
    """
    if reason not in STOPS:
        raise NotReady("unknown_reason", known=list(STOPS))
    workers_access.require(
        actor=actor,
        worker=award.request.worker,
        act=Mandate.Scope.FOLLOW,
        organisation=organisation,
    )
    with transaction.atomic():
        stopped = awards.take(award=award, step="cancel", actor=actor, reason=f"stopped:{reason}")
        telling.tell_school_about(stopped, kind="school_person_left")
        return stopped


def _checked(proof: Proof, actor: User, step: str, answer: str = "") -> Proof:
    _locked(proof.award)
    fresh = (
        Proof.objects.select_for_update(of=("self",))
        .select_related("award__request__worker", "award__round__fund__region", "award__choice")
        .get(pk=proof.pk)
    )
    may_check(fresh, actor)
    fresh.status, fresh.answer = lives.PROOF.after(step, fresh.status), answer
    fresh.checked_by, fresh.checked_at = actor, timezone.now()
    fresh.full_clean()
    fresh.save()
    _note(fresh, actor, f"proof.{fresh.status}")
    return fresh


def _sent_by_school(proof: Proof) -> bool:
    """Whether somebody sent it who sits at the award's school."""
    training, _edition = courses.of(proof.award)
    return training is not None and seats.holds(proof.sent_by, training.provider)


def _locked(award: Award) -> Award:
    fresh = (
        Award.objects.select_for_update(of=("self",))
        .select_related("request__worker", "round__fund__region")
        .get(pk=award.pk)
    )
    lives.AWARD.check("prove", fresh.status)
    return fresh


def _note(proof: Proof, actor: User, action: str) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=proof,
        region_code=proof.award.round.fund.region.code,
        award=proof.award_id,
        kind=proof.kind,
    )


def _tell(proof: Proof, kind: str) -> None:
    request = TrainingRequest.objects.with_choices().get(pk=proof.award.request_id)
    key, kind, to, params = letters.proof_checked(proof, request, kind)
    outbox.queue(key=key, kind=kind, to=to, params=params)
