"""A partner's whole day over HTTP against a running server, with nothing but its documentation."""

import base64
import copy
import json
import urllib.error
import urllib.request
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from api.sandbox import world
from api.webhooks import work
from budgetpool.fund import checks
from tests.api.conftest import BODY
from tests.api.test_webhooks import ALL, Receiver, verified

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Caller:
    """A program of a partner, of Python's standard library only."""

    def __init__(self, server, client_id, secret):
        self.server = f"{server}/v1"
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials"}).encode()
        asked = urllib.request.Request(f"{self.server}/oauth/token", data=form)
        asked.add_header("Authorization", f"Basic {basic}")
        with urllib.request.urlopen(asked) as answer:
            self.token = json.load(answer)["access_token"]

    def __call__(self, verb, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.server + path, data=data, method=verb)
        asked.add_header("Authorization", f"Bearer {self.token}")
        asked.add_header("Content-Type", "application/json")
        asked.add_header("Accept-Language", "en")
        if verb == "POST":
            asked.add_header("Idempotency-Key", uuid.uuid4().hex)
        for name, value in headers.items():
            asked.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(asked) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None, answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read()), error.headers


def filing(state, number):
    made = copy.deepcopy(BODY)
    made |= {"regionCode": state["regionCode"], "reference": f"case-{number}"}
    made["choices"] = [state["editions"][0]]
    made["consent"]["agreedAt"] = (timezone.now() - timedelta(hours=1)).isoformat()
    made["worker"] |= {
        "name": f"{'ABCDEFGHIJ'[number % 10]}na Silva{'abcdefghij'[number // 10 % 10]}o",
        "birthDate": f"{1960 + number % 40}-03-{1 + number % 28:02}",
        "email": f"w{number}@sandbox.invalid",
        "municipality": state["municipality"],
    }
    return made


def test_from_the_token_to_the_trail(live_server, settings):
    settings.SANDBOX = settings.WEBHOOKS_MAY_BE_INSIDE = True
    made = world.build()
    call = Caller(live_server.url, made.client_id, made.client_secret)
    receiver = Receiver()
    try:
        _, hook, _ = call("POST", "/webhooks", {"url": receiver.url, "events": ALL})
        _, state, _ = call("GET", "/sandbox")

        # Two hundred in one call, ten of them wrong.
        items = [filing(state, number) for number in range(200)]
        for item in items[:10]:
            item["worker"]["contract"] = "freelance"
        status, results, _ = call("POST", "/training-request-batches", {"items": items})
        assert (status, results["filed"], results["refused"]) == (200, 190, 10)
        wrong = results["results"][0]["problem"]
        assert wrong["errors"][0]["location"] == {"pointer": "#/worker/contract"}
        filed = [one["request"]["id"] for one in results["results"] if one["request"]]

        # A typing error is mended, another request is taken back.
        _, _, headers = call("GET", f"/training-requests/{filed[0]}")
        change = {"goal": "Chauffeur worden, liefst in Hengelo"}
        status, _, _ = call(
            "PATCH", f"/training-requests/{filed[0]}", change, If_Match=headers["ETag"]
        )
        assert status == 200
        status, told, _ = call("POST", f"/training-requests/{filed[1]}/withdrawal", {})
        assert (status, told["status"]) == (200, "withdrawn")

        # The round is published by a call; the events of it all arrive, signed, once each.
        assert call("POST", "/sandbox/clock", {})[0] == 202
        _, state, _ = call("GET", "/sandbox")
        assert state["clock"]["state"] == "done", state["clock"]
        work.sweep(limit=5000)
        assert all(verified(hook["secret"], *one) for one in receiver.came)
        assert len(receiver.ids) == len(set(receiver.ids))
        kinds = [event["type"] for event in receiver.events]
        assert kinds.count("decision.published") == 189
        assert {"request.changed"} <= set(kinds)

        # Who got something says yes, begins and completes.
        awarded = next(
            key for key in filed[2:] if call("GET", f"/training-requests/{key}/award")[0] == 200
        )
        path = f"/training-requests/{awarded}"
        status, award, _ = call("POST", f"{path}/award/acceptance", {"isShared": True})
        assert (status, award["status"]) == (201, "accepted")
        today = timezone.localdate().isoformat()
        status, _, _ = call("POST", f"{path}/start", {"startedOn": today})
        assert status == 201
        proof = {"kind": "attendance", "attendancePercent": 90}
        status, sent, _ = call("POST", f"{path}/proofs", proof)
        assert status == 201, sent
        assert call("GET", f"{path}/payments")[1] == {"items": []}

        # The school bills it, and is paid when the proof was accepted: EUR 450.
        bill = {"requestId": awarded, "number": "2027-31", "datedOn": today}
        bill |= {"amountCents": 45_000, "vatCents": 0}
        status, invoice, _ = call("POST", "/invoices", bill)
        assert (status, invoice["state"]) == (201, "received"), invoice
        assert call("POST", "/sandbox/clock", {})[0] == 202
        _, invoice, _ = call("GET", f"/invoices/{invoice['id']}")
        assert (invoice["state"], invoice["paidCents"]) == ("paid", 45_000)
        [payment] = call("GET", f"{path}/payments")[1]["items"]
        assert (payment["status"], payment["amountCents"]) == ("paid", 45_000)

        # And the trail of it all.
        _, trail, _ = call("GET", "/client/trail?pageSize=100")
        acts = {item["action"] for item in trail["items"]}
        assert {"award.accepted", "award.started"} <= acts
        assert [one for one in checks.check_ledger() if not one.ok] == []
    finally:
        receiver.close()
