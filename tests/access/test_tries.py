"""Strangers who try somebody's address close no door for its owner, and learn nothing from it."""

import re
import time

import pytest
from allauth.account import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.urls import reverse

from budgetpool.limits import counters
from budgetpool.portals.account import devices, steady, tries
from budgetpool.portals.account.adapter import SecondFactorAdapter
from budgetpool.users import phones
from budgetpool.users.models import User
from tests.access.test_sign_in import code_in_mail
from tests.cast import make_person, signed_in
from tests.fund.test_races import at_once

pytestmark = pytest.mark.django_db
PASSWORD = "een lang wachtwoord"
HOME, ELSEWHERE, ABROAD = "192.0.2.1", "198.51.100.1", "203.0.113.1"
SIGN_IN, SIGN_UP = reverse("sign-in"), reverse("account_signup")
BY_PASSWORD, ENTER = reverse("account_login"), reverse("account_confirm_login_code")


@pytest.fixture
def pim():
    return make_person("Pim Password", password=PASSWORD)


def browser(address):
    return Client(REMOTE_ADDR=address)


def asks_code(pim, *, on):
    return on.post(SIGN_IN, {"to": pim.email}).status_code == 302


def comes_in(pim, *, on, password=PASSWORD):
    return on.post(BY_PASSWORD, {"login": pim.email, "password": password}).status_code == 302


def comes_in_by_code(pim, *, on):
    if not asks_code(pim, on=on):
        return False
    on.post(ENTER, {"code": code_in_mail(-1)})
    return on.get(reverse("profile")).status_code == 200


def close_by(pim, address):
    """Ask for ten codes and guess five passwords, and more, from one address."""
    for _ in range(12):
        asks_code(pim, on=browser(address))
        comes_in(pim, on=browser(address), password="verkeerd")
    assert not asks_code(pim, on=browser(address))
    assert not comes_in(pim, on=browser(address))


def test_a_stranger_elsewhere_locks_nobody_out(pim):
    close_by(pim, ELSEWHERE)
    assert comes_in(pim, on=browser(HOME))
    assert comes_in_by_code(pim, on=browser(HOME))


def test_a_stranger_on_ones_own_network_does_not_close_a_known_device(pim):
    device = browser(HOME)
    assert comes_in(pim, on=device)
    device.post(reverse("sign-out"))
    close_by(pim, HOME)
    assert not comes_in(pim, on=browser(HOME))
    assert comes_in(pim, on=device)
    device.post(reverse("sign-out"))
    assert comes_in_by_code(pim, on=device)


def test_many_strangers_close_no_known_device_no_known_network_and_no_other_way(pim):
    device = browser(ABROAD)
    for known in (device, browser(HOME)):
        assert comes_in(pim, on=known)
    device.post(reverse("sign-out"))
    for number in range(15):
        for _ in range(5):
            comes_in(pim, on=browser(f"198.51.100.{number}"), password="verkeerd")
    assert not comes_in(pim, on=browser("198.51.100.99")), "guessed by many, closed for strangers"
    assert comes_in_by_code(pim, on=browser("198.51.100.99")), "another way"
    assert comes_in(pim, on=device)
    assert comes_in(pim, on=browser(HOME))


def test_one_network_alone_does_not_close_the_door_for_all_others(pim):
    for _ in range(100):
        comes_in(pim, on=browser(ELSEWHERE), password="verkeerd")
    assert counters.made(tries.PASSWORDS.everywhere.of(devices.plain(pim.email))) == 5
    assert comes_in(pim, on=browser(ABROAD))


def test_a_known_device_has_a_limit_too(pim):
    device = browser(HOME)
    comes_in(pim, on=device)
    device.post(reverse("sign-out"))
    for _ in range(5):
        assert not comes_in(pim, on=device, password="verkeerd")
    assert not comes_in(pim, on=device)


@pytest.mark.parametrize("how", ["another person's", "invented", "changed", "unsigned"])
def test_a_cookie_that_names_somebody_else_is_no_known_device(pim, how):
    make_person("Ada Attacker", password=PASSWORD)
    device = browser(HOME)
    device.post(BY_PASSWORD, {"login": "ada.attacker@example.nl", "password": PASSWORD})
    device.post(reverse("sign-out"))
    cookie = device.cookies[devices.COOKIE]
    if how == "invented":
        device.cookies[devices.COOKIE] = "key.0123456789abcdef0123456789abcdef:1w:abc"
    elif how == "changed":
        device.cookies[devices.COOKIE] = "x" + cookie.value
    elif how == "unsigned":
        device.cookies[devices.COOKIE] = cookie.value.split(":")[0]
    close_by(pim, HOME)
    assert not comes_in(pim, on=device)


