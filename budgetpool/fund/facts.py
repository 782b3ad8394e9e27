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
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, Round
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


def joined(rows: QuerySet[Any], *, fund: str, **codes: Sequence[str]) -> QuerySet[Any]:
    """Facts with accounts of their fund, each by a join, for facts of which there may be a million.

    Args:
        fund: the column with the fact's fund.
        codes: by the name of the account its code, as `account` takes it; `key_of_account(name)`
            is then the account of each fact.
    """
    accounts = f"{fund}__accounts"
    named: QuerySet[Any] = rows.annotate(
        **{
            name: FilteredRelation(
                accounts, condition=Q(**{f"{accounts}__code": _spelled(code, F)})
            )
            for name, code in codes.items()
        }
    )
    return named


def key_of_account(name: str) -> Combinable:
    """The key of an account that `joined` named; 0, which no account has, where there is none."""
    return Coalesce(F(f"{name}__pk"), Value(0), output_field=BigIntegerField())


def account(*, fund: str, code: Sequence[str]) -> Subquery:
    """The account of a fact's fund with this code, looked up once for each fact.

    Args:
        fund: the column with the fact's fund.
        code: its parts: a text, and the names of columns after it.
    """
    found = Account.objects.filter(fund=OuterRef(fund), code=_spelled(code, OuterRef))
    return Subquery(found.values("pk")[:1])


def _spelled(code: Sequence[str], column: Callable[[str], Combinable]) -> Any:
    text, *columns = code
    if not columns:
        return text
    parts = [Cast(column(name), CharField()) for name in columns]
    return Concat(Value(text), *parts, output_field=CharField())
