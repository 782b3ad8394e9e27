"""Whatever is typed into a form and into an address, no page fails.

Every page of the access matrix and every scene that the browser looks at: its forms are read from
the page, filled with what people and programs send (amounts of hundreds of digits, signs that a
database refuses, days that do not exist, a key twice), and sent.
"""

import re
from contextlib import suppress
from functools import partial
from operator import attrgetter
from urllib.parse import urljoin

import hypothesis.strategies as st
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from hypothesis import HealthCheck, Phase, given, settings
from lxml import html

from budgetpool.portals.components import keeping
from tests.access.matrix import MATRIX
from tests.access.test_matrix import in_matrix, person_of, thing, things_of
from tests.browser.pages import SCENES
from tests.browser.world import *  # noqa: F403
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
QUICK, THOROUGH = 1, 100
ODD = [
    "9" * 29,
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "€ 1.234,50",
    "0,001",
    "\0",
    "a\0b",
    "\u202egnp.exe",
    "ﬁ" * 3000,
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%s%n%(x)s",
    "' OR 1=1 --",
    "31-02-2027",
    "00-00-0000",
    "01-01-0001",
    "31-12-9999",
    "2027-13-45T99:99",
    "9999999999999999999",
    "-9223372036854775809",
    "true",
    "null",
    "[]",
    '{"a": [1]}',
    "[" * 3000,
    "NL91ABNA0417164300",
    "123456782",
    "x@example.nl",
    "+31612345678",
    "",
    " ",
]
QUERY_KEYS = [
    "page",
    "words",
    "outcome",
    "year",
    "next",
    "filter",
    "q",
    "text",
    "back",
    "from",
    "to",
]
odd = st.sampled_from(ODD) | st.text(max_size=60) | st.integers(-(10**40), 10**40).map(str)


def fields_of(form):
    """Each field of a form that a page shows: its name and what it offers to choose from."""
    for element in form.inputs:
        name = element.name
        if not name or name == "csrfmiddlewaretoken":
            continue
        if element.tag == "select":
            yield name, "choice", [option.get("value") or "" for option in element.iter("option")]
        elif element.get("type") in {"radio", "checkbox"}:
            yield name, "choice", [element.get("value") or "on"]
        elif element.get("type") == "file":
            yield name, "file", []
        else:
            yield name, "text", [element.value or ""]


def forms_of(page, address):
    """Every form of the page as (method, address, fields), and each button that it has."""
    for form in page.forms:
        fields = list(fields_of(form))
        fields += [
            (button.get("name"), "choice", [button.get("value") or ""])
            for button in form.iter("button")
            if button.get("name")
        ]
        yield form.method, urljoin(address, form.get("action") or address), fields


@st.composite
def filled(draw, fields):
    """What somebody sends: mostly what the form offers, with odd things between."""
    data = {}
    for name, kind, offered in fields:
        if kind == "file":
            bytes_ = draw(st.binary(max_size=200))
            data[name] = SimpleUploadedFile(
                draw(st.sampled_from(["a.pdf", "b.xml", "c.jpg"])), bytes_
            )
        elif draw(st.integers(0, 9)) < 3 and kind == "choice":
            data[name] = draw(st.sampled_from(offered) if offered else odd)
        elif draw(st.integers(0, 9)) < 9:
            data[name] = draw(odd | st.sampled_from(offered or [""]))
        if draw(st.integers(0, 19)) == 0 and kind != "file":
            data[name] = [draw(odd), draw(odd)]
    return data


queries = st.dictionaries(st.sampled_from(QUERY_KEYS), odd | st.lists(odd, max_size=2), max_size=4)


def note_writing(written, execute, sql, params, many, context):
    """Note which statements write more than a session or a limit."""
    if re.match(r"(INSERT|UPDATE|DELETE)", sql) and not re.search(r"session|limit", sql[:60]):
        written.append(sql)
    return execute(sql, params, many, context)


def attack(browser, address, examples):
    """Fill the page's forms and its address `examples` times each; every answer is no fault."""
    answer = browser.get(address, follow=True)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html") and answer.content
    here = answer.wsgi_request.path  # an address may lead to another, whose forms these are
    found = list(forms_of(html.fromstring(answer.content), here)) if is_page else []

    def send(method, to, data):
        written = []
        if method == "POST":
            data = {**data, keeping.NAME: "typed:1/here"}
        with transaction.atomic(), connection.execute_wrapper(partial(note_writing, written)):
            call = browser.get if method == "GET" else browser.post
            answer = call(to, data)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, to, data)
        # Who says that the words are kept has kept something.
        assert "kept" not in answer.cookies or written, (method, to, data)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def no_fault(data):
        send("GET", address, data.draw(queries))
        for method, to, fields in found:
            if "sign-out" not in to and "/language" not in to:
                send(method, to, data.draw(filled(fields)))

    no_fault()


def visitor_of(row):
    return next((role for role in row.opens_to if role != "visitor"), "visitor")


def asked_of(row, **_others):
    who = visitor_of(row).removesuffix("_user")
    return [*things_of(row), *([] if who == "visitor" else [who])]


def asked_by(scene, **_others):
    found = [*scene.needs, *(fixture for fixture, _attribute in scene.fill.values())]
    return [*found, *([scene.person] if scene.person else [])]


def browser_of(request, row):
    who = visitor_of(row)
    return Client() if who == "visitor" else signed_in(person_of(request, who), by_code=True)


def names_of(scene):
    """The names of the addresses that a scene opens, as far as any key will do."""
    for path in scene.paths:
        with suppress(Resolver404):
            yield resolve(re.sub(r"{\w+}", "1", path.partition("?")[0])).view_name


# A page that a scene opens with something on it need not be tried empty as well.
SHOWN = {name for scene in SCENES for name in names_of(scene)}
EXAMPLES = [QUICK, pytest.param(THOROUGH, marks=pytest.mark.slow)]
ROWS = [
    pytest.param(row, id=row.url, marks=pytest.mark.slow if row.url in SHOWN else ())
    for row in MATRIX
    if in_matrix(row.url)
]


@pytest.mark.asks(names=asked_of)
@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("row", ROWS)
def test_no_page_of_the_matrix_fails(row, examples, request):
    kwargs = {name: thing(request, key) for name, key in row.args.items()}
    attack(browser_of(request, row), reverse(row.url, kwargs=kwargs), examples)


@pytest.mark.asks(names=asked_by)
@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_no_page_with_something_on_it_fails(scene, examples, request):
    for name in scene.needs:
        request.getfixturevalue(name)
    values = {
        key: attrgetter(attribute)(request.getfixturevalue(fixture))
        for key, (fixture, attribute) in scene.fill.items()
    }
    person = request.getfixturevalue(scene.person) if scene.person else None
    browser = signed_in(person, by_code=True) if person else Client()
    for path in scene.paths:
        attack(browser, path.format(**values), examples)
