"""Every page of one's account, as everybody, who has just come in or came in an hour ago."""

import json
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core import mail
from django.template.loader import get_template
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from budgetpool.limits.models import Counter
from budgetpool.portals.account import urls
from budgetpool.users import phones
from budgetpool.users.models import User
from tests.access.matrix import EVERYBODY, MATRIX
from tests.access.test_matrix import person_of, thing
from tests.access.test_sign_in import code_in_mail
from tests.cast import make_person, signed_in
from tests.sharing import harmless

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NAMES = [entry.name for entry in urls.urlpatterns]
ROWS = [row for row in MATRIX if row.url in NAMES]
# What asks again who somebody is; with a second factor more pages are there to ask for.
ASKING = ["mfa_activate_totp", "mfa_add_webauthn", "account_set_password"]
QUESTION = "Laat zien dat jij het bent"
HOUR = 60
# Others with the roles of somebody else here: they see the same pages of their own account.
DOUBLES = {
    "worker_of_drenthe_user",
    "sister",
    "other_manager",
    "other_teacher",
    "other_partner_manager",
    "second_signer",
    "chair_of_drenthe",
    "treasurer_of_drenthe",
    "adviser_of_drenthe",
}
ROLES = [
    pytest.param(role, marks=pytest.mark.slow if role in DOUBLES else ()) for role in EVERYBODY
]


@pytest.fixture(autouse=True)
@harmless
def texts_in_files(settings, tmp_path):
    settings.SMS_BACKEND = "file"
    settings.VAR_DIR = tmp_path


def own_template(name):
    """Whether the page comes from this repository."""
    origin = Path(get_template(name).origin.name)
    return origin.is_relative_to(settings.BASE_DIR / "budgetpool")


def walk(browser, request, rows=ROWS):
    """Open each page and follow where it leads; gives the last answer of each."""
    for row in rows:
        Counter.objects.all().delete()
        args = {name: thing(request, key) for name, key in row.args.items()}
        yield row.url, browser.get(reverse(row.url, kwargs=args), follow=True)


def holds(name, answer):
    """Whether a page is a page: no fault, in Dutch, with one heading, in our own words."""
    assert answer.status_code < 500, name
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    page = answer.content.decode()
    assert '<html lang="nl"' in page, name
    assert len(re.findall(r"<h1[ >]", page)) == 1, name
    assert not re.search(r"{{|{%", page), name
    whole = [one for one in answer.templates if one.name and one.name.count("/") < 2]
    for template in whole:
        if template.name.startswith(("account/", "mfa/", "socialaccount/")):
            assert own_template(template.name), f"{name} shows {template.name}"


@pytest.mark.parametrize("minutes_ago", [0, HOUR])
@pytest.mark.parametrize("role", ROLES)
def test_every_account_page_answers_everybody(role, minutes_ago, request):
    person = person_of(request, role)
    for name, answer in walk(signed_in(person, by_code=True, minutes_ago=minutes_ago), request):
        if name == "account_logout":
            continue
        holds(name, answer)
        assert answer.status_code in {200, 401, 404} or name in {"home", "sign-in"}, name


def with_password(person):
    person.set_password("een lang wachtwoord")
    person.save()


def with_app(person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)


