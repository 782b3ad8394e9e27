"""The board reads each comment, shows it or says why not, and answers it."""

from django.db import transaction
from django.utils import timezone

from allocation.models import Comment
from allocation.rules import access
from budgetpool.audit import trail
from budgetpool.fund.models import Region
from budgetpool.refusals import NotReady
from budgetpool.users.models import User


def show(*, comment: Comment, member: User) -> Comment:
    """Let everybody read a comment.

    Raises:
        NotAllowed: no seat in the board.
        NotReady: `read_before`.
    """
    return _read(comment, member, Comment.Shown.SHOWN)


def withhold(*, comment: Comment, why: str, member: User) -> Comment:
    """Do not show a comment, for one of the published grounds; its writer sees which.

    That it was withheld, and for which ground, is counted in public.

    Args:
        why: one of `Comment.Why`.

    Raises:
        NotAllowed: no seat in the board.
        NotReady: `read_before`; `answered_before`: what has an answer is not hidden any more.
        ValidationError: no ground, or an unknown one.
    """
    return _read(comment, member, Comment.Shown.WITHHELD, why)


def answer(*, comment: Comment, text: str, member: User) -> Comment:
    """Answer a comment in public, once; who did not show it yet shows it by that.

    Raises:
        NotAllowed: no seat in the board.
        NotReady: `answered_before`; `comment_withheld`; `reply_missing`.
    """
    access.require_seat(member, region=_region(comment), roles=access.BOARD)
    if not text.strip():
        raise NotReady("reply_missing")
    with transaction.atomic():
        fresh = _locked(comment)
        if fresh.answered_at is not None:
            raise NotReady("answered_before")
        if fresh.state == Comment.Shown.WITHHELD:
            raise NotReady("comment_withheld")
        if fresh.state == Comment.Shown.WAITING:
            _mark(fresh, member, Comment.Shown.SHOWN)
        fresh.answer = text.strip()
        fresh.answered_at, fresh.answered_by = timezone.now(), member
        fresh.full_clean()
        fresh.save()
        _note(fresh, member, "consultation.answered")
    return fresh


def _read(comment: Comment, member: User, state: Comment.Shown, why: str = "") -> Comment:
    access.require_seat(member, region=_region(comment), roles=access.BOARD)
    with transaction.atomic():
        fresh = _locked(comment)
        if fresh.answered_at is not None:
            raise NotReady("answered_before")
        if fresh.state == state:
            raise NotReady("read_before")
        _mark(fresh, member, state, why)
        fresh.full_clean()
        fresh.save()
        _note(fresh, member, f"consultation.{state.value}", why=why)
    return fresh


def _mark(comment: Comment, member: User, state: Comment.Shown, why: str = "") -> None:
    comment.state, comment.why = state, why
    comment.read_at, comment.read_by = timezone.now(), member


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=["self"])
    return rows.select_related("consultation__policy__fund__region").get(pk=comment.pk)


def _region(comment: Comment) -> Region:
    return comment.consultation.policy.fund.region


def _note(comment: Comment, member: User, action: str, **details: str) -> None:
    trail.record(
        actor=member,
        action=action,
        subject=comment,
        region_code=_region(comment).code,
        **details,
    )
