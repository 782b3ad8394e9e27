"""What was open at the end of a day, by age: for the set that a treasurer hands over.

Three things the books know of: money that came in or left and that nobody had explained, line by
line, and what was to be paid back to the fund, where what is due first is paid first. They add up
to the accounts of the trial balance of that day. Beside them stand requests that employers had
not paid: a promise is no money, so the books do not know them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from budgetpool.bank.models import BankEntry, PaymentPart
from budgetpool.fund.models import Account, Fund, Transfer
from employers.models import Contribution, Deposit, Refund

# The kinds of items, in the order in which they are shown.
KINDS: Final = ("suspense", "unexplained", "provider", "person", "request")
# The upper ends of the classes of age, in days; what is older is the last class.
AGES: Final = (30, 60, 90)
DEPOSIT: Final = re.compile(r"deposit:(\d+):")
REFUND: Final = re.compile(r"refund:(\d+):")
LEFT: Final = re.compile(r"bank-entry:(\d+):left")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that was open.

    Args:
        kind: one of `KINDS`.
        what: which one, such as the name on the line of the bank.
        since: the day of the line or of the claim; of a request the day to pay before.
    """

    kind: str
    what: str
    since: date
    cents: int

    def age(self, until: date) -> int:
        """The class of its age: 0 is at most 30 days, or not due yet; 3 is more than 90 days."""
        days = (until - self.since).days
        return next((place for place, most in enumerate(AGES) if days <= most), len(AGES))


def of(fund: Fund, until: date) -> list[OpenItem]:
    """Everything that was open at the end of a day, by kind, the oldest first."""
    found = [
        *_in_suspense(fund, until),
        *_unexplained(fund, until),
        *_owed(fund, until),
        *_asked(fund, until),
    ]
    return sorted(found, key=lambda item: (KINDS.index(item.kind), item.since, item.what))


def by_age(items: Iterable[OpenItem], until: date) -> dict[str, list[int]]:
    """Per kind the cents of each class of age, from the youngest to the oldest."""
    sums: dict[str, list[int]] = {kind: [0] * (len(AGES) + 1) for kind in KINDS}
    for item in items:
        sums[item.kind][item.age(until)] += item.cents
    return sums


def _in_suspense(fund: Fund, until: date) -> Iterator[OpenItem]:
    refunded = dict(Refund.objects.filter(deposit__fund=fund).values_list("pk", "deposit"))
    left: dict[int, int] = defaultdict(int)
    for reference, _key, _corrects, cents in _moved(fund, Account.Kind.SUSPENSE, until):
        deposit, refund = DEPOSIT.match(reference), REFUND.match(reference)
        left[_number(deposit) or refunded.get(_number(refund), 0)] -= cents
    deposits = Deposit.objects.select_related("entry").in_bulk(_open(left))
    lines = {key: deposit.entry for key, deposit in deposits.items()}
    yield from _lines("suspense", left, lines, until)


def _unexplained(fund: Fund, until: date) -> Iterator[OpenItem]:
    parts = dict(PaymentPart.objects.filter(entry__fund=fund).values_list("transfer", "entry"))
    left: dict[int, int] = defaultdict(int)
    for reference, key, corrects, cents in _moved(fund, Account.Kind.UNEXPLAINED, until):
        line = _number(LEFT.match(reference)) or parts.get(key) or parts.get(corrects or 0, 0)
        left[line] += cents
    lines = BankEntry.objects.in_bulk(_open(left))
    yield from _lines("unexplained", left, lines, until)


def _lines(
    kind: str, left: dict[int, int], lines: dict[int, BankEntry], until: date
) -> Iterator[OpenItem]:
    for key, cents in left.items():
        if cents:
            line = lines.get(key)
            what = (line.name or line.remittance[:60] or line.iban) if line else ""
            yield OpenItem(kind, what, line.date if line else until, cents)


def _owed(fund: Fund, until: date) -> Iterator[OpenItem]:
    kinds = [Account.Kind.PROVIDER, Account.Kind.PERSON]
    for account in Account.objects.filter(fund=fund, kind__in=kinds):
        moved = Transfer.objects.filter(value_date__lte=until).order_by("value_date", "pk")
        debts = list(moved.filter(debit=account).values_list("value_date", "amount_cents"))
        paid = moved.filter(credit=account).aggregate(sum=Sum("amount_cents"))["sum"] or 0
        for day, cents in debts:
            still = max(0, cents - paid)
            paid = max(0, paid - cents)
            if still:
                yield OpenItem(account.kind, str(account), day, still)


def _asked(fund: Fund, until: date) -> Iterator[OpenItem]:
    following = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    counts = Q(deposit_matches__deposit__received_on__lte=until) & (
        Q(deposit_matches__undone_at=None) | Q(deposit_matches__undone_at__gte=following)
    )
    rows = (
        Contribution.objects.filter(fund=fund, asked_on__lte=until)
        .filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=following))
        .annotate(
            left_cents=F("amount_cents")
            - Coalesce(Sum("deposit_matches__amount_cents", filter=counts), 0)
        )
        .filter(left_cents__gt=0)
        .select_related("employer")
    )
    for row in rows:
        yield OpenItem("request", f"{row.employer}, {row.reference}", row.due_on, row.left_cents)


def _moved(
    fund: Fund, kind: Account.Kind, until: date
) -> Iterator[tuple[str, int, int | None, int]]:
    """Per transfer that touches accounts of a kind: reference, key, what it corrects, cents.

    Positive where the account was debited.
    """
    rows = Transfer.objects.filter(fund=fund, value_date__lte=until)
    columns = ("reference", "pk", "corrects", "amount_cents")
    for reference, key, corrects, cents in rows.filter(debit__kind=kind).values_list(*columns):
        yield reference, key, corrects, cents
    for reference, key, corrects, cents in rows.filter(credit__kind=kind).values_list(*columns):
        yield reference, key, corrects, -cents


def _number(found: re.Match[str] | None) -> int:
    return int(found[1]) if found else 0


def _open(left: dict[int, int]) -> list[int]:
    return [key for key, cents in left.items() if cents]
