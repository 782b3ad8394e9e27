"""One person is one person, however a partner writes them; facts that cannot be are refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from workers.models import PossibleDouble, TrainingRequest, Worker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["Ewа Nowаk", "ewa nowák", "Nowak, Ewa", "Ewa-Nowak", "Ewa Nowak.", "Εwa Νowak"]
)
def test_another_spelling_gets_no_second_request_in_a_window(program, body, name):
    program.file(body)
    body["reference"] = "case-18"
    body["worker"]["name"] = name
    refused = program.file(body)
    assert (refused.status_code, refused.json()["code"]) == (409, "one_request_per_window")
    assert Worker.objects.count() == TrainingRequest.objects.count() == 1


def test_another_partner_does_not_enter_the_same_person_in_another_spelling(
    program, other_program, body
):
    program.file(body)
    body["worker"]["name"] = "Nowák Ewа"
    assert other_program.file(body).json()["code"] == "known_already"
    assert Worker.objects.count() == 1


@pytest.mark.parametrize("name", ["Ewa Novak", "E. Nowak", "Ewa Maria Nowak"])
def test_who_is_nearly_the_same_is_filed_and_waits_for_a_look_at_the_counter(
    program, other_program, body, name
):
    first = program.file(body).json()
    body["worker"]["name"] = name
    filed = other_program.file(body)
    assert filed.status_code == 201
    found = PossibleDouble.objects.get()
    assert {found.worker.name, found.other.name} == {"Ewa Nowak", name}
    assert TrainingRequest.objects.get(pk=first["id"]).worker == found.other


def test_somebody_else_of_the_same_day_is_nobodys_double(program, body):
    program.file(body)
    body |= {"reference": "case-18"}
    body["worker"]["name"] = "Ana Silva"
    assert program.file(body).status_code == 201
    assert not PossibleDouble.objects.exists()


@pytest.mark.parametrize(
    ("part", "key", "value", "code"),
    [
        ("consent", "agreedAt", "1999-01-01T10:00:00Z", "too_long_ago"),
        ("consent", "agreedAt", "2026-13-01T10:00:00Z", "invalid"),
        ("worker", "birthDate", "1890-01-01", "no_living_age"),
        ("worker", "birthDate", "2020-01-01", "no_living_age"),
        ("worker", "birthDate", "2999-01-01", "not_in_the_past"),
        ("worker", "phone", "06-12", "not_a_phone_number"),
        ("worker", "phone", "call my mother", "not_a_phone_number"),
        ("worker", "phone", "+31 6 1234 567", "not_a_phone_number"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_at_its_place(program, body, part, key, value, code):
    body[part][key] = value
    refused = program.file(body)
    assert refused.status_code == 400
    [error] = refused.json()["errors"]
    assert (error["location"], error["code"]) == ({"pointer": f"#/{part}/{key}"}, code)


def test_a_fixed_line_and_a_foreign_number_are_telephone_numbers(program, body):
    body["worker"]["phone"] = "053 - 123 45 67"
    assert program.file(body).status_code == 201
    body |= {"reference": "case-18"}
    body["worker"] |= {"name": "Ana Silva", "phone": "+351 912 345 678"}
    assert program.file(body).status_code == 201


def test_the_counter_says_that_two_are_two(program, other_program, body, adviser, twente):
    from django.urls import reverse

    from tests.cast import signed_in

    program.file(body)
    body["worker"]["name"] = "Ewa Novak"
    key = other_program.file(body).json()["id"]
    browser = signed_in(adviser)
    page = reverse("adviser:checks", args=["twente"])
    asked = TrainingRequest.objects.get(pk=key)
    assert asked.reference in browser.get(page).content.decode()
    look = reverse("adviser:refuse", args=["twente", key])
    assert "Ewa Nowak" in browser.get(look).content.decode()
    browser.post(look, {"verdict": "two"})
    assert asked.reference not in browser.get(page).content.decode()
    found = PossibleDouble.objects.get()
    assert found.looked_by == adviser
    assert found.two_people_at > timezone.now() - timedelta(minutes=1)
    asked.refresh_from_db()
    assert asked.status == "submitted"
