"""Files that do not fit the chain: kept, shown, and booked or set aside by two people."""

from typing import Any

from django.db.models.query import QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.bank.chain_links import Hold
from budgetpool.bank.models import HeldFile
from budgetpool.bank.sources import SourceFile
from budgetpool.fund.models import Fund, FundIban
from budgetpool.users.models import User


def hold(*, source: SourceFile, account: FundIban, hold: Hold, by: User | None) -> HeldFile:
    """Keep a file until it fits, or until two people decide; asking twice is harmless."""
    held, is_new = HeldFile.objects.get_or_create(
        fund=account.fund,
        file_sha256=source.sha256,
        defaults={
            "fund_iban": account,
            "file_name": source.name[-255:],
            "content": source.content,
            "code": hold.code,
            "params": hold.params,
            "held_by": by,
        },
    )
    if is_new:
        _record(by, "statement.held", held, why=hold.code)
    elif (held.code, held.params) != (hold.code, hold.params):
        held.code, held.params = hold.code, hold.params
        held.save(update_fields=["code", "params"])
    return held


def waiting(fund: Fund) -> QuerySet[HeldFile]:
    """The files that are held now, the oldest first."""
    rows = HeldFile.objects.filter(fund=fund, settled_at__isnull=True)
    return rows.select_related("fund_iban", "held_by", "fund__region").order_by("pk")


def settle(*, fund: Fund, sha256: str, by: User | None) -> None:
    """Let a held file go: it was booked, or two people set it aside."""
    for held in waiting(fund).filter(file_sha256=sha256):
        held.settled_at = timezone.now()
        held.save(update_fields=["settled_at"])
        _record(by, "statement.settled", held)


def _record(by: User | None, action: str, held: HeldFile, **details: Any) -> None:
    trail.record(
        actor=by,
        action=action,
        subject=held,
        region_code=held.fund.region.code,
        **details,
    )
