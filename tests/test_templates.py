"""Components get what they are given, and nothing that happens to stand around them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "budgetpool"
TEMPLATES = sorted(ROOT.rglob("*.html"))
# What each component draws from: what it needs, and what it can do without.
COMPONENTS = {
    "alert": ("text", "kind title role"),
    "back": ("url", "text"),
    "badge": ("text", "kind"),
    "button": ("text", "url kind name value"),
    "chart": ("chart", ""),
    "facts": ("facts", ""),
    "figures": ("figures", ""),
    "how_it_works": ("", ""),
    "inbox": ("inbox", ""),
    "next_step": ("title", "text url button"),
    "note": ("text", "title"),
    "paper_table": ("table", ""),
    "pictogram": ("name", ""),
    "stations": ("stations", "label"),
    "step": ("number total", "name"),
    "table": ("table", ""),
}
# These draw from the page itself: its form, its messages, who is signed in.
OF_THE_PAGE = {
    "by_machine",
    *("account", "aloud", "demo_strip", "error_summary", "field", "field_body", "field_errors"),
    *(
        "field_label",
        "footer",
        "form",
        "language",
        "list",
        "list_top",
        "mark",
        "messages",
        "pages",
        "paper",
        "session",
    ),
}
INCLUDE = re.compile(r'{% include "components/(\w+)\.html"([^%]*(?:%(?!})[^%]*)*)%}')


def test_every_component_is_known_to_these_tests():
    names = {path.stem for path in (ROOT / "portals/templates/components").glob("*.html")}
    assert names == set(COMPONENTS) | OF_THE_PAGE


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_draws_from_what_it_says(name):
    text = (ROOT / f"portals/templates/components/{name}.html").read_text()
    bound = set(re.findall(r"{% for (\w+) in", text)) | {"forloop"}
    used = set(re.findall(r"(?:{{|{% if|{% elif|in|with=?) (?:not )?([a-z_]+)\b(?=[ .|}])", text))
    used |= set(re.findall(r"=([a-z]\w*)\b(?=[ .|])", text))
    needed, optional = COMPONENTS[name]
    assert used - bound - {"translate", "blocktranslate"} <= {*needed.split(), *optional.split()}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_include_of_a_component_is_closed_off(path):
    """A junk parameter in an address once reached a page, and a back link said "‹ jan"."""
    for name, rest in INCLUDE.findall(path.read_text()):
        if name in COMPONENTS:
            assert rest.rstrip().endswith(" only"), f"{name}: {rest}"
            given = set(re.findall(r"(\w+)=", re.sub(r'"[^"]*"', "", rest)))
            assert set(COMPONENTS[name][0].split()) <= given, f"{name} lacks what it needs: {rest}"
