"""Every text that a user can see has its Dutch, and the compiled catalogues are up to date."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import django
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["budgetpool", "allocation", "employers", "workers", "api"]
CATALOGUES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("LC_MESSAGES/django.po")
)
DUTCH = [path for path in CATALOGUES if path.parts[-3] == "nl"]
TEMPLATES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def incomplete(file: Path) -> list[str]:
    with file.open("rb") as stream:
        catalogue = read_po(stream)
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(_texts(message.string)))
    ]


def _texts(string):
    return string if isinstance(string, list | tuple) else [string]


def _strings(catalogue):
    return {
        tuple(_texts(message.id)): tuple(_texts(message.string))
        for message in catalogue
        if message.id
    }


@pytest.mark.parametrize("file", CATALOGUES, ids=name)
def test_no_message_lacks_its_translation(file):
    assert incomplete(file) == []


@pytest.mark.parametrize("file", CATALOGUES, ids=name)
def test_the_compiled_catalogue_is_up_to_date(file):
    with file.open("rb") as stream:
        source = read_po(stream)
    compiled = read_mo(io.BytesIO(file.with_suffix(".mo").read_bytes()))
    assert _strings(compiled) == _strings(source)


@pytest.mark.parametrize("part", ["conf", "contrib/auth", "contrib/admin"])
def test_every_text_of_django_has_dutch_in_its_catalogue_or_in_ours(part):
    folder = Path(django.__file__).parent / part / "locale"
    wanted = _translated(folder / "en" / "LC_MESSAGES" / "django.po", even_empty=True)
    theirs = _translated(folder / "nl" / "LC_MESSAGES" / "django.po")
    ours = _translated(ROOT / "budgetpool/django_texts/locale/nl/LC_MESSAGES/django.po")
    assert wanted - theirs - ours == set()


def _translated(file: Path, *, even_empty: bool = False) -> set[tuple[str | None, str]]:
    with file.open("rb") as stream:
        return {
            (message.context, str(_texts(message.id)[0]))
            for message in read_po(stream)
            if message.id and (even_empty or (not message.fuzzy and all(_texts(message.string))))
        }


@pytest.mark.tool
@pytest.mark.parametrize("file", DUTCH, ids=name)
def test_every_marked_text_stands_in_the_dutch_catalogue(file, tmp_path):
    """Extracts the texts anew, in a copy, and looks for any without its Dutch."""
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed: install the package gettext")
    app = file.parents[3]
    copy = tmp_path / app.name
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("static", "*.sqlite3"))
    own = copy / "locale"
    nested = [path.parents[2] for path in copy.rglob("LC_MESSAGES/django.po")]
    others = [str(path.parent.relative_to(copy)) for path in nested if path != own]
    command = [sys.executable, "-m", "django", "makemessages", "-l", "nl"]
    options = ["--no-location", "--no-wrap", *(f"--ignore={other}/*" for other in others)]
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([*command, *options], cwd=copy, check=True, capture_output=True, env=plain)
    assert incomplete(copy / "locale" / "nl" / "LC_MESSAGES" / "django.po") == []


def test_every_package_with_marked_texts_has_a_dutch_catalogue():
    covered = {path.parents[3] for path in DUTCH}
    marked = re.compile(r"gettext|{%\s*(translate|blocktranslate|trans)\b")
    orphans = [
        name(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
        and marked.search(path.read_text())
        and not covered & set(path.parents)
    ]
    assert orphans == []


VISIBLE_ATTRIBUTES = r'\b(?:aria-label|title|placeholder|alt)="([^"]*[A-Za-z]{2,}[^"]*)"'


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_shows_no_text_that_is_not_marked_for_translation(template):
    text = template.read_text()
    for pattern in (
        r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}",
        r"{%\s*comment\b.*?{%\s*endcomment\s*%}",
        r"{#.*?#}",
        r"<!--.*?-->",
        r"<(script|style|code|kbd)\b.*?</\1>",
        r"{%.*?%}",
        r"{{.*?}}",
    ):
        text = re.sub(pattern, " ", text, flags=re.S)
    attributes = re.findall(VISIBLE_ATTRIBUTES, text)
    text = re.sub(r"<[^>]*>", " ", text, flags=re.S)
    text = re.sub(r"&[a-z]+;", " ", text)
    words = re.findall(r"[A-Za-zÀ-ÿ]{2,}", text)
    proper = {"Budgetpool", "EUR", "CSV", "XLSX", "PDF", "JSON", "IBAN", "KvK", "MB"}
    assert [word for word in [*words, *attributes] if word not in proper] == []
