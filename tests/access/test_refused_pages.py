"""What a page refuses it says in plain Dutch, by the field's name, with a link that leads to it.

Every form of every portal is sent empty and full of nonsense by somebody who may send it.
"""

import re
from html import unescape

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.test_matrix import person_of, thing, things_of
from tests.cast import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
FORMS = [row for row in MATRIX if row.post is not None and row.opens_to]
NONSENSE = ["§$%", "-1", "31-02-2027", "999999999999999999999999", "x" * 5000]
ENGLISH = re.compile(
    r"\b(?:this|field|required|invalid|select|choose|enter|valid|must|should|with|already)\b",
    re.IGNORECASE,
)
ACCOUNT = re.compile(r"\b(?:pool|round|employer|award|bank|suspense)-[\w-]*\d|_cents\b|\bcents\b")
SUMMARY = re.compile(r'<div class="utrecht-alert utrecht-alert--error".*?</div>', re.DOTALL)
BESIDE = re.compile(r'<div class="utrecht-form-field-error-message".*?</div>', re.DOTALL)
CONSTRAINTS = {
    constraint.name
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint)
}


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def told(page):
    """The errors of a page, as its reader sees them."""
    inside = [*SUMMARY.findall(page), *BESIDE.findall(page)]
    return [unescape(re.sub(r"<[^>]+>|\s+", " ", text)).strip() for text in inside]


def faults_of(answer):
    """What a page says about a refusal that people cannot use."""
    page = main_of(answer)
    faults = []
    for text in told(page):
        faults += [f"names {name}" for name in CONSTRAINTS if name in text]
        if ACCOUNT.search(text):
            faults.append(f"speaks of accounts: {text}")
        if ENGLISH.search(text):
            faults.append(f"speaks English: {text}")
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    summary = re.search(
        r'<div class="utrecht-alert utrecht-alert--error".*?</div>', page, re.DOTALL
    )
    for target, text in re.findall(
        r'<a href="#([^"]*)">([^<]*)</a>', summary[0] if summary else ""
    ):
        if target not in ids:
            faults.append(f"leads nowhere: #{target}")
        if text.strip() == "Dit veld is verplicht.":
            faults.append(f"names no field: #{target}")
    return faults


def asked_of(row):
    return [*things_of(row), sorted(row.opens_to)[0].removesuffix("_user")]


@pytest.mark.asks(names=lambda row: [name for name in asked_of(row) if name != "visitor"])
@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.url)
def test_a_refused_form_says_in_plain_dutch_what_is_wrong(row, request):
    address = reverse(row.url, kwargs={name: thing(request, key) for name, key in row.args.items()})
    role = sorted(row.opens_to)[0]
    if role == "visitor":
        return
    browser = signed_in(person_of(request, role), second_factor=True)
    found, cast = [], browser.get(address)
    names = sorted(set(re.findall(r'\bname="([\w-]+)"', main_of(cast)))) if cast.content else []
    for value in ["", *NONSENSE]:
        cache.clear()
        sent = {name: value for name in names if name != "csrfmiddlewaretoken"}
        answer = browser.post(address, sent)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found += faults_of(answer)
    assert sorted(set(found)) == []
