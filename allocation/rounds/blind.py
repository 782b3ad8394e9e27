"""A neutral look: members judge a few cases by themselves, before the proposal tells them.

People follow a machine that shows its answer first (automation bias); asked beforehand, they may
find what the rule does wrong. Which cases are shown follows from the public draw, so that nobody
chooses them; a case that a member had opened before counts apart.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from allocation.models import BlindJudgement, Round, Verdict
from allocation.rounds.lock import locked
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.audit.models import AuditEvent
from budgetpool.refusals import NotReady, WrongStep
from budgetpool.users.models import User
from workers.models import TrainingRequest

SIZE: Final = 20
OPEN: Final = (Round.Status.CLOSED, Round.Status.PROPOSED)
DECIDED: Final = (BlindJudgement.Answer.YES, BlindJudgement.Answer.NO)


@dataclass(frozen=True)
class Agreement:
    """How often members said of a case, unseen, what the division decided about it."""

    members: int
    judged: int
    agreed: int


def is_possible(round: Round) -> bool:
    """Between the draw, which chooses the cases, and the second signature."""
    return bool(round.draw_outcome) and round.status in OPEN


def sample(round: Round) -> list[int]:
    """The requests of a round that its members may judge unseen, in the order of the lot.

    At most `SIZE`; the same for every member.
    """
    sent = TrainingRequest.objects.filter(
        window=round.window_id, status=TrainingRequest.Status.SUBMITTED
    )
    keys = sent.values_list("pk", flat=True)
    return sorted(keys, key=lambda key: _lot(round, key))[:SIZE]


def _lot(round: Round, request: int) -> bytes:
    return hashlib.sha256(f"{round.draw_outcome}:{round.pk}:{request}".encode()).digest()


def to_judge(round: Round, member: User) -> list[int]:
    """What of the sample this member has still to judge, without their own interests.

    Raises:
        NotAllowed: `no_seat`. WrongStep: `blind_not_now`.
    """
    access.require_board(member, round)
    if not is_possible(round):
        raise WrongStep("blind_not_now")
    judged = of(round).filter(member=member).values_list("request_id", flat=True)
    out = {*judged, *access.own_requests(member, round)}
    return [key for key in sample(round) if key not in out]


@transaction.atomic
def show(round: Round, member: User) -> tuple[TrainingRequest | None, int]:
    """The next case for this member, whose look is written down, and how many are left with it;
    None and 0 when all are judged.

    Raises:
        see `to_judge`.
    """
    left = to_judge(round, member)
    if not left:
        return None, 0
    case = TrainingRequest.objects.with_choices().get(pk=left[0])
    trail.record(
        actor=member,
        action="request.seen",
        subject=case,
        region_code=round.fund.region.code,
        without="outcome",
    )
    return case, len(left)


@transaction.atomic
def judge(*, round: Round, request: int, member: User, answer: str) -> BlindJudgement:
    """Keep a member's own word on a case; it changes nothing in the division.

    Args:
        request: the key of a request of the sample.
        answer: a value of `BlindJudgement.Answer`.

    Raises:
        NotAllowed: `no_seat`. WrongStep: `blind_not_now`.
        NotReady: `not_to_judge`: not of the sample, an own interest, or judged before.
        ValidationError: another answer.
    """
    fresh = locked(round)
    if request not in to_judge(fresh, member):
        raise NotReady("not_to_judge")
    given = BlindJudgement(
        round=fresh,
        request_id=request,
        member=member,
        answer=answer,
        knew=_had_looked(fresh, member, request),
    )
    given.full_clean()
    given.save()
    trail.record(
        actor=member,
        action="request.judged_unseen",
        subject=given.request,
        region_code=fresh.fund.region.code,
    )
    return given


def _had_looked(round: Round, member: User, request: int) -> bool:
    """Whether the trail has a look of this member at the page of the request, which shows the
    outcome, or at a file of the round: of all outcomes, or of all chances before the draw."""
    files = AuditEvent.objects.filter(
        actor=member,
        action__in=("requests.exported", "odds.exported"),
        subject_type=Round._meta.label_lower,
        subject_id=str(round.pk),
    )
    if files.exists():
        return True
    looks = AuditEvent.objects.filter(
        actor=member,
        action="request.seen",
        subject_type=TrainingRequest._meta.label_lower,
        subject_id=str(request),
    )
    return any("without" not in look.details for look in looks)


def of(round: Round) -> QuerySet[BlindJudgement]:
    """All judgements of a round."""
    return BlindJudgement.objects.filter(round=round)


def agreement(round: Round) -> Agreement | None:
    """How the unseen judgements compare with the division that was proposed; None without both.

    Only a yes or a no of who had not looked before counts.
    """
    if round.proposal_id is None:
        return None
    given = of(round).filter(answer__in=DECIDED, knew=False)
    rows = list(given.values_list("request_id", "member_id", "answer"))
    if not rows:
        return None
    awarded = _awarded(round, {request for request, _member, _answer in rows})
    return Agreement(
        members=len({member for _request, member, _answer in rows}),
        judged=len(rows),
        agreed=sum(
            (request in awarded) is (answer == BlindJudgement.Answer.YES)
            for request, _member, answer in rows
        ),
    )


def _awarded(round: Round, requests: set[int]) -> set[int]:
    """Which of these the proposal gives something."""
    verdicts = Verdict.objects.filter(
        scenario=round.proposal_id, request__in=requests, choice__isnull=False
    )
    return set(verdicts.values_list("request_id", flat=True))


def beside_the_proposal(round: Round, member: User) -> list[tuple[BlindJudgement, bool]]:
    """What a member said of each case, with whether the proposal gives; empty before there is one
    and while the member has cases to judge."""
    if round.proposal_id is None or (is_possible(round) and to_judge(round, member)):
        return []
    given = list(of(round).filter(member=member).select_related("request"))
    awarded = _awarded(round, {one.request_id for one in given})
    return [(one, one.request_id in awarded) for one in given]
