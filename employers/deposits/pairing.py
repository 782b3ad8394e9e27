"""Two lines that are one event: a transfer between own accounts, what came back, what was mended.

EUR 5,000 leaves one account of the fund and comes in at another: the debit stands in `unexplained`
and the credit in suspense, until one transfer suspense → unexplained ends both. The same transfer
ends a deposit that the bank takes back (a chargeback), and a slip that the bank mends itself.
"""

from typing import Final

from django.db import transaction
from django.db.models.query import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgetpool.bank import payments, shown
from budgetpool.bank.importing import lock_funds
from budgetpool.bank.models import BankEntry
from budgetpool.fund.models import Fund, Transfer
from budgetpool.refusals import NotReady
from budgetpool.users.models import User
from employers import access
from employers.deposits import desk, room
from employers.models import Deposit, DepositMatch

OWN, CHARGEBACK, MENDED = "own_account", "chargeback", "put_right"
KINDS: Final[dict[str, Promise]] = {
    OWN: _("between accounts of the fund"),
    CHARGEBACK: _("a deposit that was taken back"),
    MENDED: _("a slip that the bank put right"),
}


@transaction.atomic
def pair(
    *,
    debit: BankEntry,
    deposit: Deposit,
    kind: str,
    by: User,
    amount_cents: int | None = None,
    reason: str = "",
) -> DepositMatch:
    """Say that a payment and a deposit are one event, wholly or for a part.

    Args:
        kind: a key of `KINDS`. Of a deposit that was taken back everything that was said is
            undone first, for the reason that is given.
        amount_cents: as much as both have left, if absent.

    Raises:
        NotTreasurer: the actor is no treasurer of the fund.
        OtherFund: the lines are of two funds.
        SameBankAccount, OtherBankAccount: two accounts for an own transfer, else one.
        OtherAccount: one of the lines shows that the money went, or came from, elsewhere.
        NobodyToTell: the lines do not show that it did not, and nobody else could be told.
        NotAPayment, MoreThanPaid, MoreThanLeft, AlreadyMatched: as of the two sides.
        AlreadySpent: the pool holds less than what is taken back.
    """
    lock_funds([deposit.fund_id])
    locked = desk.lock(deposit)
    access.require_treasurer(actor=by, fund=locked.fund)
    if kind not in KINDS:
        raise ValueError(f"No kind of pair: {kind}")
    if debit.fund_id != locked.fund_id:
        raise NotReady("other_fund")
    is_shown = _require_accounts(debit, locked.entry, kind)
    if kind == CHARGEBACK and desk.standing(locked):
        desk.undo(deposit=locked, reason=reason or str(KINDS[CHARGEBACK]), by=by)
    if amount_cents is None:
        amount_cents = min(room.of_payment(debit), desk.free_cents(locked)) or None
    elif amount_cents:
        room.require(debit, amount_cents)
    match = desk.place(
        deposit=locked,
        account=payments.unexplained_account(locked.fund),
        memo=kind,
        by=by,
        amount_cents=amount_cents,
    )
    transfer = Transfer.objects.get(reference=reference(match))
    payments.explain_by(entry=debit, transfer=transfer, by=by)
    if not is_shown:
        shown.tell_unseen(
            debit,
            what="pair",
            amount_cents=transfer.amount_cents,
            key=f"deposit-{locked.pk}-{match.number}",
            by=by,
        )
    return match


def reference(match: DepositMatch) -> str:
    """The reference of the one transfer that ends both lines."""
    return f"deposit:{match.deposit_id}:matched:{match.number}"


def candidates(entry: BankEntry) -> QuerySet[BankEntry]:
    """Lines of the fund on the other side with exactly this amount, the nearest in time first."""
    return BankEntry.objects.filter(
        fund=entry.fund_id, amount_cents=-entry.amount_cents
    ).select_related("statement__fund_iban")


def kinds_for(one: BankEntry, two: BankEntry) -> list[str]:
    """What two lines can be together: it depends on whether they are of one bank account."""
    same = one.statement.fund_iban_id == two.statement.fund_iban_id
    return [CHARGEBACK, MENDED] if same else [OWN]


def own_ibans(fund: Fund) -> set[str]:
    """The fund's own accounts: a line with one of them is a transfer of its own."""
    return set(fund.ibans.values_list("iban", flat=True))


def _require_accounts(debit: BankEntry, credit: BankEntry, kind: str) -> bool:
    """Whether the lines show that the money stayed, or went back to where it came from."""
    same = debit.statement.fund_iban_id == credit.statement.fund_iban_id
    if kind == OWN and same:
        raise NotReady("same_bank_account")
    if kind != OWN and not same:
        raise NotReady("other_bank_account")
    if kind == OWN:
        came = shown.require_account(credit, debit.statement.fund_iban.iban)
        went = shown.require_account(debit, credit.statement.fund_iban.iban)
        return went or came
    return bool(credit.iban) and shown.require_account(debit, credit.iban)
