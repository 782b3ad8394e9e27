"""A partner's administrator makes, rotates and withdraws secrets; the board lets them in."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from api import administrators
from api.models import Client, Credential, PartnerAdministrator
from budgetpool.audit.models import AuditEvent
from tests.api.conftest import ask_for_token, program_of
from tests.api.test_oauth import pair
from tests.cast import make_person, signed_in
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def page(name, partner, *args):
    return reverse(f"partner:{name}", args=[partner.pk, *args])


def test_an_administrator_makes_a_secret_that_is_shown_once(partner, partner_manager):
    browser = signed_in(partner_manager, second_factor=True)
    made = browser.post(page("secret-new", partner), {"label": "salary system"})
    assert "no-store" in made.headers["Cache-Control"]
    [secret] = re.findall(r"budgetpool_cs_[\w-]+", made.content.decode())
    client = Client.objects.get(partner=partner)
    assert ask_for_token(client_id=client.client_id, client_secret=secret).status_code == 200
    home = browser.get(page("home", partner)).content.decode()
    assert "salary system" in home
    assert client.client_id in home
    assert secret not in home
    assert AuditEvent.objects.get(action="credential.made").actor == partner_manager


def test_an_administrator_rotates_gives_a_key_and_withdraws(partner, partner_manager):
    program_of(partner)
    old = Credential.objects.get()
    browser = signed_in(partner_manager, second_factor=True)
    rotated = browser.post(
        page("credential-rotate", partner, old.pk), {"label": "new", "overlap_days": "0"}
    )
    assert "budgetpool_cs_" in rotated.content.decode()
    old.refresh_from_db()
    assert old.expires_at <= timezone.now()
    key = json.dumps(pair()[1])
    answer = browser.post(page("key-new", partner), {"label": "signing", "key": key})
    assert answer.status_code == 302
    made = Credential.objects.get(kind="key")
    wrong = browser.post(page("key-new", partner), {"label": "signing", "key": "{"})
    assert wrong.status_code == 200
    browser.post(page("credential-withdraw", partner, made.pk))
    made.refresh_from_db()
    assert not made.works


def test_another_partner_and_somebody_without_a_second_factor_do_nothing(
    partner, partner_manager, other_partner_manager
):
    program_of(partner)
    own = Credential.objects.get()
    without = signed_in(partner_manager)
    assert without.post(page("secret-new", partner), {"label": "x"}).status_code == 302
    assert without.post(page("credential-withdraw", partner, own.pk)).status_code == 302
    double = signed_in(other_partner_manager, second_factor=True)
    other = administrators.partners_of(other_partner_manager)[0]
    assert double.post(page("credential-withdraw", partner, own.pk)).status_code == 404
    assert double.post(page("credential-withdraw", other, own.pk)).status_code == 404
    assert double.get(page("credential-rotate", other, own.pk)).status_code == 404
    own.refresh_from_db()
    assert own.works
    assert Credential.objects.count() == 1


def test_somebody_whose_place_ended_is_out(partner, partner_manager, twente, chair):
    held = PartnerAdministrator.objects.get()
    administrators.end(administrator=held, region=twente.region, actor=chair)
    browser = signed_in(partner_manager, second_factor=True)
    assert browser.get(page("home", partner)).status_code == 403


def test_the_board_lets_somebody_in_and_withdraws_what_leaked(partner, chair, chair_of_drenthe):
    program_of(partner)
    own = Credential.objects.get()
    browser = signed_in(chair, second_factor=True)
    double = signed_in(chair_of_drenthe, second_factor=True)
    add = reverse("board-partner-administrator", args=["twente", partner.pk])
    elsewhere = reverse("board-partner-administrator", args=["drenthe", partner.pk])
    assert double.post(elsewhere, {"email": "evil@example.nl", "name": "E"}).status_code == 404
    browser.post(add, {"email": "pia@example.nl", "name": "Pia"})
    held = PartnerAdministrator.objects.get()
    assert held.user.email == "pia@example.nl"
    with refuses("administers_already"):
        administrators.keep(partner=partner, email="pia@example.nl", name="")
    closed = make_person("Kees Closed", is_active=False)
    with refuses("account_closed"):
        administrators.keep(partner=partner, email=closed.email, name="")
    # Nobody lets themselves in.
    browser.post(add, {"email": chair.email})
    assert PartnerAdministrator.objects.count() == 1
    for name, key in (
        ("board-credential-withdraw", own.pk),
        ("board-partner-shut-out", own.client_id),
        ("board-partner-administrator-end", held.pk),
    ):
        assert double.post(reverse(name, args=["drenthe", key])).status_code == 404
    browser.post(reverse("board-credential-withdraw", args=["twente", own.pk]))
    own.refresh_from_db()
    assert not own.works
    browser.post(reverse("board-partner-shut-out", args=["twente", own.client_id]))
    assert Client.objects.get().withdrawn_at
    browser.post(reverse("board-partner-administrator-end", args=["twente", held.pk]))
    assert not administrators.live().exists()
    assert "Pia" not in browser.get(reverse("board-partners", args=["twente"])).content.decode()
