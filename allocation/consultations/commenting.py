"""What people say of a draft rule: with a name only where they want it shown."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from allocation.models import Comment, Consultation
from budgetpool.audit import trail
from budgetpool.refusals import TooLate


def comment(
    *, consultation: Consultation, text: str, lever: str = "", name: str = "", consent: bool = False
) -> tuple[Comment, str]:
    """Keep a comment; the board reads it before anybody else does.

    Nothing but the words is kept, and a name only with its owner's consent to show it.

    Args:
        lever: the code of the part of the rule that it is about; empty for all of it.

    Returns:
        the comment, and the key by which its writer finds it again. Only the key's fingerprint
        is kept.

    Raises:
        TooLate: `consultation_over`: the term ended, by the clock.
        ValidationError: no words, a BSN, or a name without consent.
    """
    if name.strip() and not consent:
        raise ValidationError(
            {"consent": _("Tick this box, or leave your name out: then nobody sees it.")}
        )
    key = secrets.token_urlsafe(16)
    with transaction.atomic():
        # The row is locked, so that no comment comes in after the end was seen.
        fresh = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if not fresh.is_open:
            raise TooLate("consultation_over", closed_at=fresh.closes_at.isoformat())
        made = Comment(
            consultation=fresh, lever=lever, text=text, shown_name=name, key_sha256=_print(key)
        )
        made.full_clean()
        made.save()
        trail.record(
            actor=None,
            action="consultation.commented",
            subject=made,
            region_code=fresh.policy.fund.region.code,
            with_name=bool(made.shown_name),
        )
    return made, key


def find_own(consultation: Consultation, key: str) -> Comment | None:
    """The comment of whoever holds this key."""
    return Comment.objects.filter(consultation=consultation, key_sha256=_print(key)).first()


def take_name_back(*, comment: Comment) -> None:
    """Take the consent back: the name is gone, the words stay (GDPR article 7(3))."""
    with transaction.atomic():
        fresh = Comment.objects.select_for_update().get(pk=comment.pk)
        if not fresh.shown_name:
            return
        fresh.shown_name = ""
        fresh.save(update_fields=["shown_name"])
        trail.record(
            actor=None,
            action="consultation.name_taken_back",
            subject=fresh,
            region_code=fresh.consultation.policy.fund.region.code,
        )


def _print(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
