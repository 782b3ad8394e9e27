"""The client of a partner and its credentials: made, rotated with an overlap, withdrawn."""

import secrets
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from oauth2_provider.models import Application

from api.models import Client, Credential, Partner
from api.oauth import access, assertions
from api.scopes import ALL
from api.tokens import OVERLAP_DAYS, VALID_DAYS, digest
from budgetpool.audit import trail
from budgetpool.refusals import NotReady
from budgetpool.users.models import User

PREFIX: Final = "budgetpool_cs_"
MOST: Final = 10


@transaction.atomic
def open_client(
    *, partner: Partner, scopes: list[str] | None = None, actor: User | None = None
) -> Client:
    """The one client of a partner, made where there is none yet.

    Raises:
        ValidationError: a scope that does not exist.
    """
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    found = Client.objects.select_related("application", "partner").filter(partner=partner).first()
    if found is not None:
        return found
    wanted = sorted(ALL) if scopes is None else sorted(set(scopes))
    if unknown := sorted(set(wanted) - set(ALL)):
        raise ValidationError({"scopes": f"No such scope: {', '.join(unknown)}."})
    application = Application.objects.create(
        name=partner.name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_id=f"budgetpool_{secrets.token_hex(12)}",
        # Secrets are `Credential` rows: several at a time, each with an end.
        client_secret="",
        hash_client_secret=False,
    )
    client = Client.objects.create(application=application, partner=partner, scopes=wanted)
    trail.record(actor=actor, action="client.made", subject=client, partner=partner.pk)
    return client


@transaction.atomic
def add_secret(
    *, client: Client, label: str, valid_days: int = VALID_DAYS, actor: User | None = None
) -> tuple[Credential, str]:
    """A new secret: its row, and the secret, which is shown now and never again.

    Raises:
        ValidationError: no label, or a validity outside 1 to 366 days.
        NotReady: `client_withdrawn`, `too_many_credentials`.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    kind = Credential.Kind.SECRET
    return _add(client, kind, label, digest(secret), None, valid_days, actor), secret


@transaction.atomic
def add_key(
    *, client: Client, label: str, key: Any, valid_days: int = VALID_DAYS, actor: User | None = None
) -> Credential:
    """Take the public half of a key with which a program signs who it is.

    Raises:
        ValidationError: no label or public key, or a validity outside 1 to 366 days.
        NotReady: see `add_secret`; `key_known`.
    """
    kept, thumbprint = assertions.public_half(key)
    if client.credentials.filter(digest=thumbprint).exists():
        raise NotReady("key_known")
    return _add(client, Credential.Kind.KEY, label, thumbprint, kept, valid_days, actor)


@transaction.atomic
def rotate(
    *,
    credential: Credential,
    label: str,
    overlap_days: int = OVERLAP_DAYS,
    actor: User | None = None,
) -> tuple[Credential, str]:
    """A new secret in the place of a credential, which works on for the overlap and then ends.

    Raises:
        ValidationError: see `add_secret`; an overlap outside 0 to 30 days.
        NotReady: see `add_secret`.
    """
    if not 0 <= overlap_days <= 30:
        raise ValidationError({"overlap_days": "Choose from 0 to 30 days."})
    made, secret = add_secret(client=credential.client, label=label, actor=actor)
    until = timezone.now() + timedelta(days=overlap_days)
    Credential.objects.filter(pk=credential.pk, expires_at__gt=until).update(expires_at=until)
    trail.record(
        actor=actor,
        action="credential.rotated",
        subject=credential,
        partner=credential.client.partner_id,
        by=made.pk,
        overlap_days=overlap_days,
    )
    return made, secret


@transaction.atomic
def withdraw(*, credential: Credential, actor: User | None = None) -> None:
    """End a credential at once, with every access token of its program; twice is harmless."""
    now = timezone.now()
    if Credential.objects.filter(pk=credential.pk, revoked_at=None).update(revoked_at=now):
        access.end_all(credential.client)
        trail.record(
            actor=actor,
            action="credential.revoked",
            subject=credential,
            partner=credential.client.partner_id,
        )


@transaction.atomic
def withdraw_client(*, client: Client, actor: User | None = None) -> None:
    """Shut a program out at once, with all that it holds; twice is harmless."""
    now = timezone.now()
    if Client.objects.filter(pk=client.pk, withdrawn_at=None).update(withdrawn_at=now):
        access.end_all(client)
        trail.record(
            actor=actor, action="client.withdrawn", subject=client, partner=client.partner_id
        )


def working(client: Client) -> QuerySet[Credential]:
    """What opens the door for a client now."""
    return client.credentials.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


def _add(
    client: Client,
    kind: str,
    label: str,
    hashed: str,
    key: dict[str, Any] | None,
    valid_days: int,
    actor: User | None,
) -> Credential:
    if not 1 <= valid_days <= 366:
        raise ValidationError({"valid_days": "Choose from 1 to 366 days."})
    # Two people at one moment do not pass the most together.
    locked = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if locked.withdrawn_at is not None:
        raise NotReady("client_withdrawn")
    if working(client).count() >= MOST:
        raise NotReady("too_many_credentials", most=MOST)
    made = Credential(
        client=client,
        kind=kind,
        label=label,
        digest=hashed,
        key=key,
        expires_at=timezone.now() + timedelta(days=valid_days),
    )
    made.full_clean()
    made.save()
    trail.record(
        actor=actor,
        action="credential.made",
        subject=made,
        partner=client.partner_id,
        kind=kind,
    )
    return made
