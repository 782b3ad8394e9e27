"""E-mail addresses and whether their owner proved them, as django-allauth keeps them."""

from allauth.account.models import EmailAddress

from budgetpool.users.models import User


def known(user: User) -> EmailAddress:
    """The record of a person's address, made on first use and not yet proven."""
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True}
    )
    return address


def prove(user: User) -> EmailAddress:
    """Take a person's address as proven, for accounts that an operator made by hand."""
    address = known(user)
    address.verified = True
    address.save(update_fields=["verified"])
    return address
