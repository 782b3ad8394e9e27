"""Put a message in the queue, inside the transaction of what it tells about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from budgetpool.mail import languages
from budgetpool.mail.kinds import KINDS
from budgetpool.mail.models import Message
from budgetpool.users import phones
from budgetpool.users.models import User


@dataclass(frozen=True)
class Address:
    """How to reach one person; the first that is known is used: e-mail, mobile phone, post."""

    name: str = ""
    email: str = ""
    phone: str = ""
    post: str = ""
    language: str = "nl"
    user: User | None = None


def queue(
    *,
    key: str,
    kind: str,
    to: Address,
    params: dict[str, Any],
    due_at: datetime | None = None,
) -> Message | None:
    """Queue one message; asking twice with the same key is harmless.

    Args:
        key: says what it is about, such as `request:412:submitted`; unique.
        kind: one of `kinds.KINDS`; its templates hold the words.
        params: small JSON values that the templates show; moments as ISO text, money in cents.
        due_at: not to be sent before; now, unless given.

    Returns:
        The message; None where the person gave no address at all (the counter calls them).
    """
    if kind not in KINDS:
        raise ValueError(f"There is no message of kind {kind!r}.")
    channel, target = _route(to)
    if not target:
        return None
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "channel": channel,
            "language": languages.readable(to.language),
            "user": to.user,
            "to_name": to.name,
            "to": target,
            "params": params,
            "due_at": due_at or timezone.now(),
        },
    )
    return message


@transaction.atomic
def queue_many(messages: list[tuple[str, str, Address, dict[str, Any]]]) -> int:
    """Queue (key, kind, to, params) in bulk, as a publication does; known keys are skipped.

    Returns:
        How many people had an address.
    """
    rows = []
    for key, kind, to, params in messages:
        if kind not in KINDS:
            raise ValueError(f"There is no message of kind {kind!r}.")
        channel, target = _route(to)
        if target:
            rows.append(
                Message(
                    key=key,
                    kind=kind,
                    channel=channel,
                    language=languages.readable(to.language),
                    user=to.user,
                    to_name=to.name,
                    to=target,
                    params=params,
                )
            )
    Message.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _route(to: Address) -> tuple[str, str]:
    if to.email:
        return Message.Channel.EMAIL, to.email
    try:
        return Message.Channel.SMS, phones.normal(to.phone)
    except phones.NotAMobileNumber:  # a fixed line gets no text messages
        return Message.Channel.POST, to.post
