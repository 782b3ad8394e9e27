"""The whole way on a phone: from a poster to a sent request, with everything that goes wrong."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from allocation import reach
from budgetpool.users.models import User
from tests.browser.test_apply import (
    ANSWERS,
    PHONE,
    choose_and_send,
    fill,
    heading,
    press,
    sound,
)
from workers.counter import outreach
from workers.models import TrainingRequest, Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def texts(settings, tmp_path):
    """The text messages that were sent, the first first."""
    settings.SMS_BACKEND, settings.VAR_DIR = "file", tmp_path

    def sent():
        files = sorted((tmp_path / "sms").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text() for file in files]

    return sent


def code_in(text):
    return re.search(r"\b(\d{6})\b", text.splitlines()[1])[1]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_poster_by_text_message_to_a_sent_request(
    visitor,
    place,
    adviser,
    texts,
    scripts,
):
    code = outreach.make(adviser=adviser, region=place.region, channel="voetbalclub")
    page = visitor.open(f"/c/{code.code}", PHONE, java_script_enabled=scripts)
    page.goto(f"{visitor.base_url}/apply/twente")
    page.get_by_role("button", name="Begin").click()
    heading(page, "Account maken")
    sound(page) if scripts else None
    page.get_by_label("Je naam").fill("Ewa Nowak")
    page.get_by_label("Je e-mailadres of mobiele nummer").fill("06 - 1234 5678")
    page.get_by_role("button", name="Verder").click()
    heading(page, "Vul de code in")
    sound(page) if scripts else None
    page.get_by_label("Code").fill(code_in(texts()[0]))
    page.get_by_role("button", name="Verder").click()

    heading(page, ANSWERS[0][0])
    fill(page, ANSWERS[0][1])
    page.get_by_role("button", name="Volgende stap").click()
    heading(page, ANSWERS[1][0])
    page.goto(page.url.rsplit("/", 1)[0] + "/reach")
    if scripts:
        # The connection is lost in the middle, and the browser is closed before it is back.
        page.context.set_offline(True)
        page.get_by_label("E-mailadres").fill("ewa@example.nl")
        page.get_by_label("E-mailadres").blur()
        expect(page.locator("[data-autosave-status]")).to_contain_text("Nog niet bewaard")
        address, context = page.url, page.context
        page.close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(address)
        expect(page.locator("[data-autosave-status]")).to_contain_text("Bewaard op")
        assert Worker.objects.get().email == "ewa@example.nl"
        visitor.complaints = [
            line for line in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in line
        ]
    else:
        press(page, "Bewaren en later verder")
    visitor.close()

    # The next day, in a browser that knows nothing: a code by text, and the draft is there.
    page = visitor.open("/my", PHONE, java_script_enabled=scripts)
    heading(page, "Inloggen")
    page.get_by_label("Je e-mailadres of mobiele nummer").fill("0612345678")
    press(page, "Stuur mij een code")
    page.get_by_label("Code").fill(code_in(texts()[1]))
    page.get_by_role("button", name="Verder").click()
    heading(page, "Mijn aanvragen")
    page.get_by_role("link", name="Aanvraag zonder opleiding").click()
    page.get_by_role("link", name="Verder").click()
    request = TrainingRequest.objects.get()
    assert request.worker.name == "Ewa Nowak"
    for title, answer in ANSWERS[1:]:
        heading(page, title)
        fill(page, answer)
        press(page, "Volgende stap")
    choose_and_send(page)
    request.refresh_from_db()
    assert (request.status, request.outreach_code) == ("submitted", code.code)
    assert User.objects.get(pk=request.worker.user_id).email == ""
    row = next(one for one in reach.of(place.region) if one.channel == "voetbalclub")
    assert (row.visits, row.begun, row.sent) == (1, 1, 1)


def test_a_passkey_is_made_and_opens_the_account(visitor, stranger, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    visitor.sign_in(stranger, by_code=True)
    page = visitor.page(PHONE)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{visitor.base_url}/account/security/passkeys/new")
    sound(page)
    page.get_by_label("Geef het een naam").fill("mijn telefoon")
    page.get_by_role("button", name="Maak een passkey").click()
    page.wait_for_url(lambda address: not address.endswith("/new"))
    page.goto(f"{visitor.base_url}/account/security/passkeys")
    expect(page.locator("main")).to_contain_text("mijn telefoon")
    sound(page)
    press(page, "Uitloggen")
    page.goto(f"{visitor.base_url}/sign-in/password")
    page.get_by_role("button", name="Log in met een passkey").click()
    page.wait_for_url(f"{visitor.base_url}/home")
    page.goto(f"{visitor.base_url}/account")
    expect(page.locator("main")).to_contain_text(stranger.email)


def test_the_link_of_an_e_mail_signs_in_by_one_press_on_another_phone(visitor, stranger):
    page = visitor.open("/sign-in", PHONE)
    page.get_by_label("Je e-mailadres of mobiele nummer").fill(stranger.email)
    press(page, "Stuur mij een code")
    heading(page, "Vul de code in")
    sound(page)
    link = re.search(r"https?://\S+?(/sign-in/link/\S+)", mail.outbox[0].body)[1]
    visitor.close()

    phone = visitor.open(link, PHONE, java_script_enabled=False)
    expect(phone).to_have_url(f"{visitor.base_url}/sign-in/link")
    expect(phone.locator("main")).to_contain_text(stranger.email)
    press(phone, "Inloggen")
    phone.goto(f"{visitor.base_url}/account")
    heading(phone, "Mijn account")
