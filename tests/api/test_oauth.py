"""Access tokens: for a right secret or signed assertion only, short, with scopes, ended at once."""

import json
import threading
import time
from datetime import timedelta

import jwt
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from jwcrypto import jwk
from oauth2_provider.models import AccessToken

from api.models import Client, Credential, Partner, StoredAnswer, UsedAssertion
from api.oauth import access, assertions, clients
from api.scopes import ALL
from budgetpool.audit.models import AuditEvent
from tests.api.conftest import Program, ask_for_token, program_of
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(program):
    return Client.objects.get(partner=program.partner)


def refused(answer, error="invalid_client", status=401):
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["error_description"]
    return True


def test_a_secret_gets_a_short_token_by_basic_or_in_the_body(program, client):
    for answer in (
        ask_for_token(client_id=client.client_id, client_secret=program.client_secret),
        ask_for_token(basic=(client.client_id, program.client_secret)),
    ):
        told = answer.json()
        assert (answer.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 900)
        assert set(told["scope"].split()) == set(ALL)
        assert answer.headers["Cache-Control"] == "no-store"
        assert Program(None, told["access_token"]).get("/training-requests").status_code == 200
    assert Credential.objects.get().used_at > timezone.now() - timedelta(minutes=1)


def test_neither_secret_nor_token_is_stored_as_it_is(program):
    kept = str(list(Credential.objects.values())) + str(list(AccessToken.objects.values()))
    kept += str(list(AuditEvent.objects.values()))
    assert program.client_secret not in kept
    assert program.secret not in kept


def test_nobody_gets_a_token_without_the_right_secret(program, other_program, client):
    own, secret = client.client_id, program.client_secret
    assert client.application.client_secret == ""
    for form in (
        {},
        {"client_id": own},
        {"client_id": own, "client_secret": ""},
        {"client_id": own, "client_secret": secret + "x"},
        {"client_id": own, "client_secret": Credential.objects.first().digest},
        {"client_id": "nobody", "client_secret": secret},
        {"client_id": own, "client_secret": other_program.client_secret},
        {"client_secret": secret},
    ):
        assert refused(ask_for_token(**form))
    for basic in ((own, ""), (own, "x"), ("", ""), (own, other_program.client_secret)):
        assert refused(ask_for_token(basic=basic))
    # Two ways at once say nothing clear, also when both are right (RFC 6749, section 2.3).
    assert refused(ask_for_token(basic=(own, secret), client_id=own, client_secret=secret))


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "implicit", "x"]
)
def test_no_other_way_of_oauth_is_open(program, client, grant):
    form = {"client_id": client.client_id, "client_secret": program.client_secret}
    refused(ask_for_token(**form, grant_type=grant), "unsupported_grant_type", 400)


def test_only_a_form_is_taken(program):
    sent = Browser().post("/v1/oauth/token", data="{}", content_type="application/json")
    assert sent.status_code == 415


def test_a_token_ends_by_itself_with_its_credential_its_client_and_its_partner(program, client):
    def opens():
        return program.get("/training-requests").status_code

    assert opens() == 200
    AccessToken.objects.update(expires=timezone.now())
    assert opens() == 401
    AccessToken.objects.update(expires=timezone.now() + timedelta(minutes=5))
    Partner.objects.update(is_active=False)
    assert opens() == 401
    assert refused(ask_for_token(client_id=client.client_id, client_secret=program.client_secret))
    Partner.objects.update(is_active=True)
    assert opens() == 200
    clients.withdraw(credential=Credential.objects.get())
    assert opens() == 401
    assert refused(ask_for_token(client_id=client.client_id, client_secret=program.client_secret))
    assert AuditEvent.objects.filter(action="credential.revoked").count() == 1


def test_a_program_that_is_shut_out_stays_out(program, client):
    clients.withdraw_client(client=client)
    assert program.get("/training-requests").status_code == 401
    assert refused(ask_for_token(client_id=client.client_id, client_secret=program.client_secret))
    client.refresh_from_db()
    with refuses("client_withdrawn"):
        clients.add_secret(client=client, label="back again")
    clients.withdraw_client(client=client)
    assert AuditEvent.objects.filter(action="client.withdrawn").count() == 1


