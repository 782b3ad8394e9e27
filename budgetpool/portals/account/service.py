"""Changes of one's own account."""

from django.db import transaction

from budgetpool.audit import trail
from budgetpool.users.models import User
from workers import people
from workers.models import Worker


@transaction.atomic
def change_profile(
    *, user: User, name: str, phone: str, language: str, wants_daily_mail: bool | None = None
) -> None:
    """Change what a person decides about themselves; a worker's letters follow the language.

    Args:
        wants_daily_mail: stays as it is where nothing is said.

    Raises:
        ValidationError: a value that the model refuses.
    """
    wanted: dict[str, str | bool] = {"name": name, "phone": phone, "language": language}
    if wants_daily_mail is not None:
        wanted["wants_daily_mail"] = wants_daily_mail
    before = User.objects.only(*wanted).get(pk=user.pk)
    changed = sorted(field for field, value in wanted.items() if getattr(before, field) != value)
    for field, value in wanted.items():
        setattr(user, field, value)
    user.full_clean(exclude=["password"])
    if changed:
        user.save(update_fields=changed)
        trail.record(actor=user, action="profile.changed", subject=user, fields=changed)
    if "language" in changed:
        worker = Worker.objects.filter(user=user, erased_at=None).first()
        if worker is not None:
            people.change(actor=user, worker=worker, language=language)
