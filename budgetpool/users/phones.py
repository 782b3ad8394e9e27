"""Mobile numbers that people sign in with: one number, one account."""

import re
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from budgetpool.users.models import PhoneNumber, User

# How numbers are written all over the world (ITU-T E.164).
PLUS: Final = re.compile(r"\+[1-9][0-9]{5,14}")


class NotAMobileNumber(ValueError):
    """A text that is no mobile number we can write to; `code` says in what way."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def normal(text: str) -> str:
    """The number as it is written all over the world, from the spelling that a person knows.

    Raises:
        NotAMobileNumber: `spelling`; `landline`: a Dutch number that gets no text messages;
            `country`: one that `BUDGETPOOL_SMS_COUNTRIES` does not name.

    >>> normal("06 - 1234 5678"), normal("0048 512 345 678")
    ('+31612345678', '+48512345678')
    """
    number = re.sub(r"[\s().\-/\u00a0]", "", text)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    elif re.fullmatch(r"0[0-9]{9}", number):
        number = f"+31{number[1:]}"
    number = re.sub(r"^\+310", "+31", number)
    if not PLUS.fullmatch(number):
        raise NotAMobileNumber("spelling")
    if number.startswith("+31") and not re.fullmatch(r"\+316[0-9]{8}", number):
        raise NotAMobileNumber("landline" if re.fullmatch(r"\+31[0-9]{9}", number) else "spelling")
    if not number.startswith(tuple(f"+{code}" for code in settings.SMS_COUNTRIES)):
        raise NotAMobileNumber("country")
    return number


def of(user: User) -> PhoneNumber | None:
    """The number that somebody signs in with."""
    return PhoneNumber.objects.filter(user=user).first()


def owner(number: str) -> User | None:
    """Whose number it is, if the account is open."""
    found = (
        PhoneNumber.objects.filter(number=number, user__is_active=True)
        .select_related("user")
        .first()
    )
    return found.user if found else None


@transaction.atomic
def keep(*, user: User, number: str, proven: bool) -> PhoneNumber:
    """Tie a number to an account, in place of its earlier one; proven once a code came back.

    Raises:
        ValidationError: another account has this number.
    """
    kept = PhoneNumber.objects.filter(user=user).first() or PhoneNumber(user=user)
    if proven:
        kept.proven_at = timezone.now()
    elif kept.number != number:
        kept.proven_at = None
    kept.number = number
    kept.full_clean()
    kept.save()
    if not user.phone:
        user.phone = number
        user.save(update_fields=["phone"])
    return kept
