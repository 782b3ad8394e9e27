"""What must be in the ledger because of rounds and awards; `check_ledger` compares."""

from collections.abc import Iterator

from allocation.decisions import honouring
from allocation.models import Award, Round
from allocation.rounds import publishing
from budgetpool.fund.facts import Expected, FactSource
from budgetpool.fund.models import Account
from budgetpool.money import to_cents


def _rounds() -> Iterator[Expected]:
    """Per opened round: pool → round, pool → reserve; and back what was left at its end."""
    opened = Round.objects.filter(opened_at__isnull=False).prefetch_related("pools__account")
    for round in opened:
        for pool in round.pools.all():
            yield Expected(
                f"round:{round.pk}:ceiling:{pool.account_id}",
                to_cents(pool.amount),
                pool.account_id,
                round.account_id,
            )
            if to_cents(pool.returned):
                yield Expected(
                    f"round:{round.pk}:finished:{pool.account_id}",
                    to_cents(pool.returned),
                    round.account_id,
                    pool.account_id,
                )
        if to_cents(round.reserve):
            yield Expected(
                f"round:{round.pk}:reserve", to_cents(round.reserve), None, round.reserve_account_id
            )
        if to_cents(round.reserve_returned):
            yield Expected(
                f"round:{round.pk}:reserve-finished",
                to_cents(round.reserve_returned),
                round.reserve_account_id,
                None,
            )


def _awards() -> Iterator[Expected]:
    """Per award the money set apart for it, and what a declined one gave back."""
    pools = dict(
        Account.objects.filter(kind=Account.Kind.POOL, earmark_column="").values_list(
            "fund_id", "pk"
        )
    )
    for award in Award.objects.select_related("round"):
        cents, reserve = to_cents(award.amount), to_cents(award.from_reserve)
        reference = publishing.reference(award.request_id)
        if award.origin != Award.Origin.OBJECTION:
            yield Expected(reference, cents, award.round.account_id, award.account_id)
        else:
            if reserve:
                yield Expected(reference, reserve, award.round.reserve_account_id, award.account_id)
            if cents - reserve:
                yield Expected(
                    honouring.from_pool(award.request_id),
                    cents - reserve,
                    pools[award.round.fund_id],
                    award.account_id,
                )
        if award.status == Award.Status.DECLINED:
            yield Expected(f"award:{award.request_id}:declined", cents, award.account_id, None)


rounds = FactSource(name="rounds", prefix="round:", expected=_rounds)
awards = FactSource(name="awards", prefix="award:", expected=_awards)
