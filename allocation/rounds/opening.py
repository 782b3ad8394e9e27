"""Open a round: freeze the rule, set the money apart, and say both in public."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from allocation import code_version
from allocation.models import Policy, Round
from allocation.rounds import steps
from allocation.rounds.lock import locked
from allocation.rules import access, consulting
from budgetpool.audit import trail
from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from budgetpool.money import to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User


def open(*, round: Round, member: User, at: datetime | None = None) -> Round:
    """Freeze the policy, move ceiling and reserve out of the pools, and announce the round.

    From here on the rule, the ceiling and the draw that will be the seed are public and fixed
    (Awb 4:26 and 4:27), with the fingerprint of the program that will divide.

    Args:
        at: when the board announced it, if that was on paper, before the fund came here.

    Raises:
        NotAllowed: no seat in the board.
        WrongStep: the round is no draft.
        NotReady: `no_legal_rule`: the fund names no rule to give money by (Awb 4:23);
            `window_opened_before`: people could ask before they could know the rule;
            `consultation_runs`, `not_consulted`: the public was to have its say before.
        NotEnoughMoney: a pool holds less than the round asks of it.
    """
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "open")
        steps.take(fresh, "open")
        if not fresh.fund.rule_name:
            raise NotReady("no_legal_rule", fund=fresh.fund.name)
        now = min(at or timezone.now(), timezone.now())
        if fresh.window.opens_at < now:
            raise NotReady("window_opened_before", opens_at=fresh.window.opens_at.isoformat())
        consulting.require_consulted(fresh.policy)
        Policy.objects.filter(pk=fresh.policy_id, frozen_at__isnull=True).update(frozen_at=now)
        _set_money_apart(fresh, member, timezone.localdate(now))
        fresh.opened_at = now
        fresh.code_sha256 = code_version.sha256()
        fresh.full_clean()
        fresh.save()
        trail.record(
            actor=member,
            action="round.opened",
            subject=fresh,
            region_code=fresh.fund.region.code,
            policy_sha256=fresh.policy.sha256,
            ceiling_cents=to_cents(fresh.ceiling),
        )
    return fresh


def _set_money_apart(round: Round, member: User, day: date) -> None:
    """pool → round for each pool, general pool → reserve; one lock order for all of them."""
    prefix = f"round-{round.code}"
    if Account.objects.filter(fund=round.fund, code=prefix).exists():
        # A round of this name was cancelled; its account keeps what was booked on it.
        prefix = f"{prefix}-{round.pk}"
    round.account = ledger.open_account(
        fund=round.fund, kind=Account.Kind.ROUND, code=prefix, name=round.code
    )
    round.reserve_account = ledger.open_account(
        fund=round.fund, kind=Account.Kind.RESERVE, code=f"{prefix}-reserve", name=round.code
    )
    entries = [
        ledger.Entry(
            debit=pool.account,
            credit=round.account,
            amount=pool.amount,
            reference=f"round:{round.pk}:ceiling:{pool.account_id}",
            memo="ceiling",
            value_date=day,
            posted_by=member,
        )
        for pool in round.pools.select_related("account")
    ]
    if to_cents(round.reserve):
        entries.append(
            ledger.Entry(
                debit=_reserve_source(round),
                credit=round.reserve_account,
                amount=round.reserve,
                reference=f"round:{round.pk}:reserve",
                memo="objection_reserve",
                value_date=day,
                posted_by=member,
            )
        )
    ledger.post_many(entries)


def _reserve_source(round: Round) -> Account:
    """The general pool: an earmark pays for matching requests only, an objection may be any."""
    pool = Account.objects.filter(
        fund=round.fund, kind=Account.Kind.POOL, earmark_column=""
    ).first()
    if pool is None:
        raise NotReady("no_pool", fund=round.fund.name)
    return pool
