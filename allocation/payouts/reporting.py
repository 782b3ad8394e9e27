"""What the bank answers to a file of ours (pain.002): payments that it refused, with the reason.

No money moved for a payment that was refused. It may be made again once a statement of its day
shows that the bank did not pay it: a report can be wrong, or be somebody's own work.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from django.db import transaction

from allocation import lives
from allocation.models import PaymentBatch, PaymentReport, Payout
from allocation.payouts.planning import record
from allocation.rules import payer_access
from budgetpool.audit import trail
from budgetpool.bank import pain002
from budgetpool.bank.pain002 import OfBatch, Report, Status
from budgetpool.fund.models import Fund
from budgetpool.refusals import NotReady
from budgetpool.users.models import User


@dataclass(slots=True)
class Reported:
    """What an answer of the bank changed."""

    report: PaymentReport
    rejected: list[Payout] = field(default_factory=list)
    unclear: list[Payout] = field(default_factory=list)
    """Refused by the answer, and paid by a statement: the statement counts."""
    accepted_count: int = 0
    unknown: list[str] = field(default_factory=list)
    """What the answer refuses and the file did not hold: batches, payments, other amounts."""


def take(*, content: bytes, name: str, fund: Fund, actor: User) -> Reported:
    """Read an answer of the bank, keep it, and mark what it refused; asking twice is harmless.

    Raises:
        NotAllowed: no treasurer of the fund.
        StatementRefused: it is no such answer.
        NotReady: `report_of_no_file`: it answers no approved file of this fund.
    """
    payer_access.require_treasurer(actor, fund)
    found = pain002.read(BytesIO(content))
    with transaction.atomic():
        batch = (
            PaymentBatch.objects.select_for_update(of=("self",))
            .filter(fund=fund, message_id=found.file_id, status=PaymentBatch.Status.APPROVED)
            .first()
        )
        if batch is None:
            raise NotReady("report_of_no_file", file=found.file_id)
        report = _keep(content, name, found, batch, actor)
        reported = Reported(report)
        refused = dict(_refused(found, batch))
        reported.unknown = list(_unknown(found, batch))
        for payout in batch.payouts.select_related("payee__fund__region").order_by("pk"):
            status = refused.get(payout.end_to_end_id)
            if status is None:
                reported.accepted_count += payout.status == Payout.Status.BATCHED
            elif payout.status == Payout.Status.PAID:
                reported.unclear.append(payout)
            elif payout.status == Payout.Status.BATCHED:
                reported.rejected.append(_reject(payout, status, report, actor))
    return reported


def _refused(found: Report, batch: PaymentBatch) -> Iterator[tuple[str, Status]]:
    """Each refused payment of a batch, with the lowest level's reason."""
    everything = [found.status]
    own = [one for one in found.batches if _is_ours(one, batch)]
    everything += [one.status for one in own]
    for status in everything:
        if status.is_rejected:
            for payout in batch.payouts.all():
                yield payout.end_to_end_id, status
    amounts = {payout.end_to_end_id: payout.amount_cents for payout in batch.payouts.all()}
    for one in own:
        for payment in one.payments:
            same = payment.amount_cents in (None, amounts.get(payment.end_to_end_id))
            if payment.status.is_rejected and same:
                yield payment.end_to_end_id, payment.status


def _is_ours(one: OfBatch, batch: PaymentBatch) -> bool:
    own = batch.payment_information_id or batch.message_id
    return one.payment_information_id in (own, "")


def _unknown(found: Report, batch: PaymentBatch) -> Iterator[str]:
    """What is refused and not in the file: the treasurer asks the bank about it."""
    amounts = {payout.end_to_end_id: payout.amount_cents for payout in batch.payouts.all()}
    for one in found.batches:
        refuses = one.status.is_rejected or any(row.status.is_rejected for row in one.payments)
        if not _is_ours(one, batch):
            if refuses:
                yield one.payment_information_id
            continue
        for payment in one.payments:
            cents = amounts.get(payment.end_to_end_id)
            if payment.status.is_rejected and (
                cents is None or payment.amount_cents not in (None, cents)
            ):
                yield payment.end_to_end_id


def _reject(payout: Payout, status: Status, report: PaymentReport, actor: User) -> Payout:
    payout.status = lives.PAYOUT.after("reject", payout.status)
    payout.reason, payout.rejected_by = status.reason, report
    payout.full_clean()
    payout.save()
    record(actor, "payout.rejected", payout)
    return payout


def _keep(
    content: bytes, name: str, found: Report, batch: PaymentBatch, actor: User
) -> PaymentReport:
    digest = hashlib.sha256(content).hexdigest()
    report, is_new = PaymentReport.objects.get_or_create(
        batch=batch,
        file_sha256=digest,
        defaults={
            "file_name": name[-255:],
            "message_id": found.message_id[:35],
            "content": content,
            "imported_by": actor,
        },
    )
    if is_new:
        trail.record(
            actor=actor,
            action="batch.answered",
            subject=batch,
            region_code=batch.fund.region.code,
            report=report.message_id,
            sha256=digest,
        )
    return report