def test_an_organisation_has_one_client(program, client):
    assert clients.open_client(partner=program.partner) == client
    assert Client.objects.count() == 1


# Scopes


def test_a_token_does_only_what_its_scope_says(program, client, body):
    form = {"client_id": client.client_id, "client_secret": program.client_secret}
    answer = ask_for_token(**form, scope="requests:read")
    assert answer.json()["scope"] == "requests:read"
    reader = Program(program.partner, answer.json()["access_token"])
    assert reader.get("/training-requests").status_code == 200
    barred = reader.file(body)
    assert (barred.status_code, barred.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="requests:write"' in barred.headers["WWW-Authenticate"]
    assert reader.get("/client").status_code == 403
    assert not StoredAnswer.objects.exists()


def test_nobody_gets_a_scope_that_the_client_has_not(program, client):
    client.scopes = ["requests:read"]
    client.save()
    form = {"client_id": client.client_id, "client_secret": program.client_secret}
    assert ask_for_token(**form).json()["scope"] == "requests:read"
    refused(ask_for_token(**form, scope="requests:write"), "invalid_scope", 400)
    refused(ask_for_token(**form, scope="nothing"), "invalid_scope", 400)
    # Also a token of before has lost it.
    assert program.get("/client").status_code == 403
    assert program.get("/training-requests").status_code == 200


def views(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif view := getattr(entry.callback, "view_class", None):
            yield view


def test_every_operation_of_a_partner_asks_for_a_scope():
    api = next(e for e in get_resolver().url_patterns if str(e.pattern) == "v1/")
    asked = set()
    for view in views(api):
        if not any(p.__name__ == "IsPartner" for p in view.permission_classes):
            continue
        methods = {m.upper() for m in view.http_method_names if hasattr(view, m)}
        assert methods - {"HEAD", "OPTIONS"} == set(view.scopes), view.__name__
        asked |= set(view.scopes.values())
    assert asked == set(ALL)


# Rotation


def test_a_secret_is_rotated_with_an_overlap_and_shown_once(program, client):
    old = Credential.objects.get()
    send = {"replaces": old.pk, "label": "second", "overlapDays": 3}
    made = program.post("/client/credentials", send, key="r-1")
    assert made.status_code == 201, made.content
    secret = made.json()["secret"]
    for works in (secret, program.client_secret):
        assert ask_for_token(client_id=client.client_id, client_secret=works).status_code == 200
    again = program.post("/client/credentials", send, key="r-1")
    assert again.json()["secret"] is None
    assert again.json()["credential"]["id"] == made.json()["credential"]["id"]
    assert secret not in str(list(StoredAnswer.objects.values()))
    old.refresh_from_db()
    assert timedelta(days=2) < old.expires_at - timezone.now() <= timedelta(days=3)
    Credential.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    refused(ask_for_token(client_id=client.client_id, client_secret=program.client_secret))


def test_the_credentials_of_another_are_not_found(program, other_program):
    foreign = Credential.objects.get(client__partner=other_program.partner)
    send = {"replaces": foreign.pk, "label": "mine now"}
    assert program.post("/client/credentials", send).status_code == 404
    assert program.get(f"/client/credentials/{foreign.pk}").status_code == 404
    assert program.send("delete", f"/client/credentials/{foreign.pk}").status_code == 404
    assert [one["id"] for one in program.get("/client").json()["credentials"]] != [foreign.pk]
    foreign.refresh_from_db()
    assert foreign.works


def test_a_program_withdraws_what_leaked_and_is_out(program):
    own = Credential.objects.get()
    assert program.send("delete", f"/client/credentials/{own.pk}").status_code == 204
    assert program.get("/client").status_code == 401
    assert AuditEvent.objects.get(action="credential.revoked").actor == program.partner.account


def test_no_more_than_ten_credentials_work_at_a_time(client):
    for _ in range(9):
        clients.add_secret(client=client, label="more")
    with refuses("too_many_credentials"):
        clients.add_secret(client=client, label="more")


# Signed assertions


def pair(**kind):
    key = jwk.JWK.generate(**(kind or {"kty": "EC", "crv": "P-256"}))
    return key, json.loads(key.export_public())


def signed(client_id, key, *, algorithm="ES256", headers=None, **changes):
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": assertions.audiences()[1],
        "exp": now + 120,
        "iat": now,
        "jti": f"{time.perf_counter_ns()}",
    }
    claims = {k: v for k, v in (claims | changes).items() if v is not None}
    made = key.export_to_pem(private_key=True, password=None) if isinstance(key, jwk.JWK) else key
    return jwt.encode(claims, made, algorithm=algorithm, headers=headers)


def assert_with(assertion, **form):
    return ask_for_token(client_assertion_type=assertions.TYPE, client_assertion=assertion, **form)


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [
        ({"kty": "EC", "crv": "P-256"}, "ES256"),
        ({"kty": "OKP", "crv": "Ed25519"}, "EdDSA"),
        ({"kty": "RSA", "size": 2048}, "RS256"),
        ({"kty": "RSA", "size": 2048}, "PS256"),
    ],
)
def test_a_signed_assertion_gets_a_token_once(client, kind, algorithm):
    key, public = pair(**kind)
    made = clients.add_key(client=client, label="ours", key=public)
    assertion = signed(client.client_id, key, algorithm=algorithm)
    assert assert_with(assertion, client_id=client.client_id).status_code == 200
    made.refresh_from_db()
    assert made.used_at
    # The same assertion a second time is a replay.
    refused(assert_with(assertion))


