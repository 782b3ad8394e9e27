"""Propose a scenario and sign it: two different people, neither with an interest of their own."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Interest, Round, Scenario, Signature
from allocation.rounds import four_eyes, steps, tasks
from allocation.rounds.lock import locked
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.refusals import NotAllowed, NotReady
from budgetpool.users.models import User
from workers.models import TrainingRequest


def declare_interest(*, round: Round, request: TrainingRequest, member: User) -> Interest:
    """Say that one has an interest in a request: it is hidden from now on, and the vote is gone.

    Asking twice is harmless. A signature that this member gave before is withdrawn, and the
    round goes back to `closed`: the only way in which one person does that, for their own
    signature, and at the price of their vote.

    Raises:
        NotAllowed: no seat in the board.
        WrongStep: the round is published or over.
        NotReady: `other_round`.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "declare_interest")
        steps.take(fresh, "declare_interest")
        if request.window_id != fresh.window_id:
            raise NotReady("other_round", request=request.pk, round=fresh.code)
        interest, made = Interest.objects.get_or_create(round=fresh, request=request, member=member)
        if made:
            trail.record(
                actor=member,
                action="round.interest_declared",
                subject=fresh,
                region_code=fresh.fund.region.code,
                request=request.pk,
            )
        signed = fresh.signatures.filter(signer=member, withdrawn_at__isnull=True)
        if signed.exists():
            _back(fresh, member, "own_interest")
            steps.lapse(fresh)
    return interest


def propose(
    *, round: Round, scenario: Scenario, motivation: str, no_interest: bool, member: User
) -> Round:
    """Choose one verified scenario for the board and sign it as its proposer.

    Asks for what would have changed each refusal too: letters tell it, so that publication waits
    for it.

    Args:
        motivation: why this one; shown on the public page.
        no_interest: the member's own statement for this round.

    Raises:
        NotAllowed: `no_seat`, `own_interest`, `interest_not_stated`.
        WrongStep: the round is not closed.
        NotReady: `other_round`; `not_verified`; `baseline`: an old rule, for comparison only;
            `adjustments_changed`: the board gave or withheld since it was computed;
            `motivation_missing`; `not_drawn`.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "propose")
        steps.take(fresh, "propose")
        _check_scenario(fresh, scenario)
        if not motivation.strip():
            raise NotReady("motivation_missing", round=fresh.code)
        _put_signature(fresh, scenario, member, Signature.Role.PROPOSER, no_interest)
        fresh.proposal = scenario
        fresh.motivation = motivation.strip()
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=member,
            action="round.proposed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            scenario=scenario.pk,
            sha256=scenario.sha256,
        )
        tasks.ask_explanation(round=fresh, member=member)
    return fresh


def sign(*, round: Round, sha256: str, no_interest: bool, member: User) -> Round:
    """Sign the proposal as the second; from here on it can be published.

    Args:
        sha256: the fingerprint that the member saw on the screen, so that nobody signs another
            outcome than the one they read.

    Raises:
        NotAllowed: `no_seat`, `own_interest`, `interest_not_stated`, `same_person`.
        WrongStep: the round is not proposed.
        NotReady: `other_outcome`; `adjustments_changed`.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "sign")
        steps.take(fresh, "sign")
        scenario = fresh.proposal
        assert scenario is not None
        if sha256 != scenario.sha256:
            raise NotReady("other_outcome", seen=sha256, proposed=scenario.sha256)
        _check_scenario(fresh, scenario)
        if fresh.signatures.filter(signer=member, withdrawn_at__isnull=True).exists():
            raise NotAllowed("same_person", round=fresh.code)
        _put_signature(fresh, scenario, member, Signature.Role.SECOND, no_interest)
        fresh.signed_at = timezone.now()
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=member,
            action="round.signed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            scenario=scenario.pk,
            sha256=scenario.sha256,
        )
    return fresh


def send_back(*, round: Round, sha256: str, question: str, member: User) -> Round:
    """Ask to send a proposal back with a question; the second who asks does it.

    Then the signatures are withdrawn, and the scenarios are kept. Until then both stand.

    Args:
        sha256: the fingerprint of the outcome that the member saw.

    Raises:
        NotAllowed: no seat, an own interest, or `same_person`.
        WrongStep: the round is neither proposed nor signed.
        NotReady: `question_missing`; `other_outcome`: another one is proposed by now.
    """
    if not question.strip():
        raise NotReady("question_missing", round=round.code)
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "send_back")
        steps.check(fresh, "send_back")
        assert fresh.proposal is not None
        if sha256 != fresh.proposal.sha256:
            raise NotReady("other_outcome", seen=sha256, proposed=fresh.proposal.sha256)
        question = question.strip()
        if not four_eyes.give(fresh, "send_back", member, said=sha256, reason=question):
            return fresh
        _back(fresh, member, question)
        four_eyes.use(fresh, "send_back", member)
    return fresh


def _check_scenario(round: Round, scenario: Scenario) -> None:
    if scenario.round_id != round.pk:
        raise NotReady("other_round", scenario=scenario.pk, round=round.code)
    if not round.draw_outcome:
        raise NotReady("not_drawn", round=round.code)
    if scenario.is_baseline:
        raise NotReady("baseline", scenario=scenario.name)
    if not scenario.verified:
        raise NotReady("not_verified", scenario=scenario.name, problems=scenario.problems[:3])
    valid = round.adjustments.filter(withdrawn_at__isnull=True).order_by("pk")
    if scenario.adjusted != list(valid.values_list("pk", flat=True)):
        raise NotReady("adjustments_changed", scenario=scenario.name)


def _put_signature(
    round: Round, scenario: Scenario, member: User, role: str, no_interest: bool
) -> None:
    if not no_interest:
        raise NotAllowed("interest_not_stated", round=round.code)
    signature = Signature(
        round=round, scenario=scenario, signer=member, role=role, no_interest=True
    )
    signature.full_clean()
    signature.save()


def _back(round: Round, member: User, question: str) -> None:
    steps.take(round, "send_back")
    round.proposal = None
    round.motivation = ""
    round.signed_at = None
    round.full_clean()
    round.save()
    round.signatures.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    trail.record(
        actor=member,
        action="round.sent_back",
        subject=round,
        region_code=round.fund.region.code,
        question=question,
    )
