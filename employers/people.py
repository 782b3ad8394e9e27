"""The people of an employer: each with an account of their own, invited by a manager."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgetpool.audit import trail
from budgetpool.mail import outbox
from budgetpool.refusals import NotAllowed, NotReady, TooLate
from budgetpool.users.models import User
from employers import access
from employers.models import Employer, EmployerMember, Invitation
from employers.models.employer import Role

VALID_DAYS = 14


@transaction.atomic
def invite(
    *, employer: Employer, email: str, role: str, by: User | None = None
) -> tuple[Invitation, str]:
    """Invite somebody by e-mail; an earlier open invitation to the same address ends.

    Args:
        by: a manager; None for the fund's own desk, which invites the first one.

    Returns:
        The invitation, and the secret of its link, which is kept nowhere.

    Raises:
        NotAllowed: no manager of this employer.
        AlreadyMember: the address belongs to somebody of this employer.
        ValidationError: no e-mail address, or no such role.
    """
    if by is not None:
        access.require(actor=by, employer=employer, role=Role.MANAGER)
    address = email.strip().lower()
    if members(employer).filter(user__email__iexact=address).exists():
        raise NotReady("already_member", email=address)
    now = timezone.now()
    open_invitations(employer).filter(email__iexact=address).update(withdrawn_at=now)
    secret = secrets.token_urlsafe(24)
    invitation = Invitation(
        employer=employer,
        email=address,
        role=role,
        secret_digest=digest(secret),
        invited_by=by,
        expires_at=now + timedelta(days=VALID_DAYS),
    )
    invitation.full_clean()
    invitation.save()
    outbox.queue(
        key=f"invitation:{invitation.pk}",
        kind="employer_invitation",
        to=outbox.Address(email=address),
        params={
            "employer": employer.name,
            "inviter": by.name if by else "",
            "url": f"{settings.SITE_URL}/employers/invitations/{secret}",
            "valid_until": timezone.localdate(invitation.expires_at).isoformat(),
        },
    )
    trail.record(actor=by, action="employer.invited", subject=invitation, role=role)
    return invitation, secret


def find_invitation(secret: str) -> Invitation:
    """The open invitation with this secret.

    Raises:
        InvitationEnded: there is none, or it was used, withdrawn or is too old.
    """
    found = (
        Invitation.objects.filter(secret_digest=digest(secret)).select_related("employer").first()
    )
    if found is None or not found.is_open:
        raise TooLate("invitation_ended")
    return found


@transaction.atomic
def accept(*, secret: str, user: User) -> EmployerMember:
    """Take the place that an invitation offers. The address must be the one that was invited.

    Raises:
        InvitationEnded, OtherAddress.
    """
    invitation = find_invitation(secret)
    if invitation.email.lower() != user.email.lower():
        raise NotAllowed("other_address", email=invitation.email)
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True).update(
        accepted_at=timezone.now()
    )
    if not taken:
        raise TooLate("invitation_ended")
    member, _fresh = EmployerMember.objects.get_or_create(
        employer=invitation.employer,
        user=user,
        ended_at=None,
        defaults={"role": invitation.role},
    )
    trail.record(actor=user, action="employer.joined", subject=member, role=member.role)
    return member


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Take an invitation back.

    Raises:
        NotAllowed: no manager of its employer.
    """
    access.require(actor=by, employer=invitation.employer, role=Role.MANAGER)
    invitation.withdrawn_at = invitation.withdrawn_at or timezone.now()
    invitation.save()
    trail.record(actor=by, action="employer.invitation_withdrawn", subject=invitation)


@transaction.atomic
def change_role(*, member: EmployerMember, role: str, by: User) -> EmployerMember:
    """Give a person another role.

    Raises:
        NotAllowed: no manager of this employer.
        LastManager: it would be left without a manager.
        ValidationError: no such role.
    """
    locked = _lock(member, by)
    if role not in Role.values:
        raise ValidationError(_("Choose one of the three roles."), code="role")
    if locked.role == Role.MANAGER and role != Role.MANAGER:
        _keep_a_manager(locked)
    locked.role = role
    locked.save()
    trail.record(actor=by, action="employer.role_changed", subject=locked, role=role)
    return locked


@transaction.atomic
def end_place(*, member: EmployerMember, by: User) -> None:
    """End a person's place; what they did stays in their name.

    Raises:
        NotAllowed, LastManager.
    """
    locked = _lock(member, by)
    if locked.role == Role.MANAGER:
        _keep_a_manager(locked)
    locked.ended_at = timezone.now()
    locked.save()
    trail.record(actor=by, action="employer.left", subject=locked)


def members(employer: Employer) -> QuerySet[EmployerMember]:
    """The people who have a place now, by name."""
    return employer.members.filter(ended_at__isnull=True).select_related("user")


def open_invitations(employer: Employer) -> QuerySet[Invitation]:
    """Invitations that were neither used nor withdrawn; some may be too old."""
    return employer.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _lock(member: EmployerMember, by: User) -> EmployerMember:
    # The employer's row is locked, so that two managers cannot remove each other at once.
    Employer.objects.select_for_update().get(pk=member.employer_id)
    access.require(actor=by, employer=member.employer, role=Role.MANAGER)
    locked = EmployerMember.objects.get(pk=member.pk)
    if locked.ended_at is not None:
        raise NotAllowed("no_role")
    return locked


def _keep_a_manager(member: EmployerMember) -> None:
    others = members(member.employer).filter(role=Role.MANAGER).exclude(pk=member.pk)
    if not others.exists():
        raise NotReady("last_manager")
