"""Messages to those who pay for an employer."""

from django.db.models import Q

from budgetpool.mail import outbox
from employers.models import Contribution
from employers.models.employer import Role
from employers.references import spell_reference


def queue(contribution: Contribution, *, kind: str, key: str) -> None:
    """Queue a message about a request, to the employer's payment address or else its payers.

    Asking twice with the same key is harmless.
    """
    employer, fund = contribution.employer, contribution.fund
    account = fund.ibans.filter(is_main=True).first() or fund.ibans.first()
    params = {
        "employer": employer.name,
        "region": fund.region.name,
        "amount_cents": contribution.amount_cents,
        "reference": spell_reference(contribution.reference),
        "iban": str(account) if account else "",
        "holder": account.holder_name if account else "",
        "due_on": contribution.due_on.isoformat(),
        "path": f"/employers/{employer.pk}/contributions/{contribution.pk}",
    }
    for address in _addresses(contribution):
        outbox.queue(
            key=f"contribution:{contribution.pk}:{key}:{address.email}",
            kind=kind,
            to=address,
            params=params,
        )


def _addresses(contribution: Contribution) -> list[outbox.Address]:
    employer = contribution.employer
    if employer.contact_email:
        return [outbox.Address(name=employer.name, email=employer.contact_email)]
    payers = employer.members.filter(
        Q(role=Role.PAYER) | Q(role=Role.MANAGER), ended_at__isnull=True
    ).select_related("user")
    return [
        outbox.Address(
            name=place.user.name,
            email=place.user.email,
            language=place.user.language,
            user=place.user,
        )
        for place in payers
    ]
