"""No text is turned into words before a request says in which language.

At import the installation's first language is active, so a text that was turned into words then
is Dutch for every reader. This test imports every module and looks for Dutch sentences of the
catalogue that stand, as plain text, in a form, a model, or anything else that a module keeps.
"""

import dataclasses
import importlib
import pkgutil
from enum import Enum

from django import forms
from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise

from budgetpool.operations import catalogues

PACKAGES = ("budgetpool", "workers", "employers", "allocation", "api")
# Not for readers of a page: the demo's own words, data, and scripts that run when imported.
LEFT_OUT = (
    *("budgetpool.demo", "budgetpool.wsgi", "portals.styleguide"),
    *(".migrations", ".management", "__main__"),
)
DEEPEST = 5


def modules():
    importlib.import_module("budgetpool.urls")  # it registers what addresses are made of
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not any(part in found.name for part in LEFT_OUT):
                yield importlib.import_module(found.name)


def dutch():
    """The Dutch of sentences that are another text in English; languages go by their own name."""
    return {
        message.string
        for message in catalogues.read(catalogues.file_of("nl"))
        if isinstance(message.string, str)
        and message.string != message.id
        and len(message.string) > 3
        and message.string[:1].isupper()
    } - {str(name) for _code, name in settings.LANGUAGES}


def parts(thing):
    """What a thing that a module keeps consists of, where a text could stand."""
    if isinstance(thing, type):
        if issubclass(thing, forms.BaseForm):
            yield from thing.base_fields.values()
        elif issubclass(thing, Model):
            meta = thing._meta
            yield from (meta.verbose_name, meta.verbose_name_plural)
            for each in meta.fields:
                yield from (each.verbose_name, each.help_text, each.choices)
        elif issubclass(thing, Enum):
            yield from (member._label_ for member in thing if hasattr(member, "_label_"))
    elif isinstance(thing, forms.Field):
        yield from (thing.label, thing.help_text, thing.error_messages, thing.widget.attrs)
        yield getattr(thing, "_choices", None)
    elif isinstance(thing, dict):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from thing
    elif dataclasses.is_dataclass(thing):
        yield from (getattr(thing, each.name, None) for each in dataclasses.fields(thing))


def turned(thing, wrong, depth=0):
    """Dutch sentences that stand in a thing as plain text."""
    if isinstance(thing, Promise):
        return
    if isinstance(thing, str):
        if str(thing) in wrong:
            yield str(thing)
    elif depth < DEEPEST:
        for part in parts(thing):
            yield from turned(part, wrong, depth + 1)


def test_no_module_keeps_a_sentence_in_one_language():
    wrong, found = dutch(), set()
    for module in modules():
        for name, thing in vars(module).items():
            if not name.startswith("__") and getattr(thing, "__module__", module.__name__) in {
                module.__name__,
                None,
            }:
                found |= {f"{module.__name__}.{name}: {text!r}" for text in turned(thing, wrong)}
    assert not found, "\n".join(sorted(found))


def test_a_sentence_that_was_turned_into_words_too_early_is_found():
    sentence = sorted(dutch())[0]

    class Early(forms.Form):
        answer = forms.ChoiceField(label="x", choices=[("a", sentence)])

    assert list(turned(Early, {sentence})) == [sentence]
