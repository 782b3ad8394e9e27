"""Pay what a won objection gives: from the objection reserve first, then from the pool.

Also when the round's money is gone (Awb 4:25, third paragraph); nobody else loses anything.
"""

from django.utils import timezone

from allocation.decisions import awards
from allocation.models import Award, Decision, Objection
from allocation.rounds import publishing
from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from budgetpool.money import from_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers.models import Choice


def honour(objection: Objection, choice: Choice | None, actor: User) -> Award | None:
    """The award that a won objection gives: what the replay says, or what the handler chose.

    Raises:
        NotReady: `other_request`: the choice is somebody else's.
        NotEnoughMoney: reserve and pool together hold less than the award.
    """
    decision = objection.decision
    if Award.objects.filter(request=decision.request_id).exists():
        return None
    if choice is None and objection.replay.get("awarded"):
        choice = Choice.objects.get(pk=objection.replay["choice"])
        cents = int(objection.replay["amount_cents"])
    elif choice is not None:
        cents = choice.amount_cents
    else:
        return None
    if choice.request_id != decision.request_id:
        raise NotReady("other_request", choice=choice.pk)
    return _grant(decision, choice, cents, actor)


def _grant(decision: Decision, choice: Choice, cents: int, actor: User) -> Award:
    """reserve → award, and pool → award for what the reserve lacks."""
    round = decision.round
    assert round.reserve_account is not None
    account = ledger.open_account(
        fund=round.fund,
        kind=Account.Kind.AWARD,
        code=publishing.account_code(decision.request_id),
    )
    from_reserve = min(cents, ledger.balance_cents(round.reserve_account))
    pool = Account.objects.get(fund=round.fund, kind=Account.Kind.POOL, earmark_column="")
    reference = publishing.reference(decision.request_id)
    parts = [
        (round.reserve_account, from_reserve, reference),
        (pool, cents - from_reserve, from_pool(decision.request_id)),
    ]
    ledger.post_many(
        ledger.Entry(
            debit=source,
            credit=account,
            amount=part,
            reference=name,
            memo="objection_upheld",
            posted_by=actor,
        )
        for source, part, name in parts
        if part
    )
    award = Award(
        round=round,
        request=decision.request,
        choice=choice,
        amount=from_cents(cents),
        from_reserve=from_cents(from_reserve),
        account=account,
        origin=Award.Origin.OBJECTION,
        granted_at=timezone.now(),
        accept_by=publishing.accept_by(timezone.localdate()),
    )
    awards.announce(award, actor)
    return award


def from_pool(request: int) -> str:
    """The reference of what the pool adds to an award where the reserve is too small."""
    return f"{publishing.reference(request)}:pool"
