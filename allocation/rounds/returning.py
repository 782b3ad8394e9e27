"""Give a round's money back to the pools that it came from, earmarks included."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from allocation.models import Round, RoundPool, Snapshot
from allocation.rounds import record
from budgetpool import lazily
from budgetpool.fund import ledger
from budgetpool.fund.models import Account
from budgetpool.money import from_cents, to_cents
from budgetpool.users.models import User

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazily.module("pandas")


def everything(round: Round, member: User) -> int:
    """Move what the round and its reserve still hold back to the pools; gives the cents."""
    if round.account is None or round.reserve_account is None:
        return 0
    pools = list(round.pools.select_related("account"))
    general = next((pool for pool in pools if not pool.account.earmark_column), pools[0])
    left = ledger.balance_cents(round.account)
    moves = [(round.account, pool, cents) for pool, cents in shares(round, pools, left) if cents]
    reserve = ledger.balance_cents(round.reserve_account)
    target = general.account
    if target.earmark_column:  # the round had earmarked pools only; the reserve came from elsewhere
        target = Account.objects.get(fund=round.fund, kind=Account.Kind.POOL, earmark_column="")
    entries = [
        ledger.Entry(
            debit=account,
            credit=pool.account,
            amount=cents,
            reference=f"round:{round.pk}:finished:{pool.account_id}",
            memo="round_finished",
            posted_by=member,
        )
        for account, pool, cents in moves
    ]
    if reserve:
        entries.append(
            ledger.Entry(
                debit=round.reserve_account,
                credit=target,
                amount=reserve,
                reference=f"round:{round.pk}:reserve-finished",
                memo="round_finished",
                posted_by=member,
            )
        )
    ledger.post_many(entries)
    for _, pool, cents in moves:
        pool.returned = from_cents(cents)
        pool.full_clean()
        pool.save(update_fields=["returned", "returned_currency"])
    round.reserve_returned = from_cents(reserve)
    return left + reserve


def shares(round: Round, pools: list[RoundPool], left: int) -> list[tuple[RoundPool, int]]:
    """How many cents of what is left belong to each pool.

    An earmarked pool pays first for the awards that match it, so that what is left of it is what
    its own people did not need; the general pool takes the rest.
    """
    earmarked = [pool for pool in pools if pool.account.earmark_column]
    general = [pool for pool in pools if not pool.account.earmark_column]
    unspent = _unspent(round, earmarked)
    answer = []
    for pool in earmarked:
        cents = min(left, unspent[pool.pk])
        answer.append((pool, cents))
        left -= cents
    last = general[0] if general else pools[0]
    return [*answer, (last, left)] if general else _add(answer, last, left)


def _add(
    answer: list[tuple[RoundPool, int]], pool: RoundPool, cents: int
) -> list[tuple[RoundPool, int]]:
    return [(one, amount + cents if one.pk == pool.pk else amount) for one, amount in answer]


def _unspent(round: Round, pools: list[RoundPool]) -> dict[int, int]:
    amounts = {pool.pk: to_cents(pool.amount) for pool in pools}
    if not pools or round.proposal is None or round.published_at is None:
        return amounts
    snapshot = Snapshot.objects.get(round=round)
    requests = pd.read_csv(io.StringIO(snapshot.requests_csv), dtype=str, keep_default_na=False)
    decisions = record.decisions_frame(round.proposal)
    awards = requests.merge(
        decisions.loc[decisions["awarded"] == 1, ["request_id", "amount_cents"]],
        on="request_id",
        suffixes=("_asked", ""),
    )
    for pool in pools:
        matching = awards[pool.account.earmark_column] == pool.account.earmark_equals
        amounts[pool.pk] = max(
            0, amounts[pool.pk] - int(awards.loc[matching, "amount_cents"].sum())
        )
        awards = awards[~matching]
    return amounts
