"""Who hears that a payee's bank account changes: its old contact, and the others of the fund.

No message holds an IBAN: the last four signs are enough to know one's own account by.
"""

from typing import Any

from allocation.decisions import telling
from allocation.models import Payee
from budgetpool.fund import third_person
from budgetpool.mail import outbox
from budgetpool.mail.outbox import Address
from budgetpool.register import seats
from workers import letters


def tell_contact(payee: Payee, *, before: Payee | None) -> int:
    """Tell the payee, where it was reached until now, that an account was entered.

    Somebody whose seat at a school ended lately hears it too: who changes the contact first and
    the account afterwards is seen by the old one.

    Returns:
        How many people were told; none where the fund knows nobody.
    """
    params: dict[str, Any] = {
        "payee": payee.provider.name if payee.provider else "",
        "last": third_person.last_signs(payee.iban),
        "last_before": third_person.last_signs(before.iban) if before else "",
        "fund": payee.fund.name,
        "fund_phone": payee.fund.contact_phone,
    }
    addresses = _contacts(payee)
    for place, address in enumerate(addresses):
        outbox.queue(
            key=f"payee:{payee.pk}:entered:{place}",
            kind="account_changed",
            to=address,
            params=params,
        )
    return len(addresses)


def tell_others(payee: Payee) -> int:
    """Tell everybody else of the fund that two people verified an account.

    Raises:
        NotReady: `nobody_to_tell`.
    """
    return third_person.tell(
        fund=payee.fund,
        what="payee",
        key=f"payee:{payee.pk}:verified",
        by=[payee.entered_by_id, payee.verified_by_id],
        payee=payee.provider.name if payee.provider else "",
        last=third_person.last_signs(payee.iban),
        usable_at=payee.usable_from.isoformat() if payee.usable_from else "",
        has_warnings=bool(payee.warnings),
        path=f"/treasurer/{payee.fund.region.slug}/payees/{payee.pk}",
    )


def _contacts(payee: Payee) -> list[Address]:
    if payee.provider is not None:
        return [telling.address(user) for user in seats.people_lately_of(payee.provider)]
    assert payee.worker is not None
    worker = payee.worker
    found = [letters.address(worker)]
    if worker.user is not None and worker.user.email != worker.email:
        found.append(
            Address(
                name=worker.name,
                email=worker.user.email,
                language=worker.language,
                user=worker.user,
            )
        )
    return found
