"""Changes of one's own account."""

from django.db import transaction

from budgetpool.audit import trail
from budgetpool.users.models import User


@transaction.atomic
def change_profile(*, user: User, name: str, phone: str, language: str) -> None:
    """Change a person's own name, phone number and language.

    Raises:
        ValidationError: a value that the model refuses.
    """
    wanted = {"name": name, "phone": phone, "language": language}
    before = User.objects.only(*wanted).get(pk=user.pk)
    changed = sorted(field for field, value in wanted.items() if getattr(before, field) != value)
    for field, value in wanted.items():
        setattr(user, field, value)
    user.full_clean(exclude=["password"])
    if changed:
        user.save(update_fields=changed)
        trail.record(actor=user, action="profile.changed", subject=user, fields=changed)
