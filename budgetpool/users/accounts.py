"""The account of somebody who gets a seat: found by its address, or made."""

from budgetpool.refusals import NotReady
from budgetpool.users.models import User


def of(email: str, *, name: str) -> User:
    """The account with this address, made where there is none; in the caller's transaction.

    Args:
        name: for a new account.

    Raises:
        NotReady: `name_missing`, for a new account; `account_closed`.
        ValidationError: no e-mail address.
    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first() if address else None
    if user is not None:
        require_open(user)
        return user
    if not name.strip():
        raise NotReady("name_missing", email=address)
    return User.objects.create_user(address, name=name.strip())


def require_open(user: User) -> None:
    """Whoever may not sign in gets no seat either: nobody would see it, until they may again.

    Raises:
        NotReady: `account_closed`.
    """
    if not user.is_active:
        raise NotReady("account_closed", name=user.name)
