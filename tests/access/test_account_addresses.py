"""No page of an account leads to an address that is not there, whatever django-allauth adds."""

import ast
import re
from pathlib import Path

import allauth
import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver

from tests.access.test_account_pages import own_template
from tests.access.test_matrix import names

ROOT = Path(allauth.__file__).parent
# Addresses that django-allauth's source names and that our settings close: the setting and its
# value. Take a value away and django-allauth offers the address, which then wants a place.
SWITCHED_OFF = {
    "account_confirm_email": ("ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED", True),
    "account_reset_password_done": ("ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED", True),
    "account_reset_password_from_key": ("ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED", True),
    "account_reset_password_from_key_done": ("ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED", True),
    "account_signup_by_passkey": ("MFA_PASSKEY_SIGNUP_ENABLED", False),
    "mfa_signup_webauthn": ("MFA_PASSKEY_SIGNUP_ENABLED", False),
    "mfa_trust": ("MFA_TRUST_ENABLED", False),
}


def installed():
    """The packages of django-allauth whose pages can be shown here."""
    own = [app.name for app in apps.get_app_configs() if app.name.startswith("allauth.")]
    folders = [Path(apps.get_app_config(name.rpartition(".")[2]).path) for name in own]
    return [*folders, ROOT / "core"]


def sources():
    """Their files, without the providers of brokers that are not installed."""
    for folder in installed():
        for file in folder.rglob("*.py"):
            other = "providers" in file.relative_to(folder).parts
            if not (folder.name == "socialaccount" and other) and "tests" not in file.parts:
                yield file


REVERSING = {"reverse", "reverse_lazy", "headed_redirect_response", "get_frontend_url"}
KEEPING = {"urlname", "redirect_urlname", "pattern_name"}


def named_in_code(text):
    """Every address that Python reverses or keeps to reverse later."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id=verb)) | ast.Call(func=ast.Attribute(attr=verb)):
                given = [one.value for one in node.args if isinstance(one, ast.Constant)]
                yield from given[:1] if verb in REVERSING else []
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value)):
                yield from [value] if name in KEEPING else []
            case ast.keyword(arg=name, value=ast.Constant(value)):
                yield from [value] if name in KEEPING else []


def reached():
    """Every name that a page of django-allauth can want, and those that it gives itself."""
    found = set(names(get_resolver("allauth.urls")))
    for file in sources():
        found |= {name for name in named_in_code(file.read_text()) if name}
    for folder in ("account", "mfa", "socialaccount"):
        for file in (ROOT / "templates" / folder).rglob("*.html"):
            found |= set(re.findall(r"{%\s*url\s+['\"](\w+)['\"]", file.read_text()))
    # The old addresses of brokers only lead on, and the pattern of one stands for its name.
    return {name for name in found if re.fullmatch(r"[a-z][a-z_0-9]+", name)}


def test_every_address_that_allauth_wants_is_routed_or_switched_off():
    wanted = reached()
    assert len(wanted) > 40
    assert "account_request_reauthentication_code" in wanted
    missing = wanted - set(names()) - set(SWITCHED_OFF)
    assert sorted(missing) == []


@pytest.mark.parametrize("name", SWITCHED_OFF)
def test_what_is_switched_off_is_off(name):
    setting, value = SWITCHED_OFF[name]
    assert getattr(settings, setting, False) is value
    assert name not in set(names(get_resolver("allauth.urls")))
    assert name in reached(), "nothing wants it any more: this row can go"


def test_an_address_that_a_new_version_wants_is_found():
    assert list(named_in_code("def f():\n    return go(reverse('account_new_thing'))")) == [
        "account_new_thing"
    ]
    assert list(named_in_code("class Stage:\n    urlname = 'account_new_stage'")) == [
        "account_new_stage"
    ]


def test_no_page_of_an_account_is_shown_in_allauths_own_words():
    """Whole pages are ours, in plain words; of theirs only parts without words remain."""
    shown = set()
    for file in sources():
        shown |= set(re.findall(r"[\"'f](\w[\w/]*)\.[\"{]", file.read_text()))
    pages = {f"{name}.html" for name in shown if (ROOT / "templates" / f"{name}.html").exists()}
    assert len(pages) > 25
    assert sorted(name for name in pages - NEVER_SHOWN if not own_template(name)) == []


# Pages of what is switched off.
NEVER_SHOWN = {
    "account/email_confirm.html",
    "account/password_reset_done.html",
    "account/signup_by_passkey.html",
    "account/signup_closed.html",
    "account/verification_sent.html",
    "account/verified_email_required.html",
    "mfa/trust.html",
    "mfa/webauthn/signup_form.html",
    "socialaccount/connections.html",
}
