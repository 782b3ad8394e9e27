"""Send what is due, so that a killed process loses nothing.

A message is claimed with a lease in one statement, sent outside any transaction, then marked. A
process that dies between sending and marking leaves a lease that runs out; the message is sent
again with the same Message-ID, by which mail programs show it once.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils import timezone

from budgetpool.mail import sms, words
from budgetpool.mail.kinds import KINDS
from budgetpool.mail.models import Message

log = logging.getLogger(__name__)

State = Message.State
LEASE: Final = timedelta(minutes=5)
ATTEMPTS_MAX: Final = 8
RESERVED: Final = {"example", "invalid", "test"}
LETTER_NAME: Final = "brief.pdf"
# The last message to somebody who was erased; once it is sent, nothing says to whom.
LAST: Final = "data_erased"


def send_due(*, limit: int = 1000) -> tuple[int, int]:
    """Send up to `limit` messages that are due; gives how many went and how many failed."""
    sent = failed = 0
    for message in _claimed(limit):
        if _deliver(message):
            sent += 1
        else:
            failed += 1
    return sent, failed


def waiting() -> int:
    """How many messages wait; for the monitor."""
    return Message.objects.filter(state__in=[State.QUEUED, State.SENDING]).count()


def _claimed(limit: int) -> Iterator[Message]:
    """Messages that are due, each claimed by this process alone just before it is sent."""
    now = timezone.now()
    ready = Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.SENDING, lease_until__lt=now)
    keys = Message.objects.filter(ready).order_by("due_at", "pk").values_list("pk", flat=True)
    for key in list(keys[:limit]):
        claim = Message.objects.filter(ready, pk=key).update(
            state=State.SENDING, lease_until=timezone.now() + LEASE
        )
        if claim:
            yield Message.objects.get(pk=key)


def _deliver(message: Message) -> bool:
    message.attempts += 1
    try:
        _send(message)
    except OSError as error:  # what a mail server, a text provider and a disk raise
        log.warning("message %s was not sent: %s", message.pk, type(error).__name__)
        gone = message.attempts >= ATTEMPTS_MAX
        message.state = State.FAILED if gone else State.QUEUED
        message.due_at = timezone.now() + timedelta(minutes=2**message.attempts)
        message.error = type(error).__name__
    else:
        message.state, message.sent_at, message.error = State.SENT, timezone.now(), ""
        if message.kind == LAST:
            message.to = message.to_name = ""
    message.lease_until = None
    message.save(
        update_fields=[
            "state",
            "due_at",
            "sent_at",
            "error",
            "attempts",
            "lease_until",
            "letter",
            "to",
            "to_name",
        ]
    )
    return message.state == State.SENT


def _send(message: Message) -> None:
    subject, text = words.words(message)
    letter = words.letter_pdf(message) if KINDS[message.kind].letter else None
    match message.channel:
        case Message.Channel.EMAIL:
            mail = EmailMultiAlternatives(
                subject=subject,
                body=text,
                to=[message.to],
                headers={"Message-ID": f"<{message.pk}.{message.kind}@{_host()}>"},
            )
            if letter is not None:
                mail.attach(LETTER_NAME, letter, "application/pdf")
            mail.send(using="kept" if is_made_up(message.to) else None)
        case Message.Channel.SMS:
            sms.backend().send(to=message.to, text=words.short(message), reference=message.key)
        case Message.Channel.POST:
            # The printer's folder: one tagged PDF for each envelope, named by the message.
            message.letter.save(
                f"{message.pk}.pdf", ContentFile(letter or words.letter_pdf(message)), save=False
            )


def is_made_up(address: str) -> bool:
    """Whether nobody can have this address: its ending is reserved for examples (RFC 2606).

    The demo's people have such ones. A mail server would refuse each of them, so their messages
    are kept as files on this machine, and no command needs to know that it serves a demo.

    >>> is_made_up("ewa@demo.example"), is_made_up("ewa@example.nl")
    (True, False)
    """
    return address.rpartition(".")[2].lower() in RESERVED


def _host() -> str:
    return settings.SITE_URL.split("//")[-1].split(":")[0].split("/")[0]