def test_the_cookie_tells_nobodys_address_and_no_script_reads_it(pim):
    device = browser(HOME)
    comes_in(pim, on=device)
    cookie = device.cookies[devices.COOKIE]
    assert "pim" not in cookie.value.lower()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_device_that_many_share_knows_each_of_them(pim):
    ada = make_person("Ada Also", password=PASSWORD)
    device = browser(HOME)
    for person in (pim, ada):
        assert comes_in(person, on=device)
        device.post(reverse("sign-out"))
    close_by(pim, HOME)
    close_by(ada, HOME)
    assert comes_in(pim, on=device)


def test_addresses_of_one_ipv6_subscriber_are_one_network(pim):
    for number in range(5):
        comes_in(pim, on=browser(f"2001:db8:1:2::{number}"), password="verkeerd")
    assert not comes_in(pim, on=browser("2001:db8:1:2:ffff::9"))
    assert comes_in(pim, on=browser("2001:db8:1:3::9"))


def test_a_right_password_is_no_try(pim):
    for _ in range(30):
        assert comes_in(pim, on=browser(HOME))


def test_ten_thousand_others_who_look_change_no_count(pim):
    for _ in range(5):
        comes_in(pim, on=browser(ELSEWHERE), password="verkeerd")
    look = tries.Limit("look", 10, 3600)
    for first in range(0, 10_050, 150):
        counters.hit(*(look.of(number) for number in range(first, first + 150)))
    browser("2001:db8::1").get(SIGN_IN)
    assert not comes_in(pim, on=browser(ELSEWHERE))


def test_the_page_says_how_long_to_wait_and_that_there_is_another_way(pim):
    for _ in range(5):
        comes_in(pim, on=browser(HOME), password="verkeerd")
    refused = browser(HOME).post(BY_PASSWORD, {"login": pim.email, "password": PASSWORD})
    text = refused.content.decode()
    assert "Wacht 5 minuten" in text
    assert SIGN_IN in text


# Words and time


def course(to, *, kind, name="Wim Nieuw"):
    """What somebody sees who tries an address at a door: every status, address and page."""
    visitor, seen = browser(HOME), []

    def see(answer):
        # What is drawn for each visit, and the name that was typed, are no news.
        page = re.sub(r"(nonce|csrfmiddlewaretoken\W+value)=\W[^\"]+", "", answer.content.decode())
        page = re.sub(r"value=\"[A-Za-z0-9]{64}\"", "", page)
        seen.append((answer.status_code, answer.headers.get("Location"), page.replace(to, "TO")))
        return answer

    if kind == "password":
        see(visitor.post(BY_PASSWORD, {"login": to, "password": "verkeerd"}))
        return seen
    fields = {"to": to} | ({"name": name} if kind == "up" else {})
    if kind == "forgotten":
        fields = {"email": to}
    doors = {"in": SIGN_IN, "up": SIGN_UP, "forgotten": reverse("account_reset_password")}
    asked = see(visitor.post(doors[kind], fields))
    see(visitor.get(asked.url))
    see(visitor.post(asked.url, {"action": "resend"}))
    see(visitor.get(asked.url))
    for _ in range(3):
        see(visitor.post(asked.url, {"code": "000000"}))
    for _ in range(3):
        see(visitor.post(doors[kind], fields))
    return seen


@pytest.mark.parametrize(
    ("kind", "known", "unknown"),
    [
        ("in", "pim.password@example.nl", "nobody.at.all@example.nl"),
        ("up", "pim.password@example.nl", "nobody.at.all@example.nl"),
        ("password", "pim.password@example.nl", "nobody.at.all@example.nl"),
        ("forgotten", "pim.password@example.nl", "nobody.at.all@example.nl"),
        ("in", "+31612345678", "+31687654321"),
        ("up", "+31612345678", "+31687654321"),
        ("password", "+31612345678", "+31687654321"),
    ],
)
def test_no_word_tells_whether_an_address_is_known(pim, settings, tmp_path, kind, known, unknown):
    settings.SMS_BACKEND, settings.VAR_DIR = "file", tmp_path
    phones.keep(user=pim, number="+31612345678", proven=True)
    first, second = course(known, kind=kind), course(unknown, kind=kind)
    assert first == second


class Clock:
    """A clock on which each statement takes 5 ms, and waiting takes what it says; so the test says
    the same on a busy machine."""

    def __init__(self):
        self.now = self.slept = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept += seconds

    def statement(self, execute, *statement):
        self.now += 0.005
        return execute(*statement)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(steady, "time", clock)
    with connection.execute_wrapper(clock.statement):
        yield clock


@pytest.mark.parametrize("kind", ["in", "up", "forgotten"])
def test_no_clock_tells_whether_an_address_is_known(pim, settings, clock, kind):
    settings.MESSAGE_SECONDS = 5
    doors = {"in": SIGN_IN, "up": SIGN_UP, "forgotten": reverse("account_reset_password")}

    def seconds(to, number):
        visitor = browser(f"192.0.2.{number}")
        fields = {"email": to} if kind == "forgotten" else {"to": to, "name": "Wim"}
        begun = clock.now
        assert visitor.post(doors[kind], fields).status_code == 302
        return round(clock.now - begun, 6)

    known, unknown = seconds(pim.email, 1), seconds("nobody@example.nl", 2)
    assert known == unknown >= 5
    assert 0 < clock.slept < 10, "the work of both took some of the time"


