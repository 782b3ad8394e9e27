"""What waits for one school: everybody who works there may do it."""

from collections.abc import Iterator

from django.urls import reverse

from budgetpool.portals.components.waits import Item, piled
from budgetpool.portals.school import lines
from budgetpool.register.models import Provider
from budgetpool.users.models import User


def of(provider: Provider, member: User) -> Iterator[Item]:
    """The people about whom only the school can say something; no name stands here."""
    where = reverse("school:people", args=[provider.pk])
    found = lines.of(lines.people(provider))
    for state in ("confirm", "begin"):
        rows = [line for line in found if line.state == state]
        if not rows:
            continue
        starts = [line.edition.starts_on for line in rows if line.edition is not None]
        first = min(starts, default=None)
        # A place is confirmed before the first lesson; whether it began is known from then on.
        days = {"until": first} if state == "confirm" else {"since": first}
        yield piled(state, f"{where}?state={state}", len(rows), **days)
