"""Where the money of an employer is: in a pool, waiting to be recognised, or on its way back.

Money is an employer's when somebody or the import said so, or when it came from an account that
this employer alone named as its own.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q

from budgetpool.fund.models import Fund
from employers.models import Deposit, DepositMatch, Employer, EmployerIban, Refund

IN_POOL, WAITS, GOES_BACK, WENT_BACK = "in_pool", "waits", "goes_back", "went_back"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a deposit and where it is; `on` is the day on which it went back, if it did."""

    received_on: datetime.date
    amount_cents: int
    fund: Fund
    state: str
    reference: str = ""
    reason: str = ""
    on: datetime.date | None = None


def of(employer: Employer) -> list[Part]:
    """All that came from an employer, the newest first."""
    own = _own_ibans(employer)
    matched = DepositMatch.objects.filter(employer=employer).values("deposit")
    deposits = (
        Deposit.objects.filter(Q(pk__in=matched) | Q(entry__iban__in=own))
        .select_related("entry", "fund__region")
        .prefetch_related(
            Prefetch(
                "matches",
                DepositMatch.objects.select_related("contribution"),
                to_attr="told",
            ),
            Prefetch(
                "refunds",
                Refund.objects.filter(withdrawn_at=None).select_related("payment__entry"),
                to_attr="back",
            ),
        )
        .order_by("-received_on", "-pk")
    )
    return [part for deposit in deposits for part in _parts(deposit, employer, own)]


def _own_ibans(employer: Employer) -> set[str]:
    """The accounts that this employer named, and no other one: a holding pays for several."""
    rows = EmployerIban.objects.filter(iban__in=employer.ibans.values("iban"))
    shared = rows.values("iban").annotate(employers=Count("employer", distinct=True))
    return {row["iban"] for row in shared if row["employers"] == 1}


def _parts(deposit: Any, employer: Employer, own: set[str]) -> Iterator[Part]:
    facts = {"received_on": deposit.received_on, "fund": deposit.fund}
    said = [match for match in deposit.told if match.undone_at is None]
    for match in said:
        if match.employer_id == employer.pk:
            reference = match.contribution.reference if match.contribution else ""
            yield Part(amount_cents=match.amount_cents, state=IN_POOL, reference=reference, **facts)
    for refund in deposit.back:
        if not _is_theirs(refund, deposit, employer, own):
            continue
        yield Part(
            amount_cents=refund.amount_cents,
            state=WENT_BACK if refund.payment else GOES_BACK,
            reason=refund.reason,
            on=refund.payment.entry.date if refund.payment else None,
            **facts,
        )
    left = deposit.amount_cents - sum(part.amount_cents for part in [*said, *deposit.back])
    if left > 0 and deposit.entry.iban in own:
        yield Part(amount_cents=left, state=WAITS, **facts)


def _is_theirs(refund: Refund, deposit: Any, employer: Employer, own: set[str]) -> bool:
    """From an own account, or said to be theirs until it went back; a slip in between is not."""
    return deposit.entry.iban in own or any(
        match.employer_id == employer.pk and match.undone_reason in ("", refund.reason)
        for match in deposit.told
    )
