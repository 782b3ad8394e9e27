"""A helper of one's own choosing: invited by a link, under their own name, stopped at any time.

The link works for the invited address alone. A helper reads along, or fills in a draft too; they
never send, answer, object, or change where letters go. Every look of theirs stands in the trail.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.mail import languages, outbox
from budgetpool.refusals import NotAllowed, TooLate
from budgetpool.users.models import User
from workers import letters
from workers.models import Helper, Worker

HELP_DAYS: Final = 183  # half a year
INVITATION_DAYS: Final = 14
HELPERS_MAX: Final = 3


@transaction.atomic
def invite(*, actor: User, worker: Worker, name: str, email: str, scope: str) -> str:
    """Invite somebody by e-mail; an earlier open invitation to the same address ends.

    Returns:
        The secret of the link, which is kept nowhere but in the e-mail.

    Raises:
        NotYours: somebody else than the worker; nobody else can agree to this.
        ValidationError: one's own address, too many helpers, or a value that its field refuses.
    """
    if worker.erased_at is not None or worker.user_id is None or worker.user_id != actor.pk:
        raise NotAllowed("not_yours", act="invite a helper")
    Worker.objects.select_for_update().get(pk=worker.pk)  # two clicks make no fourth helper
    address = email.strip().lower()
    if address == actor.email.lower():
        raise ValidationError({"email": _("This is your own e-mail address.")})
    now = timezone.now()
    same = worker.helpers.filter(email__iexact=address, ended_at__isnull=True)
    same.filter(user__isnull=True).update(ended_at=now)
    if len(standing(worker)) >= HELPERS_MAX:
        raise ValidationError(_("Three people help you already. Stop one of them first."))
    secret = secrets.token_urlsafe(24)
    helper = Helper(
        worker=worker,
        name=name.strip(),
        email=address,
        scope=scope,
        secret_digest=digest(secret),
        until_date=timezone.localdate() + timedelta(days=HELP_DAYS),
    )
    helper.full_clean()
    helper.save()
    outbox.queue(
        key=f"{letters.key_of_helpers(worker)}{helper.pk}",
        kind="helper_invited",
        to=outbox.Address(name=helper.name, email=address, language=languages.readable("")),
        params={
            "worker": worker.name,
            "scope": scope,
            "url": f"{settings.SITE_URL}/helping/{secret}",
            "link_until": (timezone.localdate() + timedelta(days=INVITATION_DAYS)).isoformat(),
            **letters.fund_params(worker.region),
        },
    )
    _note(helper, actor, "helper.invited")
    return secret


def find(secret: str) -> Helper:
    """The open invitation with this secret.

    Raises:
        TooLate: `invitation_ended`: none, used, stopped or too old.
    """
    helper = (
        Helper.objects.filter(
            secret_digest=digest(secret),
            user__isnull=True,
            invited_at__gt=timezone.now() - timedelta(days=INVITATION_DAYS),
            worker__erased_at__isnull=True,
        )
        .select_related("worker__region")
        .first()
    )
    if helper is None or not helper.is_live():
        raise TooLate("invitation_ended")
    return helper


@transaction.atomic
def accept(*, secret: str, user: User) -> Helper:
    """Say yes to helping; the signed-in address must be the one that was invited.

    Raises:
        NotAllowed: `other_address`. TooLate: `invitation_ended`, also for the second of two.
    """
    helper = find(secret)
    if helper.email.lower() != user.email.lower():
        raise NotAllowed("other_address", email=helper.email)
    taken = Helper.objects.filter(pk=helper.pk, user__isnull=True, ended_at__isnull=True).update(
        user=user, accepted_at=timezone.now()
    )
    if not taken:
        raise TooLate("invitation_ended")
    helper.refresh_from_db()
    _note(helper, user, "helper.accepted")
    return helper


@transaction.atomic
def end(*, actor: User, helper: Helper) -> None:
    """Stop the help at once: the worker, or the helper; doing it twice is harmless.

    Raises:
        NotYours: somebody else.
    """
    if actor.pk not in {helper.worker.user_id, helper.user_id}:
        raise NotAllowed("not_yours", act="stop help")
    stopped = Helper.objects.filter(pk=helper.pk, ended_at__isnull=True)
    if stopped.update(ended_at=timezone.now()):
        _note(helper, actor, "helper.ended")


def standing(worker: Worker) -> list[Helper]:
    """The helpers of a worker and the open invitations, the newest first."""
    return [one for one in worker.helpers.select_related("user") if one.is_live()]


def helped_by(user: User) -> list[Helper]:
    """Whom somebody may help today, by name."""
    rows = user.helps.filter(worker__erased_at__isnull=True).select_related("worker__region")
    return sorted((one for one in rows if one.is_live()), key=lambda one: one.worker.name)


def digest(secret: str) -> str:
    """The hash under which an invitation is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(helper: Helper, actor: User, action: str) -> None:
    trail.record(
        actor=actor,
        action=action,
        subject=helper,
        region_code=helper.worker.region.code,
        worker=helper.worker_id,
        scope=helper.scope,
    )
