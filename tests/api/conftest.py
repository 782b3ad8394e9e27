"""Two partners with a token each, a body that can be filed, and a round that was published."""

import copy
import json
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from api import tokens
from tests.allocation.conftest import *  # noqa: F403


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


class Program:
    """A partner's program, which sends its token along."""

    def __init__(self, partner=None, secret=None):
        self.partner = partner
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(headers=headers)
        self.secret = secret

    def get(self, path, **headers):
        return self.client.get(f"/v1{path}", headers=headers)

    def file(self, body, key=None):
        return self.post("/training-requests", body, key)

    def post(self, path, body, key=None):
        return self.client.post(
            f"/v1{path}",
            data=body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers={"idempotency-key": key or uuid.uuid4().hex},
        )


def make_program(name, kvk, regions):
    partner = tokens.enrol(name=name, kvk=kvk, contact_email="it@example.nl", regions=regions)
    _, secret = tokens.make(partner=partner, label="tests")
    return Program(partner, secret)


@pytest.fixture
def program(twente):
    return make_program("Leerwinkel Enschede", "11112222", [twente.region])


@pytest.fixture
def other_program(twente):
    """The double: another partner in the same region."""
    return make_program("Loopbaan Almelo", "33334444", [twente.region])


@pytest.fixture
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
def body(window, forklift, forklift_in_march):
    """A request for the forklift course in March."""
    made = copy.deepcopy(BODY)
    made["choices"] = [{"trainingId": forklift.pk, "editionId": forklift_in_march.pk}]
    return made
