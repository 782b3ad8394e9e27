"""Draft a round: the window, the money, the rule and the draw, all before anybody can ask."""

from typing import Any

from django.db import transaction
from djmoney.money import Money

from allocation import access
from allocation.errors import NotReady
from allocation.models import Policy, Round, RoundPool
from allocation.rounds import steps
from allocation.rounds.lock import locked
from budgetpool.audit import trail
from budgetpool.fund.models import Account
from budgetpool.money import from_cents, to_cents
from budgetpool.users.models import User
from workers.models import Window

CHANGEABLE = ("policy", "ceiling", "reserve", "seed_source")


def draft(
    *,
    window: Window,
    policy: Policy,
    ceiling: Money,
    reserve: Money,
    seed_source: str,
    member: User,
    pools: dict[Account, Money] | None = None,
) -> Round:
    """Write down a new round for a window that has not opened yet; no money moves.

    Args:
        window: the span in which people ask; the round takes its code.
        ceiling: what the round may spend; more than zero.
        reserve: what is kept apart for objections (Awb 4:25, third paragraph).
        seed_source: the public draw that will be the seed, such as "Lotto of 15 January 2027".
        pools: what each pool puts in, adding up to the ceiling; the general pool if absent.

    Raises:
        NotAllowed: no seat in the board of the window's region.
        NotReady: `pools_do_not_add_up`, `other_fund`.
        ValidationError: an amount or a text that a field refuses.
    """
    access.require_seat(member, region=window.fund.region, roles=access.BOARD)
    round = Round(
        fund=window.fund,
        code=window.code,
        window=window,
        policy=policy,
        ceiling=ceiling,
        reserve=reserve,
        seed_source=seed_source,
    )
    with transaction.atomic():
        _save(round, pools or {_general_pool(round): ceiling})
        trail.record(
            actor=member,
            action="round.drafted",
            subject=round,
            region_code=window.fund.region.code,
            ceiling_cents=to_cents(ceiling),
            reserve_cents=to_cents(reserve),
        )
    return round


def change(
    *, round: Round, member: User, pools: dict[Account, Money] | None = None, **fields: Any
) -> Round:
    """Change a draft: `policy`, `ceiling`, `reserve`, `seed_source` or the pools.

    Raises: as `draft`, and WrongStep once the round is open: the rule comes first.
    """
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A draft has no {', '.join(sorted(unknown))} to change.")
    with transaction.atomic():
        fresh = locked(round)
        access.require_board(member, fresh)
        steps.take(fresh, "change")
        for name, value in fields.items():
            setattr(fresh, name, value)
        if pools is None and fresh.pools.count() == 1:
            pools = {fresh.pools.get().account: fresh.ceiling}
        _save(fresh, pools or {pool.account: pool.amount for pool in fresh.pools.all()})
        trail.record(
            actor=member,
            action="round.changed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            fields=sorted(fields),
        )
    return fresh


def _save(round: Round, pools: dict[Account, Money]) -> None:
    accounts = [*pools]
    if round.policy.fund_id != round.fund_id or any(a.fund_id != round.fund_id for a in accounts):
        raise NotReady("other_fund", round=round.code)
    total = sum(to_cents(amount) for amount in pools.values())
    if total != to_cents(round.ceiling) or any(a.kind != Account.Kind.POOL for a in accounts):
        raise NotReady(
            "pools_do_not_add_up", pools_cents=total, ceiling_cents=to_cents(round.ceiling)
        )
    round.full_clean()
    round.save()
    round.pools.all().delete()
    for account, amount in pools.items():
        pool = RoundPool(round=round, account=account, amount=from_cents(to_cents(amount)))
        pool.full_clean()
        pool.save()


def _general_pool(round: Round) -> Account:
    pool = Account.objects.filter(
        fund=round.fund, kind=Account.Kind.POOL, earmark_column=""
    ).first()
    if pool is None:
        raise NotReady("no_pool", fund=round.fund.name)
    return pool
