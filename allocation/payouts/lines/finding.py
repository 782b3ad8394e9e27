"""The lines of a fund's statements: those that wait, and those that somebody looks for."""

from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from budgetpool.bank.models import BankEntry, PaymentPart
from budgetpool.fund.iban import spell_iban
from budgetpool.fund.models import Fund, FundIban
from employers.models import Charge, DepositMatch, Refund


def of(fund: Fund) -> QuerySet[Any]:
    """All lines, the newest first.

    Each has `left_cents`: what nobody has explained of it, and `waiting_cents`: what somebody
    explained as costs, interest or tax and a second person has to approve.
    """
    explained = PaymentPart.objects.filter(entry=OuterRef("pk"), undone=None)
    said = DepositMatch.objects.filter(deposit__entry=OuterRef("pk"), undone_at=None)
    back = Refund.objects.filter(deposit__entry=OuterRef("pk"), withdrawn_at=None)
    asked = Charge.objects.filter(entry=OuterRef("pk"), approved_at=None, withdrawn_at=None)
    return (
        BankEntry.objects.filter(fund=fund)
        .annotate(waiting_cents=_sum(asked, "entry"))
        .annotate(
            left_cents=Case(
                When(amount_cents__lt=0, then=-F("amount_cents") - _sum(explained, "entry")),
                default=F("amount_cents")
                - _sum(said, "deposit__entry")
                - _sum(back, "deposit__entry"),
            )
            - F("waiting_cents")
        )
        .select_related("statement__fund_iban")
        .order_by("-date", "-pk")
    )


def open_of(account: FundIban) -> tuple[int, int, int]:
    """Of the lines of one account what is open, in cents: not explained in, out, and waiting.

    The books hold all of it: in suspense, as left and unexplained, and what waits for the approval
    of a second person in one of the two.
    """
    lines = of(account.fund).filter(statement__fund_iban=account).order_by()
    sums = lines.aggregate(
        came=Sum("left_cents", filter=Q(amount_cents__gt=0, left_cents__gt=0)),
        went=Sum("left_cents", filter=Q(amount_cents__lt=0, left_cents__gt=0)),
        waits=Sum("waiting_cents"),
    )
    return sums["came"] or 0, sums["went"] or 0, sums["waits"] or 0


def waiting(fund: Fund) -> QuerySet[Any]:
    """The lines of which a part is not explained, the oldest first."""
    return of(fund).filter(left_cents__gt=0).order_by("date", "pk")


def with_words(lines: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those whose name, account, text or amount somebody looks for: `1.250,00` finds both signs."""
    found = Q(name__icontains=words) | Q(remittance__icontains=words)
    compact = "".join(words.split()).upper()
    found |= Q(iban__icontains=compact) | Q(structured_reference__icontains=compact)
    found |= Q(end_to_end_id__icontains=compact)
    cents = _cents(compact)
    if cents is not None:
        found |= Q(amount_cents__in=[cents, -cents])
    return lines.filter(found)


def words_of(entry: BankEntry) -> str:
    """Whom a line names, else its text, else its account."""
    return entry.name or entry.remittance[:60] or spell_iban(entry.iban)


def _cents(text: str) -> int | None:
    """An amount as people write it, in cents: `1.250`, `1250,00`, `€1.250,50`."""
    plain = text.removeprefix("€").replace(".", "")
    whole, _comma, part = plain.partition(",")
    if not (whole.isascii() and whole.isdigit() and len(whole) < 10):
        return None
    return (
        int(whole) * 100 + int(part)
        if part.isascii() and part.isdigit() and len(part) == 2
        else (int(whole) * 100 if not part else None)
    )


def _sum(rows: QuerySet[Any], per: str) -> Coalesce:
    sums = rows.order_by().values(per).annotate(cents=Sum("amount_cents"))
    return Coalesce(Subquery(sums.values("cents")), 0)
