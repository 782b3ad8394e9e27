"""What the sheets hold: each column with where its value stands in the body of a call."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation.models import Proof
from api.models import Consent
from budgetpool.register.codes import Contract, EducationLevel, Sector

YES: Final = {"ja", "yes", "j", "y", "true", "waar", "1"}
NO: Final = {"nee", "no", "n", "false", "onwaar", "0"}
PEOPLES_DAY: Final = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")
type Reader = Callable[[str], Any]
type Label = Promise | str


@dataclass(frozen=True)
class Column:
    """One column: its place in the body, what people call it, an example, and how it is read."""

    place: str
    label: Label
    example: str
    read: Reader = str

    @property
    def names(self) -> set[str]:
        """What may stand above it: the place's own name, or the label in any language."""
        return {self.place.rpartition("/")[2].casefold(), *_in_each_language(self.label)}


def _in_each_language(label: Label) -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(str(label).casefold())
    return found


def whole(text: str) -> Any:
    """A whole number; another text stays as it is, and is refused where it stands."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def yes_or_no(text: str) -> Any:
    known = text.casefold()
    return True if known in YES else False if known in NO else text


def day(text: str) -> str:
    """A day as programs write it: `31-12-1990` and `31/12/1990` are read as people mean them."""
    found = PEOPLES_DAY.fullmatch(text)
    try:
        return date(*(int(found[part]) for part in (3, 2, 1))).isoformat() if found else text
    except ValueError:
        return text


def begin_of_day(text: str) -> str:
    """The first moment of a day here; a moment stays one."""
    try:
        found = date.fromisoformat(day(text))
    except ValueError:
        return text
    return datetime.combine(found, time(0), timezone.get_default_timezone()).isoformat()


def one_of(choices: Iterable[tuple[str, Label]]) -> Reader:
    """A code, or what people call it in any language."""
    rows = list(choices)

    def read(text: str) -> str:
        wanted = text.casefold()
        for code, label in rows:
            if wanted == code.casefold() or wanted in _in_each_language(label):
                return code
        return text

    return read


REFERENCE: Final = Column("reference", _("Your reference"), "dossier-17")
REQUESTS: Final = (
    REFERENCE,
    Column("regionCode", _("Region"), ""),
    Column("worker/name", _("Name"), "Ewa Nowak"),
    Column("worker/birthDate", _("Date of birth"), "04-03-1991", day),
    Column("worker/email", _("E-mail address"), "ewa@example.nl"),
    Column("worker/phone", _("Telephone number"), ""),
    Column("worker/municipality", _("Municipality"), "Enschede"),
    Column("worker/contract", _("Contract"), "agency", one_of(Contract.choices)),
    Column("worker/sector", _("Sector"), "H", one_of(Sector.choices)),
    Column("worker/education", _("Education"), "mbo2", one_of(EducationLevel.choices)),
    Column("worker/trainingHoursTwoYears", _("Hours of training in two years"), "0", whole),
    Column("worker/hasStudyFinance", _("Study finance"), "nee", yes_or_no),
    Column("consent/agreedAt", _("Day of the worker's consent"), "20-11-2026", begin_of_day),
    Column("consent/way", _("How the worker agreed"), "spoken", one_of(Consent.Way.choices)),
    Column("consent/textVersion", _("Version of the consent text"), "2026-1"),
    Column("goal", _("Goal"), ""),
    Column("choices/0/trainingId", _("Number of the training"), "12", whole),
    Column("choices/0/editionId", _("Number of the edition"), "", whole),
)
STARTS: Final = (
    REFERENCE,
    Column("startedOn", _("Day of the first lesson"), "02-03-2027", day),
)
# A practice declaration has three signatures; it goes by the page or by a call.
COMPLETIONS: Final = (
    REFERENCE,
    Column("kind", _("Kind of proof"), "attendance", one_of(Proof.Kind.choices)),
    Column("attendancePercent", _("Percentage of the lessons"), "90", whole),
)
KINDS: Final[dict[str, tuple[Column, ...]]] = {
    "requests": REQUESTS,
    "starts": STARTS,
    "completions": COMPLETIONS,
}


def body(columns: tuple[Column, ...], cells: dict[str, str], *, region_code: str) -> dict[str, Any]:
    """A row as the body of a call; empty cells are left out.

    >>> body(STARTS, {"reference": "17", "startedOn": "02-03-2027"}, region_code="")
    {'reference': '17', 'startedOn': '2027-03-02'}
    """
    made: dict[str, Any] = {}
    for column in columns:
        text = cells.get(column.place, "")
        if column.place == "regionCode":
            text = text or region_code
        if text:
            _put(made, column.place.split("/"), column.read(text))
    return made


def _put(made: dict[str, Any], path: list[str], value: Any) -> None:
    match path:
        case [name]:
            made[name] = value
        case [name, "0", *rest]:
            _put(made.setdefault(name, [{}])[0], rest, value)
        case [name, *rest]:
            _put(made.setdefault(name, {}), rest, value)
