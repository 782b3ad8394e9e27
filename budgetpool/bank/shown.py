"""Whether a line of a statement shows that money went to the account that it was meant for."""

from budgetpool.bank.models import BankEntry
from budgetpool.fund import third_person
from budgetpool.refusals import NotReady
from budgetpool.users.models import User


def require_account(entry: BankEntry, iban: str) -> bool:
    """Refuse a line that shows another account than the one that is meant.

    Returns:
        Whether the line shows the account; many banks leave it out.

    Raises:
        NotReady: `other_account`.
    """
    if not entry.iban:
        return False
    if entry.iban != iban:
        last = third_person.last_signs
        raise NotReady("other_account", last=last(entry.iban), meant=last(iban))
    return True


def tell_unseen(
    entry: BankEntry, *, what: str, amount_cents: int, key: str, by: User | None
) -> None:
    """Tell the others that money was booked of which the bank does not show where it went.

    Args:
        what: as for `third_person.tell`.
        key: names what was said of the line, such as `payout-17`.
        by: who says it; None where a statement did.

    Raises:
        NotReady: `nobody_to_tell`.
    """
    third_person.tell(
        fund=entry.fund,
        what=what,
        key=f"bank-entry:{entry.pk}:{what}:{key}",
        by=[by.pk] if by else [],
        amount_cents=amount_cents,
        path=f"/treasurer/{entry.fund.region.slug}/lines/{entry.pk}",
    )
