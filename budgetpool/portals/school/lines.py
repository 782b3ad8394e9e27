"""One line per person, with what the school has to do now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from allocation.decisions import places
from allocation.models import Award
from budgetpool.keys import key_of
from budgetpool.register.models import Edition, Provider

RUNNING: Final = (Award.Status.ACCEPTED, Award.Status.ADVANCED)
# What the school has to do with somebody, in the order of the list's filter.
STATES: Final = {
    "confirm": gettext_lazy("Place to confirm"),
    "wait": gettext_lazy("Waits for the start"),
    "begin": gettext_lazy("Did it begin?"),
    "running": gettext_lazy("In training"),
    "gone": gettext_lazy("The counter asks"),
    "checked": gettext_lazy("Proof is looked at"),
    "done": gettext_lazy("Completed"),
}
KINDS: Final = {
    "confirm": "warning",
    "begin": "warning",
    "gone": "inactive",
    "running": "success",
    "done": "success",
}


@dataclass(frozen=True)
class Line:
    """One awarded person as the list shows them."""

    award: Award
    edition: Edition | None
    state: str

    @property
    def words(self) -> str:
        return str(STATES[self.state])

    @property
    def kind(self) -> str:
        return KINDS.get(self.state, "neutral")


def of(awards: Iterable[Any]) -> list[Line]:
    """The lines of one page, in a fixed number of queries."""
    rows = list(awards)
    editions = Edition.objects.select_related("training").in_bulk(
        [row.edition_now for row in rows if row.edition_now]
    )
    today = timezone.localdate()
    return [
        Line(row, editions.get(row.edition_now), state(row, editions.get(row.edition_now), today))
        for row in rows
    ]


def state(award: Any, edition: Edition | None, today: date) -> str:
    """What the school has to do with somebody now: a code of `STATES`."""
    if award.status not in RUNNING:
        return "done"
    if award.place.gone:
        return "gone"
    if any(proof.status == "sent" for proof in award.proofs.all()):
        return "checked"
    if award.started_on is not None:
        return "running"
    if award.place.confirmed_at is None:
        return "confirm"
    if edition is not None and edition.starts_on > today:
        return "wait"
    return "begin"


def people(provider: Provider) -> QuerySet[Any]:
    """What the lines need of the people of a school."""
    return places.people(provider).prefetch_related("proofs")


def search(found: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those with these words in their name, or this number (R-0412)."""
    text = words.strip()
    digits = text.upper().removeprefix("R-")
    if (number := key_of(digits)) is not None:
        return found.filter(request=number)
    for word in text.split()[:5]:
        found = found.filter(
            Q(request__worker__name__icontains=word) | Q(choice__training__title__icontains=word)
        )
    return found


def counts(provider: Provider) -> Counter[str]:
    """How many people are in each state."""
    return Counter(line.state for line in of(people(provider)))
