"""One catalogue per language, in `budgetpool/locale/`: what the source says, in people's words.

A sentence has one translation, wherever it stands. The catalogue is sorted by its source text and
holds no line numbers, so that two changes beside each other do not touch the same lines. It is
compiled here in plain Python; only looking for the texts of the source needs GNU gettext.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "budgetpool" / "locale"
PACKAGES = ("budgetpool", "allocation", "employers", "workers", "api")
# What a worker meets on the screen, from a region's page to what comes after the decision.
WORKERS_SCREENS: Final = (
    "allocation/decisions/peers.py",
    "budgetpool/bsn",
    "budgetpool/mail/reasons.py",
    "budgetpool/register/codes.py",
    *(
        f"budgetpool/portals/{part}"
        for part in (
            "account",
            "application",
            "components/answer_fields.py",
            "components/fields.py",
            "components/forms.py",
            "components/keeping.py",
            "components/numbers.py",
            "components/parts.py",
            "components/policy.py",
            "components/rate_limits.py",
            "components/refusals.py",
            "components/standing.py",
            "public/rounds.py",
            "public/templates/public/accessibility.html",
            "public/templates/public/base.html",
            "public/templates/public/front.html",
            "public/templates/public/levers.html",
            "public/templates/public/privacy.html",
            "public/templates/public/region.html",
            "public/views.py",
            "templates/400.html",
            "templates/403.html",
            "templates/403_csrf.html",
            "templates/404.html",
            "templates/500.html",
            "templates/503.html",
            "templates/base.html",
            "templates/components",
            "templates/error.html",
            "templatetags",
            "worker",
        )
    ),
    *(
        f"workers/{part}"
        for part in (
            "around",
            "counter",
            "data",
            "eligibility.py",
            "files",
            "follow_ups.py",
            "learning",
            "models/hosts.py",
            "models/requests.py",
            "models/worker.py",
            "requests",
        )
    ),
)
# What each language translates. All screens are in Dutch and English; a worker's in more,
# and letters in those whose scope holds `budgetpool/mail`.
SCOPES: Final[dict[str, tuple[str, ...]]] = {
    "nl": PACKAGES,
    "pl": (*WORKERS_SCREENS, "budgetpool/mail"),
    "uk": WORKERS_SCREENS,
    "ar": WORKERS_SCREENS,
}
# Nobody who changes a page has to know these: a text that lacks one is Dutch for its readers.
BY_MACHINE: Final = frozenset(SCOPES) - {"nl"}
DJANGO_PARTS = ("conf", "contrib/auth", "contrib/admin")


class NoGettext(Exception):
    """The program `xgettext` is not on the path."""


def file_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def read(file: Path) -> Catalog:
    """A catalogue from its file."""
    with file.open("rb") as stream:
        return read_po(stream)


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue sorted, without places, and its compiled form beside it."""
    file = file_of(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=0, no_location=True, sort_output=True)
    compile_(language)


def compile_(language: str) -> None:
    """Make the compiled catalogue anew from its source, without what has no translation."""
    file = file_of(language)
    catalogue = read(file)
    for message in list(catalogue):
        if message.id and not all(texts(message.string)):
            catalogue.delete(message.id, message.context)
    with file.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalogue)


def update(language: str) -> list[str]:
    """Bring a catalogue up to date with the source and give the texts that lack a translation.

    Raises:
        NoGettext: GNU gettext is not installed.
    """
    file = file_of(language)
    old = read(file) if file.exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="Budgetpool", fuzzy=False, charset="utf-8")
    new.header_comment = f"# Budgetpool, {language}: one translation per sentence."
    for message in wanted(language):
        known = old.get(message.id, message.context)
        new.add(
            message.id,
            known.string if known else "",
            flags=message.flags & {"python-format", "python-brace-format"},
            context=message.context,
        )
    new.creation_date = old.creation_date
    new.revision_date = old.revision_date
    write(language, new)
    return incomplete(new)


def wanted(language: str) -> list[Message]:
    """Every text of the source that this language translates, and Django's own that it lacks."""
    found = list(_extracted(SCOPES[language]))
    if SCOPES[language] == PACKAGES:
        known = {(message.id, message.context) for message in found}
        found += [m for m in django_lacks(language) if (m.id, m.context) not in known]
    return found


def incomplete(catalogue: Catalog) -> list[str]:
    """The texts without a translation, or with one that nobody has confirmed."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(texts(message.string)))
    ]


def texts(string: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """The forms of a text: one, or one for each plural."""
    return [string] if isinstance(string, str) else list(string or [""])


def django_lacks(language: str) -> list[Message]:
    """Texts of Django itself, of the parts that people see, for which it has no translation."""
    lacking = []
    for part in DJANGO_PARTS:
        folder = Path(django.__file__).parent / part / "locale"
        theirs = read(folder / language / "LC_MESSAGES" / "django.po")
        for message in read(folder / "en" / "LC_MESSAGES" / "django.po"):
            known = theirs.get(message.id, message.context) if message.id else None
            if message.id and (known is None or known.fuzzy or not all(texts(known.string))):
                lacking.append(message)
    return lacking


def _extracted(scope: tuple[str, ...]) -> list[Message]:
    """What GNU gettext finds in some packages; in a copy, since Django writes beside the source."""
    if shutil.which("xgettext") is None:
        raise NoGettext("GNU gettext is not installed: install the package gettext.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        (copy / "locale").mkdir()
        for package in scope:
            _copy(ROOT / package, copy / package)
        command = [sys.executable, "-m", "django", "makemessages", "--no-location", "-l", "nl"]
        subprocess.run(command, cwd=copy, check=True, capture_output=True, env=_plain())
        found = read(copy / "locale" / "nl" / "LC_MESSAGES" / "django.po")
        return [message for message in found if message.id]


def _copy(source: Path, copy: Path) -> None:
    """A package, or one file of it, into the copy that is searched for texts."""
    if source.is_dir():
        leave = shutil.ignore_patterns("static", "locale", "migrations", "*.sqlite3")
        shutil.copytree(source, copy, ignore=leave, dirs_exist_ok=True)
    else:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)


def _plain() -> dict[str, str]:
    """The environment without our settings: the search for texts needs no project."""
    return {n: v for n, v in os.environ.items() if n != "DJANGO_SETTINGS_MODULE"}