def with_passkey(person):
    """A key as a phone registers it; nobody holds its private half."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = AttestedCredentialData.create(Aaguid.NONE, b"a key", ES256.from_cryptography_key(point))
    made = AuthenticatorData.create(
        bytes(32), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, key
    )
    said = {"type": "webauthn.create", "challenge": "AA", "origin": "https://localhost"}
    shown = {
        "clientDataJSON": websafe_encode(json.dumps(said).encode()),
        "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
    }
    credential = {"id": websafe_encode(b"a key"), "rawId": websafe_encode(b"a key")}
    credential |= {"type": "public-key", "response": shown}
    data = {"name": "Phone", "credential": credential}
    Authenticator.objects.create(user=person, type="webauthn", data=data)


def with_number_alone(person):
    phones.keep(user=person, number="+31612345678", proven=True)
    person.emailaddress_set.all().delete()
    User.objects.filter(pk=person.pk).update(email="")


WAYS = {
    "password": (with_password, "account_reauthenticate"),
    "app": (with_app, "mfa_reauthenticate"),
    "passkey": (with_passkey, "mfa_reauthenticate_webauthn"),
    "number alone": (with_number_alone, "account_request_reauthentication_code"),
    "address alone": (lambda person: None, "account_request_reauthentication_code"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("minutes_ago", [0, HOUR])
def test_every_account_page_answers_whatever_one_signs_in_with(way, minutes_ago, request):
    person = make_person("Ans Anders")
    WAYS[way][0](person)
    person.refresh_from_db()
    factor = way in {"app", "passkey"}
    browser = signed_in(person, second_factor=factor, by_code=True, minutes_ago=minutes_ago)
    for name, answer in walk(browser, request, [r for r in ROWS if "logout" not in r.url]):
        holds(name, answer)


@pytest.mark.parametrize("name", ASKING)
def test_who_has_just_come_in_is_not_asked_again(name, stranger):
    browser = signed_in(stranger, by_code=True, minutes_ago=9)
    answer = browser.get(reverse(name))
    assert answer.status_code == 200
    assert QUESTION not in answer.content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_who_came_in_an_hour_ago_is_asked_again_with_what_they_have(way):
    person = make_person("Ans Anders")
    make, page = WAYS[way]
    make(person)
    browser = signed_in(person, by_code=True, minutes_ago=HOUR)
    wanted = "mfa_add_webauthn"
    asked = browser.get(reverse(wanted), follow=True)
    assert asked.redirect_chain[-1][0] == reverse(page, query={"next": reverse(wanted)})
    assert QUESTION in asked.content.decode()


def test_a_code_that_was_asked_for_again_opens_the_page(stranger):
    browser = signed_in(stranger, by_code=True, minutes_ago=HOUR)
    asked = browser.get(reverse("mfa_activate_totp"), follow=True)
    assert stranger.email in asked.content.decode()
    sent = browser.post(asked.redirect_chain[-1][0], {"recipient": stranger.email}, follow=True)
    assert sent.redirect_chain[-1][0].startswith(reverse("account_confirm_reauthentication_code"))
    assert stranger.email in sent.content.decode()
    enter = sent.redirect_chain[-1][0]
    wrong = browser.post(enter, {"code": "WRONG1"})
    assert wrong.status_code == 200
    opened = browser.post(enter, {"code": code_in_mail()})
    assert opened.url == reverse("mfa_activate_totp")
    assert browser.get(opened.url).status_code == 200


def test_three_wrong_codes_end_the_question(stranger):
    browser = signed_in(stranger, by_code=True, minutes_ago=HOUR)
    ask = reverse("account_request_reauthentication_code")
    enter = browser.post(ask, {"recipient": stranger.email}).url
    for _ in range(3):
        answer = browser.post(enter, {"code": "WRONG1"})
    assert answer.url == ask
    assert browser.post(enter, {"code": code_in_mail()}).url == ask
    assert browser.get(reverse("mfa_activate_totp")).status_code == 302


def test_no_code_goes_to_an_address_of_somebody_else(stranger, chair):
    browser = signed_in(stranger, by_code=True, minutes_ago=HOUR)
    ask = reverse("account_request_reauthentication_code")
    assert browser.post(ask, {"recipient": chair.email}).status_code == 200
    assert mail.outbox == []


@pytest.mark.parametrize(
    "page", ["account_request_reauthentication_code", "account_reauthenticate"]
)
def test_the_mailbox_or_a_password_alone_takes_no_second_factor_away(page, stranger):
    """Somebody at an open screen who reads the mail must not turn off the app."""
    with_password(stranger)
    with_app(stranger)
    browser = signed_in(stranger, by_code=True, minutes_ago=HOUR)
    data = {"recipient": stranger.email, "password": "een lang wachtwoord"}
    refused = browser.post(reverse(page), data)
    assert refused.url.startswith(reverse("mfa_reauthenticate"))
    assert mail.outbox == []
    browser.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=stranger, type="totp").exists()


def test_the_word_of_a_broker_is_no_proof_before_a_risky_change(stranger):
    browser = signed_in(stranger, by_code=True)
    session = browser.session
    session["account_authentication_methods"][0]["method"] = "socialaccount"
    session.save()
    assert browser.get(reverse("mfa_activate_totp")).status_code == 302
