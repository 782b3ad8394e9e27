"""What upper layers tell the books: every fact has exactly its transfer, and the other way round.

A layer that moves money describes what must be in the ledger as a `FactSource`; the setting
`LEDGER_FACTS` lists the sources by their dotted paths. So `check_ledger` compares the ledger with
deposits, awards and payouts, and the fund knows none of them. A transfer that no source asks for
is a finding, whatever its reference begins with.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Round
from django.utils.module_loading import import_string

from budgetpool.fund.models import Account


@dataclass(frozen=True, slots=True)
class Expected:
    """One transfer that a business fact asks for.

    `None` for an account or a memo says that the fact does not determine it. `None` for the day
    says that the transfer counts on the day on which it was booked.
    """

    reference: str
    amount_cents: int
    debit_id: int | None = None
    credit_id: int | None = None
    day: date | None = None
    memo: str | None = None


@dataclass(frozen=True, slots=True)
class FactSource:
    """All transfers that one kind of fact asks for.

    Args:
        name: a lower-case code, such as `deposits`.
        prefix: how their references start, such as `deposit:`; of one source only. A transfer
            with such a reference that no fact asks for is a finding of this source. A correction
            (`…:corrected`) is told like any other transfer.
        expected: reads the facts of all funds, in any order; may be a generator.
        rows: the same for facts of which there may be a million: queries made by `tell`, which
            the database compares without giving them to Python.
        contradictions: facts that do not agree with what they stem from, each in a few words.
    """

    name: str
    prefix: str
    expected: Callable[[], Iterable[Expected]] = tuple
    rows: Callable[[], Sequence[QuerySet[Any, Any]]] = tuple
    contradictions: Callable[[], Iterable[str]] = tuple


def sources() -> list[FactSource]:
    """The sources named in the setting `LEDGER_FACTS`."""
    return [import_string(path) for path in settings.LEDGER_FACTS]


def checks() -> list[Callable[[], Any]]:
    """What upper layers prove beside their facts: functions that give an `Outcome`."""
    return [import_string(path) for path in settings.LEDGER_CHECKS]


def lines() -> list[str]:
    """What upper layers tell below the checks."""
    return [line for path in settings.LEDGER_LINES for line in import_string(path)()]


def tell(
    facts: QuerySet[Any],
    *,
    reference: Sequence[str | Combinable],
    amount: str | Combinable,
    debit: Combinable,
    credit: Combinable,
    memo: str | Combinable,
    day: Combinable | None = None,
) -> QuerySet[Any, Any]:
    """A query that gives one `Expected` per fact, in its order of fields.

    Args:
        reference: its parts: texts, and columns as `F("pk")`.
        amount: the column with the cents, or an expression.
        day: when it counts; on the day of booking if absent.
    """
    parts = [Value(p) if isinstance(p, str) else Cast(p, CharField()) for p in reference]
    told: QuerySet[Any, Any] = (
        facts.order_by()
        .values_list(Concat(*parts, Value(""), output_field=CharField()))
        .annotate(
            told_cents=ExpressionWrapper(
                F(amount) if isinstance(amount, str) else amount, BigIntegerField()
            ),
            told_debit=ExpressionWrapper(debit, BigIntegerField()),
            told_credit=ExpressionWrapper(credit, BigIntegerField()),
            told_day=ExpressionWrapper(day or Value(None), DateField()),
            told_memo=Value(memo) if isinstance(memo, str) else memo,
        )
    )
    return told


def cents(column: str) -> Combinable:
    """The cents of a column with euros."""
    return Cast(Round(F(column) * 100), BigIntegerField())


def account(*, fund: str, code: Sequence[str]) -> Subquery:
    """The account of a fact's fund with this code.

    Args:
        fund: the column with the fact's fund.
        code: its parts: a text, and the names of columns after it.
    """
    text, *columns = code
    spelled: Any = text
    if columns:
        parts = [Cast(OuterRef(column), CharField()) for column in columns]
        spelled = Concat(Value(text), *parts, output_field=CharField())
    return Subquery(Account.objects.filter(fund=OuterRef(fund), code=spelled).values("pk")[:1])
