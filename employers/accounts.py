"""The ledger accounts that employers' money passes through."""

from budgetpool.fund import ledger
from budgetpool.fund.models import Account, Fund
from employers.models import Contribution, Employer


def of_employer(*, fund: Fund, employer: Employer) -> Account:
    """The employer's own account in a fund, opened when it is first needed."""
    return ledger.open_account(
        fund=fund,
        kind=Account.Kind.EMPLOYER,
        code=employer_code(employer.pk),
        name=employer.name[:120],
    )


def employer_code(employer_id: int) -> str:
    return f"employer-{employer_id}"


def suspense(fund: Fund) -> Account:
    """The account for deposits that nobody recognised yet."""
    return ledger.open_account(fund=fund, kind=Account.Kind.SUSPENSE, code="suspense")


def costs(fund: Fund) -> Account:
    """The account for what the fund itself costs; the pool bears it."""
    return ledger.open_account(fund=fund, kind=Account.Kind.COSTS, code="costs")


def general_pool(fund: Fund) -> Account:
    """The pool that pays for every request."""
    return ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")


def pool_for(contribution: Contribution) -> Account:
    """The pool that the money of this contribution joins."""
    if contribution.earmark is not None:
        return contribution.earmark.account
    return general_pool(contribution.fund)