def test_a_refused_try_holds_no_thread(pim, settings, clock):
    settings.MESSAGE_SECONDS = 5
    for limit in tries.MAILS.alone:
        for _ in range(limit.most):
            counters.hit(limit.of(devices.plain(pim.email), f"network:{HOME}"))
    assert not asks_code(pim, on=browser(HOME))
    assert clock.slept == 0


@pytest.mark.parametrize("known", ["pim.password@example.nl", "nona.nopassword@example.nl"])
def test_as_many_hashes_are_made_for_a_known_address_as_for_another(
    pim, settings, known, monkeypatch
):
    """A hash is what takes long at the password, so a clock would tell of one more or less."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    pim.set_password(PASSWORD)
    pim.save()
    make_person("Nona Nopassword")
    made = []
    encode = hashers.PBKDF2PasswordHasher.encode
    monkeypatch.setattr(
        hashers.PBKDF2PasswordHasher,
        "encode",
        lambda self, *given, **named: made.append(named) or encode(self, *given, **named),
    )

    def hashes(to):
        made.clear()
        browser("192.0.2.1").post(BY_PASSWORD, {"login": to, "password": "verkeerd"})
        return len(made)

    assert hashes(known) == hashes("nobody@example.nl") == 1


# Many at once


@pytest.fixture
def looked_at(monkeypatch):
    """The codes that were really compared."""
    seen = []
    compare = allauth_forms.compare_user_code

    def compared(*, actual, expected):
        seen.append(actual)
        return compare(actual=actual, expected=expected)

    monkeypatch.setattr(allauth_forms, "compare_user_code", compared)
    return seen


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_fifty_codes_at_once_three_are_looked_at(pim, looked_at):
    device = browser(HOME)
    asks_code(pim, on=device)
    session = device.cookies["sessionid"].value

    def guess(number):
        visitor = browser(HOME)
        visitor.cookies["sessionid"] = session
        return visitor.post(ENTER, {"code": f"WRONG{number}"}).status_code

    at_once(*[lambda number=number: guess(number) for number in range(50)])
    assert len(looked_at) == 3
    device.post(ENTER, {"code": code_in_mail(-1)})
    assert device.get(reverse("profile")).status_code == 302


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_fifty_passwords_at_once_five_are_looked_at(pim, monkeypatch):
    looked, check = [], User.check_password
    monkeypatch.setattr(
        User, "check_password", lambda self, raw: looked.append(raw) or check(self, raw)
    )
    at_once(*[lambda: comes_in(pim, on=browser(HOME), password="verkeerd")] * 50)
    assert len(looked) == 5
    assert not comes_in(pim, on=browser(HOME))


@pytest.fixture
def secret(pim):
    """The secret of Pim's app."""
    made = totp.generate_totp_secret()
    Authenticator.objects.create(
        user=pim,
        type=Authenticator.Type.TOTP,
        data={"secret": SecondFactorAdapter().encrypt(made)},
    )
    return made


def app_code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


CONFIRM = reverse("mfa_reauthenticate")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_fifty_codes_of_an_app_at_once_five_are_looked_at(pim, secret, monkeypatch):
    looked, validate = [], totp.TOTP.validate_code
    monkeypatch.setattr(
        totp.TOTP, "validate_code", lambda self, code: looked.append(code) or validate(self, code)
    )
    session = signed_in(pim).cookies["sessionid"].value

    def guess():
        visitor = browser(HOME)
        visitor.cookies["sessionid"] = session
        return visitor.post(CONFIRM, {"code": "000000"}).status_code

    at_once(*[guess] * 50)
    assert len(looked) == 5


def test_a_code_of_an_app_opens_once_whoever_throws_the_cache_away(pim, secret):
    code = app_code(secret)
    first, second = signed_in(pim), signed_in(pim)
    assert first.post(CONFIRM, {"code": code}).status_code == 302
    totp.cache.clear()
    assert second.post(CONFIRM, {"code": f" {code[:3]} {code[3:]}"}).status_code == 200


def test_six_wrong_codes_of_an_app_close_that_place_only(pim, secret):
    there = signed_in(pim)
    for _ in range(6):
        there.post(CONFIRM, {"code": "000000"}, REMOTE_ADDR=ELSEWHERE)
    refused = there.post(CONFIRM, {"code": app_code(secret)}, REMOTE_ADDR=ELSEWHERE)
    assert refused.status_code == 200
    assert signed_in(pim).post(CONFIRM, {"code": app_code(secret)}).status_code == 302
