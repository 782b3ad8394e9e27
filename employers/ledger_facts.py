"""What must be in the ledger because of deposits, and because of what was said about them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import NullIf

from budgetpool.bank.models import BankEntry, PaymentPart
from budgetpool.fund.facts import FactSource, account, joined, key_of_account, tell
from budgetpool.fund.models import Account
from employers.models import Deposit, DepositMatch

# These went through suspense: said by hand, or one deposit for several requests.
HAND = (DepositMatch.How.HAND, DepositMatch.How.PARTS)
RECOGNISED = Q(employer__isnull=False) & ~Q(how__in=HAND)


def _deposits() -> Sequence[QuerySet[Any, Any]]:
    """Per deposit what came in, and per match how it went on (and back, where it was wrong).

    The bank's entry says how much came in and when; the match says whose it is.
    """
    matches = joined(
        DepositMatch.objects.all(),
        fund="deposit__fund",
        own_account=["employer-", "employer_id"],
        suspense_account=["suspense"],
    ).annotate(own=key_of_account("own_account"), suspense=key_of_account("suspense_account"))
    first = DepositMatch.objects.filter(RECOGNISED, number=1, deposit=OuterRef("pk"))
    others = joined(
        Deposit.objects.filter(~Exists(first)),
        fund="entry__fund",
        suspense_account=["suspense"],
    )
    given, assigned = matches.exclude(employer=None), matches.filter(employer=None)
    undone = Q(undone_at__isnull=False)
    by_hand = given.filter(how__in=HAND)
    kept = assigned.filter(kept_cents__gt=0).annotate(
        costs=account(fund="deposit__fund", code=["costs"]),
        pool=account(fund="deposit__fund", code=["pool"]),
    )
    memo = NullIf(F("memo"), Value(""))
    return [
        tell(
            matches.filter(RECOGNISED, number=1),
            reference=["deposit:", F("deposit"), ":received"],
            amount="deposit__entry__amount_cents",
            debit=F("deposit__entry__statement__fund_iban__account"),
            credit=F("own"),
            memo="deposit",
            day=F("deposit__entry__date"),
        ),
        tell(
            others,
            reference=["deposit:", F("pk"), ":received"],
            amount="entry__amount_cents",
            debit=F("entry__statement__fund_iban__account"),
            credit=key_of_account("suspense_account"),
            memo="unexplained_deposit",
            day=F("entry__date"),
        ),
        _step(by_hand, "matched", debit=F("suspense"), credit=F("own"), memo="matched"),
        _step(
            given.exclude(how__in=HAND),
            "joined",
            debit=F("own"),
            credit=F("account"),
            memo="joined_pool",
            day=F("deposit__entry__date"),
        ),
        _step(by_hand, "joined", debit=F("own"), credit=F("account"), memo="joined_pool"),
        _step(
            given.filter(undone),
            "joined",
            ":corrected",
            debit=F("account"),
            credit=F("own"),
            memo="correction",
        ),
        _step(
            given.filter(undone),
            "unmatched",
            debit=F("own"),
            credit=F("suspense"),
            memo="correction",
        ),
        _step(assigned, "matched", debit=F("suspense"), credit=F("account"), memo=memo),
        _step(
            assigned.filter(undone),
            "matched",
            ":corrected",
            debit=F("account"),
            credit=F("suspense"),
            memo="correction",
        ),
        *(
            _step(rows, verb, ending, debit=debit, credit=credit, memo=said, amount="kept_cents")
            for verb, one, two in (
                ("kept", F("costs"), F("account")),
                ("borne", F("pool"), F("costs")),
            )
            for rows, ending, debit, credit, said in (
                (kept, "", one, two, "costs"),
                (kept.filter(undone), ":corrected", two, one, "correction"),
            )
        ),
    ]


def _step(
    matches: QuerySet[DepositMatch], verb: str, ending: str = "", **facts: Any
) -> QuerySet[Any, Any]:
    name: list[str | F] = ["deposit:", F("deposit"), f":{verb}:", F("number")]
    facts.setdefault("amount", "amount_cents")
    return tell(matches, reference=[*name, ending], **facts)


def _contradictions() -> Iterator[str]:
    """Deposits and matches that are not what the bank, the request or the fund says."""
    otherwise = Deposit.objects.exclude(
        amount_cents=F("entry__amount_cents"),
        received_on=F("entry__date"),
        fund=F("entry__fund"),
    )
    yield from (f"deposit {pk}" for pk in otherwise.order_by().values_list("pk", flat=True)[:50])
    wrong = (
        DepositMatch.objects.exclude(account__fund=F("deposit__fund"))
        | DepositMatch.objects.filter(contribution__isnull=False).exclude(
            contribution__employer=F("employer"), contribution__fund=F("deposit__fund")
        )
        | DepositMatch.objects.filter(amount_cents__gt=F("deposit__amount_cents"))
    )
    yield from (f"match {pk}" for pk in wrong.order_by().values_list("pk", flat=True)[:50])
    stands = Q(matches__undone_at__isnull=True)
    too_much = Deposit.objects.annotate(said=Sum("matches__amount_cents", filter=stands)).filter(
        said__gt=F("amount_cents")
    )
    yield from (f"deposit {pk}" for pk in too_much.order_by().values_list("pk", flat=True)[:50])
    pairs = DepositMatch.objects.filter(
        undone_at__isnull=True, account__kind=Account.Kind.UNEXPLAINED
    )
    yield from (f"match {row.pk}" for row in pairs if not _has_other_side(row))
    without = BankEntry.objects.filter(amount_cents__gt=0, deposit__isnull=True)
    yield from (f"bank entry {pk}" for pk in without.order_by().values_list("pk", flat=True)[:50])


def _has_other_side(pair: DepositMatch) -> bool:
    """Whether a payment says of the same transfer that it explains it."""
    return PaymentPart.objects.filter(
        undone=None,
        transfer__reference=f"deposit:{pair.deposit_id}:matched:{pair.number}",
        amount_cents=pair.amount_cents,
        entry__fund=pair.deposit.fund_id,
    ).exists()


deposits = FactSource(
    name="deposits", prefix="deposit:", rows=_deposits, contradictions=_contradictions
)
