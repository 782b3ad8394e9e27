"""A region's fund is opened with the accounts that every fund has."""

from django.db import transaction

from budgetpool.audit import trail
from budgetpool.fund import ledger
from budgetpool.fund.iban import bic_of, clean_iban, spell_iban
from budgetpool.fund.models import Account, Fund, FundIban, Region
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

POOL = "pool"
SUSPENSE = "suspense"
UNEXPLAINED = "unexplained"
COSTS = "costs"

STANDARD_ACCOUNTS = (
    (Account.Kind.POOL, POOL),
    (Account.Kind.SUSPENSE, SUSPENSE),
    (Account.Kind.UNEXPLAINED, UNEXPLAINED),
    (Account.Kind.COSTS, COSTS),
)


def open_fund(*, region: Region, name: str, actor: User | None = None, **contact: str) -> Fund:
    """The region's fund with its pool, suspense, unexplained and costs accounts.

    A fund that exists is left as it is, so asking twice is harmless.

    Args:
        contact: `contact_phone`, `contact_email`, `rule_name`, `rule_url`; all may be absent.

    Raises:
        ValidationError: a name that is empty or an address that is none.
    """
    with transaction.atomic():
        fund = Fund.objects.filter(region=region).first()
        if fund is None:
            fund = Fund(region=region, name=name, **contact)
            fund.full_clean()
            fund.save()
            trail.record(actor=actor, action="fund.opened", subject=fund, region_code=region.code)
        for kind, code in STANDARD_ACCOUNTS:
            ledger.open_account(fund=fund, kind=kind, code=code)
    return fund


def add_iban(
    *, fund: Fund, iban: str, holder_name: str, is_main: bool = False, actor: User | None = None
) -> FundIban:
    """One more bank account of the fund, with its own ledger account (`bank`, `bank-2`, …).

    The first one is the main one, from which payments leave.

    Raises:
        ValidationError: no valid IBAN, or one that belongs to another fund.
        NotReady: `no_bank_in_sandbox`.
    """
    if fund.region.is_sandbox:
        raise NotReady("no_bank_in_sandbox")
    compact = clean_iban(iban)
    with transaction.atomic():
        Fund.objects.select_for_update().get(pk=fund.pk)
        known = FundIban.objects.filter(fund=fund, iban=compact).first()
        if known is not None:
            return known
        count = fund.ibans.count()
        account = ledger.open_account(
            fund=fund,
            kind=Account.Kind.BANK,
            code="bank" if count == 0 else f"bank-{count + 1}",
            name=spell_iban(compact),
        )
        if is_main:
            fund.ibans.filter(is_main=True).update(is_main=False)
        added = FundIban(
            fund=fund,
            iban=compact,
            bic=bic_of(compact),
            holder_name=holder_name,
            account=account,
            is_main=is_main or count == 0,
        )
        added.save()
        trail.record(
            actor=actor,
            action="fund.bank_account_added",
            subject=added,
            region_code=fund.region.code,
        )
    return added