def test_an_assertion_that_is_not_quite_right_gets_nothing(client, other_program):
    key, public = pair()
    clients.add_key(client=client, label="ours", key=public)
    other, _ = pair()
    own, now = client.client_id, int(time.time())
    foreign = Client.objects.get(partner=other_program.partner).client_id
    wrong = [
        signed(own, other),
        signed(own, key, exp=now - 60),
        signed(own, key, exp=now + 3600),
        signed(own, key, exp=None),
        signed(own, key, jti=None),
        signed(own, key, aud="https://elsewhere.example"),
        signed(own, key, aud=None),
        signed(own, key, sub=foreign),
        signed(foreign, key),
        signed(own, key, nbf=now + 600),
        signed(own, "", algorithm="none"),
        signed(own, "x" * 64, algorithm="HS256"),
        signed(own, key, headers={"kid": "other"}),
        "no.jwt.at-all",
        "",
    ]
    for assertion in wrong:
        refused(assert_with(assertion))
    head, payload, _ = signed(own, key).split(".")
    refused(assert_with(f"{head}.{payload}."))
    refused(assert_with(signed(own, key), client_id=foreign))
    refused(ask_for_token(client_assertion=signed(own, key)))
    refused(assert_with(signed(own, key), client_secret="x"))
    assert not UsedAssertion.objects.exists()


def test_a_key_that_ended_signs_nothing(client):
    key, public = pair()
    made = clients.add_key(client=client, label="ours", key=public)
    clients.withdraw(credential=made)
    refused(assert_with(signed(client.client_id, key)))


def test_only_a_strong_public_key_is_taken_and_only_once(client):
    key, public = pair()
    private = json.loads(key.export())
    for bad in (
        private,
        {"kty": "oct", "k": "c2VjcmV0"},
        pair(kty="RSA", size=1024)[1],
        pair(kty="EC", crv="P-521")[1],
        {"kty": "EC"},
        {},
        [],
        "key",
        None,
    ):
        with pytest.raises(ValidationError):
            clients.add_key(client=client, label="bad", key=bad)
    clients.add_key(client=client, label="ours", key=public)
    with refuses("key_known"):
        clients.add_key(client=client, label="again", key=public)
    assert "d" not in Credential.objects.get(kind="key").key


# At the same moment


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_token_slips_out_beside_a_withdrawal(twente, partner):
    """A token that is being given while its secret is withdrawn ends with it."""
    program = program_of(partner)
    client = Client.objects.get()
    credential = Credential.objects.get()
    given = []

    def give():
        try:
            given.append(
                ask_for_token(client_id=client.client_id, client_secret=program.client_secret)
            )
        finally:
            connection.close()

    with transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(label="held")
        thread = threading.Thread(target=give)
        thread.start()
        time.sleep(0.2)
        clients.withdraw(credential=credential)
    thread.join()
    assert given[0].status_code == 401
    assert access.caller_of(program.secret) is None
    assert not AccessToken.objects.exists()
