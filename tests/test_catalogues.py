"""Every text that a user can see has its Dutch, once, and the compiled files are up to date."""

import ast
import io
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from budgetpool.operations import catalogues

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(
    path for package in catalogues.PACKAGES for path in (ROOT / package).rglob("*.html")
)
LANGUAGES = sorted(catalogues.SCOPES)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def keys(messages) -> set[tuple[str | None, str]]:
    return {(message.context, catalogues.texts(message.id)[0]) for message in messages}


def strings(catalogue):
    return {
        (context(message), *catalogues.texts(message.id)): tuple(catalogues.texts(message.string))
        for message in catalogue
        if message.id
    }


def context(message) -> str | None:
    """A compiled catalogue gives contexts as bytes."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def test_there_is_one_catalogue_per_language():
    found = {
        path for package in catalogues.PACKAGES for path in (ROOT / package).rglob("LC_MESSAGES/*")
    }
    files = {catalogues.file_of(language) for language in LANGUAGES}
    assert found == files | {file.with_suffix(".mo") for file in files}


def test_no_message_lacks_its_dutch():
    assert catalogues.incomplete(catalogues.read(catalogues.file_of("nl"))) == []


def formal(text: str) -> list[str]:
    """The words by which a Dutch text calls its reader "u"."""
    return re.findall(r"\b(?:u|uw)\b", text, re.IGNORECASE)


def test_dutch_says_je_to_everybody():
    """One page said "je", the next one "u"."""
    assert formal("U ziet uw aanvraag.") == ["U", "uw"]
    assert formal("Je leest hier hoeveel uur het duurt.") == []
    dutch = strings(catalogues.read(catalogues.file_of("nl")))
    assert [text for texts in dutch.values() for text in texts if formal(text)] == []


@pytest.mark.parametrize("language", sorted(catalogues.BY_MACHINE))
def test_what_a_machine_translates_is_nearly_whole(language):
    """A text without a translation is Dutch for its readers; more than 2 in 100 would be a mix."""
    catalogue = catalogues.read(catalogues.file_of(language))
    lacking = catalogues.incomplete(catalogue)
    assert len(lacking) <= 0.02 * len(catalogue), lacking


def test_a_text_without_a_translation_is_left_out_and_not_shown_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "file_of", lambda language: tmp_path / "django.po")
    catalogue = Catalog(locale="pl")
    for text, translated in (("Yes", "Tak"), ("No", ""), (("a", "b"), ("", "", ""))):
        catalogue.add(text, translated)
    catalogues.write("pl", catalogue)
    compiled = read_mo(io.BytesIO((tmp_path / "django.mo").read_bytes()))
    assert [message.id for message in compiled if message.id] == ["Yes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_one_translation(language):
    """A second entry would win or lose unseen; a context is there to tell meanings apart."""
    text = catalogues.file_of(language).read_text()
    blocks = re.findall(r'^(?:msgctxt "(.*)"\n)?msgid ((?:".*"\n)+)', text, flags=re.M)
    assert [key for key, times in Counter(blocks).items() if times > 1] == []
    by_text: dict[str, list[tuple[str, ...]]] = {}
    for (_context, text_id, *_), translation in strings(
        catalogues.read(catalogues.file_of(language))
    ).items():
        by_text.setdefault(text_id, []).append(translation)
    assert [t for t, found in by_text.items() if len(set(found)) < len(found)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_up_to_date(language):
    file = catalogues.file_of(language)
    compiled = read_mo(io.BytesIO(file.with_suffix(".mo").read_bytes()))
    wanted = {key: words for key, words in strings(catalogues.read(file)).items() if all(words)}
    assert strings(compiled) == wanted


@pytest.mark.tool
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_the_texts_of_the_source_and_no_others(language):
    """Extracts the texts anew; `manage.py translations` mends what differs."""
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed: install the package gettext")
    held = keys(m for m in catalogues.read(catalogues.file_of(language)) if m.id)
    wanted = keys(catalogues.wanted(language))
    assert {"missing": wanted - held, "stale": held - wanted} == {"missing": set(), "stale": set()}


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


def in_f_strings(text: str) -> list[str]:
    """Texts that are marked for translation inside an f-string, where nothing collects them."""
    marks = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
    return [
        ast.unparse(call)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in marks
    ]


def test_no_text_hides_in_an_f_string_where_nobody_collects_it():
    """A Dutch page once said "Leave it empty when it was right." """
    assert in_f_strings("""help = f"{said} {_('Leave it empty.')}" """)
    assert not in_f_strings("""help = f"{said} {leave}" """)
    found = {
        str(path.relative_to(ROOT)): texts
        for package in ("budgetpool", "allocation", "workers", "employers", "api")
        for path in sorted((ROOT / package).rglob("*.py"))
        if (texts := in_f_strings(path.read_text(encoding="utf-8")))
    }
    assert found == {}
