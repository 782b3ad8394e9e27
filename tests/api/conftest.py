"""Two partners with a token each, a body that can be filed, and a round that was published."""

import base64
import copy
import json
import uuid
from urllib.parse import urlencode

import pytest
from django.test import Client

from api.models import PartnerToken
from api.oauth import clients
from api.sandbox import world
from tests.allocation.conftest import *  # noqa: F403
from tests.cast import make_partner
from tests.sharing import harmless, shared
from workers.models import TrainingRequest, Worker


class Program:
    """A partner's program, which sends its token along."""

    def __init__(self, partner=None, secret=None, client_secret=None):
        self.partner, self.client_secret = partner, client_secret
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(headers=headers)
        self.secret = secret

    def get(self, path, **headers):
        return self.client.get(f"/v1{path}", headers={"accept-language": "en"} | named(headers))

    def file(self, body, key=None, **headers):
        return self.post("/training-requests", body, key, **headers)

    def post(self, path, body, key=None, **headers):
        return self.send("post", path, body, idempotency_key=key or uuid.uuid4().hex, **headers)

    def send(self, verb, path, body=None, *, language="en", **headers):
        return getattr(self.client, verb)(
            f"/v1{path}",
            data=body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers={"accept-language": language} | named(headers),
        )


def named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}


def make_program(name, kvk, regions):
    """A partner's program, which got an access token for a secret."""
    return program_of(make_partner(name, kvk, regions))


def program_of(partner):
    client = clients.open_client(partner=partner)
    _, secret = clients.add_secret(client=client, label="tests")
    return Program(partner, access_token(client, secret), secret)


def access_token(client, secret, **more):
    answer = ask_for_token(client_id=client.client_id, client_secret=secret, **more)
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def ask_for_token(*, basic=None, **form):
    headers = {}
    if basic:
        coded = base64.b64encode(":".join(basic).encode()).decode()
        headers["authorization"] = f"Basic {coded}"
    return Client().post(
        "/v1/oauth/token",
        data=urlencode({"grant_type": "client_credentials"} | form),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


@shared
def program(partner):
    return program_of(partner)


@shared
def other_program(twente):
    """The double: another partner in the same region."""
    return make_program("Loopbaan Almelo", "33334444", [twente.region])


@pytest.fixture
def sandbox(db, settings):
    """An installation in which all is made up."""
    settings.SANDBOX = True
    return world.build()


@pytest.fixture
def sandbox_program(sandbox):
    """A sandbox with its token that works for months."""
    PartnerToken.objects.update(label="tests")
    return Program(sandbox.partner, sandbox.token, sandbox.client_secret)


@pytest.fixture
@harmless
def visitor():
    return Program()


BODY = {
    "regionCode": "BIJ3-09",
    "reference": "case-17",
    "worker": {
        "name": "Ewa Nowak",
        "birthDate": "1991-03-04",
        "email": "ewa@example.nl",
        "municipality": "Enschede",
        "language": "nl",
        "contract": "agency",
        "sector": "H",
        "education": "mbo2",
        "trainingHoursTwoYears": 0,
        "hasStudyFinance": False,
    },
    "consent": {"agreedAt": "2026-11-20T10:00:00+01:00", "way": "spoken", "textVersion": "2026-1"},
    "goal": "Chauffeur worden",
    "choices": [],
}


@pytest.fixture
@harmless
def body(window, forklift, forklift_in_march):
    """A request for the forklift course in March."""
    made = copy.deepcopy(BODY)
    made["choices"] = [{"trainingId": forklift.pk, "editionId": forklift_in_march.pk}]
    return made


@shared
def award_address(program, published):
    """The award of a request of a published round that the program is made to have filed."""
    found = published.awards.order_by("pk").first()
    TrainingRequest.objects.filter(pk=found.request_id).update(
        filed_for_organisation=program.partner.name
    )
    Worker.objects.filter(pk=found.request.worker_id).update(introduced_by=program.partner.name)
    return f"/training-requests/{found.request_id}/award"
