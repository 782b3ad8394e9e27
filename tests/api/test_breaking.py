"""A program that was made for the last released interface still works with this one."""

import copy
import json
from pathlib import Path

import pytest

from api.description import COPY
from tests.api import breaking

RELEASED = COPY.with_name("openapi-released.json")


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def released():
    return read(RELEASED)


def test_what_changed_since_the_release_is_told_by_the_version(released):
    """A break is mended, or the version says so: see docs/api.md, "What changed"."""
    now = read(COPY)
    part = breaking.needed(released, now)
    versions = released["info"]["version"], now["info"]["version"]
    assert breaking.says_so(*versions, part), (versions, breaking.breaks(released, now))


@pytest.mark.parametrize(
    ("new", "part", "told"),
    [
        ("1.0.1", "", True),
        ("0.9.0", "", False),
        ("1.0.1", "minor", False),
        ("1.1.0", "minor", True),
        ("1.9.9", "major", False),
        ("2.0.0", "major", True),
    ],
)
def test_only_the_right_part_of_the_version_tells(new, part, told):
    assert breaking.says_so("1.0.0", new, part) is told


# What may be changed, and the start of what is said then.
FILING = "POST /training-requests"


def operation(made, verb="post", path="/training-requests"):
    return made["paths"][path][verb]


def schema(made, name):
    return made["components"]["schemas"][name]


def without_path(made):
    del made["paths"]["/providers"]


def without_method(made):
    del made["paths"]["/training-requests"]["post"]


def another_name(made):
    operation(made)["operationId"] = "fileIt"


def another_scope(made):
    operation(made)["security"] = [{"oauth2": ["requests:admin"]}]


def without_query(made):
    parameters = operation(made, "get")["parameters"]
    parameters[:] = [one for one in parameters if one["name"] != "changedSince"]


def query_required(made):
    next(one for one in operation(made, "get")["parameters"] if one["name"] == "window")[
        "required"
    ] = True


def new_header_required(made):
    operation(made, "get")["parameters"].append(
        {"in": "header", "name": "X-Reason", "required": True, "schema": {"type": "string"}}
    )


def query_value_gone(made):
    [one] = [one for one in operation(made, "get")["parameters"] if one["name"] == "sort"]
    one["schema"]["enum"].remove("-changedAt")


def field_of_body_gone(made):
    del schema(made, "WorkerRequest")["properties"]["phone"]


def field_of_body_required(made):
    schema(made, "WorkerRequest")["required"].append("phone")


def new_field_of_body_required(made):
    schema(made, "FilingRequest")["properties"]["kvk"] = {"type": "string"}
    schema(made, "FilingRequest")["required"].append("kvk")


def tighter(made):
    schema(made, "FilingRequest")["properties"]["reference"]["maxLength"] = 59


def limit_is_new(made):
    schema(made, "ConsentRequest")["properties"]["textVersion"]["minLength"] = 9


def pattern_is_new(made):
    schema(made, "FilingRequest")["properties"]["goal"]["pattern"] = "^[a-z]*$"


def another_type_of_body(made):
    schema(made, "CostRequest")["properties"]["amountCents"]["type"] = "string"


def body_in_another_format(made):
    content = operation(made)["requestBody"]["content"]
    content["application/xml"] = content.pop("application/json")


def field_of_answer_gone(made):
    del schema(made, "Filed")["properties"]["requestNumber"]


def field_of_answer_may_be_absent(made):
    schema(made, "Filed")["required"].remove("window")


def another_type_of_answer(made):
    schema(made, "Filed")["properties"]["id"]["type"] = "string"


def null_in_an_answer(made):
    schema(made, "Filed")["properties"]["requestNumber"]["type"] = ["string", "null"]


def another_format_of_answer(made):
    schema(made, "Award")["properties"]["acceptBy"]["format"] = "date-time"


def success_gone(made):
    responses = operation(made)["responses"]
    responses["202"] = responses.pop("201")


def code_gone(made):
    schema(made, "Problem")["properties"]["code"]["enum"].remove("no_window")


BREAKS = [
    (without_path, "GET /providers: gone"),
    (without_method, f"{FILING}: gone"),
    (another_name, f"{FILING}: another operationId"),
    (another_scope, f"{FILING}: another scope"),
    (without_query, "GET /training-requests query/changedSince: gone"),
    (query_required, "GET /training-requests query/window: required now"),
    (new_header_required, "GET /training-requests header/X-Reason: required now"),
    (query_value_gone, "GET /training-requests query/sort: '-changedAt' gone"),
    (field_of_body_gone, "/phone: gone"),
    (field_of_body_required, "/phone: required now"),
    (new_field_of_body_required, "/kvk: required now"),
    (tighter, "/reference: maxLength is tighter"),
    (limit_is_new, "/textVersion: minLength is tighter"),
    (pattern_is_new, "/goal: of another pattern"),
    (another_type_of_body, "/amountCents: of another type"),
    (body_in_another_format, "body application/json: gone"),
    (field_of_answer_gone, "/requestNumber: gone"),
    (field_of_answer_may_be_absent, "/window: may be absent now"),
    (another_type_of_answer, "/id: of another type"),
    (null_in_an_answer, "/requestNumber: of another type"),
    (another_format_of_answer, "/acceptBy: of another format"),
    (success_gone, f"{FILING} 201: gone"),
    (code_gone, "/code: 'no_window' gone"),
]


@pytest.mark.parametrize(("change", "told"), BREAKS, ids=lambda one: getattr(one, "__name__", ""))
def test_each_break_is_found(released, change, told):
    made = copy.deepcopy(released)
    change(made)
    assert any(told in one for one in breaking.breaks(released, made))
    assert breaking.needed(released, made) == "major"


def new_operation(made):
    made["paths"]["/news"] = {"get": operation(made, "get") | {"operationId": "listNews"}}


def new_query(made):
    operation(made, "get")["parameters"].append(
        {"in": "query", "name": "goal", "schema": {"type": "string"}}
    )


def new_field_of_body(made):
    schema(made, "FilingRequest")["properties"]["kvk"] = {"type": "string"}


def new_field_of_answer(made):
    schema(made, "Filed")["properties"]["colour"] = {"type": "string"}
    schema(made, "Filed")["required"].append("colour")


def wider(made):
    schema(made, "FilingRequest")["properties"]["reference"]["maxLength"] = 600


def new_code(made):
    schema(made, "Problem")["properties"]["code"]["enum"].append("too_cold")


@pytest.mark.parametrize(
    "change",
    [new_operation, new_query, new_field_of_body, new_field_of_answer, wider, new_code],
    ids=lambda one: one.__name__,
)
def test_what_breaks_nothing_is_a_minor_version(released, change):
    made = copy.deepcopy(released)
    change(made)
    assert breaking.breaks(released, made) == []
    assert breaking.needed(released, made) == "minor"


def test_other_words_are_no_change(released):
    made = copy.deepcopy(released)
    operation(made)["description"] = "Other words."
    schema(made, "Filed")["description"] = "Other words."
    assert breaking.needed(released, made) == ""
