"""Draft a round: the window, the money, the rule and the draw, all before anybody can ask."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from allocation.models import Policy, Round, RoundPool
from allocation.rounds import steps
from allocation.rounds.lock import locked
from allocation.rules import access, draws
from allocation.rules.draws import Draw
from budgetpool.audit import trail
from budgetpool.fund.models import Account, Fund
from budgetpool.money import from_cents, to_cents
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from workers import windows
from workers.models import Window

type Span = tuple[datetime, datetime]

CHANGEABLE = ("policy", "ceiling", "reserve")


def draft(
    *,
    window: Window,
    policy: Policy,
    ceiling: Money,
    reserve: Money,
    draw: Draw,
    member: User,
    pools: dict[Account, Money] | None = None,
) -> Round:
    """Write down a new round for a window that has not opened yet; no money moves.

    Args:
        window: the span in which people ask; the round takes its code.
        ceiling: what the round may spend; more than zero.
        reserve: what is kept apart for objections (Awb 4:25, third paragraph).
        draw: the public draw that will be the seed: its source, its day and its form.
        pools: what each pool puts in, adding up to the ceiling; the general pool if absent.

    Raises:
        NotAllowed: no seat in the board of the window's region.
        NotReady: `pools_do_not_add_up`, `other_fund`, `draw_form_wrong`, `draw_before_end`.
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
    )
    draws.put(round, draw)
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


def plan(
    *,
    fund: Fund,
    code: str,
    span: Span,
    member: User,
    decided_on: date | None = None,
    **fields: Any,
) -> Round:
    """Announce a window that is still to come, and draft its round: both, or neither.

    Args:
        span: when people can ask, from and until.
        decided_on: the day by which everybody hears the decision; two weeks later unless given.
        fields: the rest of what `draft` takes.

    Raises: as `draft`, and NotReady `starts_in_the_past`.
    """
    access.require_seat(member, region=fund.region, roles=access.BOARD)
    _require_future(span)
    with transaction.atomic():
        window = windows.announce(
            actor=member,
            fund=fund,
            code=code,
            opens_at=span[0],
            closes_at=span[1],
            decided_on=decided_on,
        )
        return draft(window=window, member=member, **fields)


def change(
    *,
    round: Round,
    member: User,
    pools: dict[Account, Money] | None = None,
    draw: Draw | None = None,
    span: Span | None = None,
    decided_on: date | None = None,
    **fields: Any,
) -> Round:
    """Change a draft: `policy`, `ceiling`, `reserve`, the draw, the pools or when people can ask.

    Raises: as `draft`, NotReady `starts_in_the_past`, and WrongStep once the round is open: the
    rule comes first.
    """
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A draft has no {', '.join(sorted(unknown))} to change.")
    with transaction.atomic():
        fresh = locked(round)
        access.require_step(member, fresh, "change")
        steps.take(fresh, "change")
        for name, value in fields.items():
            setattr(fresh, name, value)
        if span is not None:
            _require_future(span)
            fresh.window = windows.move(
                actor=member,
                window=fresh.window,
                opens_at=span[0],
                closes_at=span[1],
                decided_on=decided_on,
            )
        if draw is not None:
            draws.put(fresh, draw)
        if pools is None and fresh.pools.count() == 1:
            pools = {fresh.pools.get().account: fresh.ceiling}
        _save(fresh, pools or {pool.account: pool.amount for pool in fresh.pools.all()})
        trail.record(
            actor=member,
            action="round.changed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            fields=sorted([*fields, *(["draw"] if draw else []), *(["window"] if span else [])]),
        )
    return fresh


def _require_future(span: Span) -> None:
    """The rule is public before anybody can ask, so that a start of today comes too late."""
    if timezone.localdate(span[0]) <= timezone.localdate():
        raise NotReady("starts_in_the_past", opens_at=span[0].isoformat())


def _save(round: Round, pools: dict[Account, Money]) -> None:
    draws.of(round).check(round.window)
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
