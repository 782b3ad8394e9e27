"""The frame of every page: strict policy, no inline code, errors that say what to do."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


def test_a_page_has_a_strict_policy_and_nothing_inline(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    html = answer.content.decode()
    assert not re.search(r"<[^>]*\sstyle=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"<[^>]*\son[a-z]+=", html)


def test_every_style_and_script_comes_from_here(client):
    html = client.get("/").content.decode()
    for address in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"', html):
        assert address.startswith("/"), address


def test_a_page_that_does_not_exist_leads_on(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.content.decode()


def test_a_form_without_its_token_says_that_nothing_was_sent():

    answer = Client(enforce_csrf_checks=True).post("/language", {"language": "en"})
    assert answer.status_code == 403
    assert "Je formulier is niet aangekomen" in answer.content.decode()


@override_settings(DEMO=True)
def test_a_demonstration_says_so_on_each_page(client):
    assert "verzonnen" in client.get("/").content.decode()


def test_the_styleguide_is_served_in_development_only(client):
    assert settings.DEBUG is False
    assert client.get("/styleguide").status_code == 404


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_an_error_page_needs_nothing_of_the_request(name):

    assert "<h1>" in render_to_string(f"{name}.html")
