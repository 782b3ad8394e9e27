"""What must be in the ledger because of rounds and awards; `check_ledger` compares."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from allocation.models import Award, Decision, Round
from budgetpool.fund.facts import Expected, FactSource, account, cents, tell
from budgetpool.fund.models import Account
from budgetpool.money import to_cents

Origin = Award.Origin


def _rounds() -> Iterator[Expected]:
    """Per opened round: pool → round, pool → reserve; and back what was left at its end."""
    general = dict(
        Account.objects.filter(kind=Account.Kind.POOL, earmark_column="").values_list(
            "fund_id", "pk"
        )
    )
    opened = Round.objects.filter(opened_at__isnull=False).prefetch_related("pools__account")
    for round in opened:
        assert round.opened_at is not None
        pool = general.get(round.fund_id)
        day, reserve = timezone.localdate(round.opened_at), round.reserve_account_id
        for part in round.pools.all():
            yield Expected(
                f"round:{round.pk}:ceiling:{part.account_id}",
                to_cents(part.amount),
                part.account_id,
                round.account_id,
                day,
                "ceiling",
            )
            if to_cents(part.returned):
                yield Expected(
                    f"round:{round.pk}:finished:{part.account_id}",
                    to_cents(part.returned),
                    round.account_id,
                    part.account_id,
                    memo="round_finished",
                )
        if to_cents(round.reserve):
            yield Expected(
                f"round:{round.pk}:reserve",
                to_cents(round.reserve),
                pool,
                reserve,
                day,
                "objection_reserve",
            )
        if to_cents(round.reserve_returned):
            yield Expected(
                f"round:{round.pk}:reserve-finished",
                to_cents(round.reserve_returned),
                reserve,
                pool,
                memo="round_finished",
            )


def _round_contradictions() -> Iterator[str]:
    """Rounds whose pools together are not the ceiling."""
    for round in Round.objects.filter(opened_at__isnull=False).prefetch_related("pools"):
        if sum(to_cents(part.amount) for part in round.pools.all()) != to_cents(round.ceiling):
            yield f"round {round.pk}"


def _awards() -> Sequence[QuerySet[Any, Any]]:
    """Per award the money set apart for it, and what a declined one gave back."""
    whole, reserve = cents("amount"), cents("from_reserve")
    awards = Award.objects.annotate(
        pool=account(fund="round__fund", code=["pool"]),
        whole=whole,
        reserved=reserve,
    )
    upheld = awards.filter(origin=Origin.OBJECTION)
    # Who declines after the round is over gives to the pool what the round cannot hold any more.
    over = Q(round__finished_at__isnull=False, ended_at__gt=F("round__finished_at"))
    back = Case(When(over, then=F("pool")), default=F("round__account"))
    return [
        _award(
            awards.exclude(origin=Origin.OBJECTION),
            ":reserved",
            F("whole"),
            F("round__account"),
            "reserved",
        ),
        _award(
            upheld.filter(reserved__gt=0),
            ":reserved",
            F("reserved"),
            F("round__reserve_account"),
            "objection_upheld",
        ),
        _award(
            upheld.filter(whole__gt=F("reserved")),
            ":reserved:pool",
            F("whole") - F("reserved"),
            F("pool"),
            "objection_upheld",
        ),
        tell(
            awards.filter(status=Award.Status.DECLINED),
            reference=["award:", F("request"), ":declined"],
            amount=F("whole"),
            debit=F("account"),
            credit=back,
            memo="released",
        ),
    ]


def _award(
    awards: QuerySet[Award], ending: str, amount: Any, debit: Any, memo: str
) -> QuerySet[Any, Any]:
    return tell(
        awards,
        reference=["award:", F("request"), ending],
        amount=amount,
        debit=debit,
        credit=F("account"),
        memo=memo,
    )


def _award_contradictions() -> Iterator[str]:
    """Awards that are not what was decided, or that stand on another one's account."""
    other_account = Award.objects.exclude(
        account=account(fund="round__fund", code=["award-", "request_id"])
    )
    other_amount = Award.objects.filter(
        origin=Origin.ROUND, request__decision__awarded=True
    ).exclude(amount=F("request__decision__amount"))
    for awards in (other_account, other_amount):
        yield from (f"award {pk}" for pk in awards.values_list("pk", flat=True)[:50])
    lost = Decision.objects.filter(awarded=True, request__award__isnull=True)
    yield from (f"decision {pk}" for pk in lost.values_list("pk", flat=True)[:50])


rounds = FactSource(
    name="rounds", prefix="round:", expected=_rounds, contradictions=_round_contradictions
)
awards = FactSource(
    name="awards", prefix="award:", rows=_awards, contradictions=_award_contradictions
)
