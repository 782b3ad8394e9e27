"""A partner's whole day by the client that openapi-python-client makes of our description.

Run by the Python of that client, not by ours: `python day.py SERVER CLIENT SECRET HOOK COUNT`. It
prints as JSON what it saw; anything that the description does not say ends it with an error.
"""

import base64
import json
import sys
import uuid
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from budgetpool_client import AuthenticatedClient, Client
from budgetpool_client.api.awards import accept_award, get_award, list_payments
from budgetpool_client.api.client import list_trail
from budgetpool_client.api.o_auth_2 import get_access_token
from budgetpool_client.api.register import list_trainings
from budgetpool_client.api.sandbox import advance_clock, get_sandbox
from budgetpool_client.api.schools import get_invoice, send_invoice
from budgetpool_client.api.training_requests import (
    change_training_request,
    file_training_requests,
    get_training_request,
    send_proof,
    send_start,
    withdraw_training_request,
)
from budgetpool_client.api.webhooks import add_webhook
from budgetpool_client.models import (
    AcceptanceRequest,
    AskedTokenRequest,
    BatchRequest,
    EventsEnum,
    FilingRequest,
    GrantTypeEnum,
    NewWebhookRequest,
    PatchedChangeRequest,
    ProofKind,
    ProofRequest,
    SendingRequest,
    StartRequest,
)

WRONG = 10  # of the requests, in the bulk


def key() -> str:
    """A fresh Idempotency-Key."""
    return uuid.uuid4().hex


def seen(answer, status):
    """What an answer holds, which must have this status and a body that was described."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer.parsed is not None, answer.content
    return answer.parsed


def token(server: str, client_id: str, secret: str) -> str:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    asker = Client(server, headers={"Authorization": f"Basic {basic}"}, timeout=600)
    asked = AskedTokenRequest(grant_type=GrantTypeEnum.CLIENT_CREDENTIALS)
    return seen(get_access_token.sync_detailed(client=asker, body=asked), 200).access_token


def filing(sandbox, number: int) -> FilingRequest:
    """The request of somebody who works through an agency; each has another name and birthday."""
    edition = sandbox.editions[0]
    letters, born = "ABCDEFGHIJ", 1890 if number < WRONG else 1960 + number % 40
    return FilingRequest.from_dict(
        {
            "regionCode": sandbox.region_code,
            "reference": f"case-{number}",
            "worker": {
                "name": f"{letters[number % 10]}na Silva{letters[number // 10 % 10].lower()}o",
                "birthDate": f"{born}-03-{1 + number % 28:02}",
                "email": f"w{number}@sandbox.invalid",
                "municipality": sandbox.municipality,
                "language": "nl",
                "contract": "agency",
                "sector": "H",
                "education": "mbo2",
                "trainingHoursTwoYears": 0,
                "hasStudyFinance": False,
            },
            "consent": {
                "agreedAt": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
                "way": "spoken",
                "textVersion": "2026-1",
            },
            "goal": "Chauffeur worden",
            "choices": [{"trainingId": edition.training_id, "editionId": edition.edition_id}],
        }
    )


def day(server: str, client_id: str, secret: str, hook_url: str, count: int) -> dict:
    client = AuthenticatedClient(
        server,
        token(server, client_id, secret),
        headers={"Accept-Language": "en"},
        timeout=600,
        raise_on_unexpected_status=True,
    )
    asked = NewWebhookRequest(url=hook_url, events=list(EventsEnum))
    hook = seen(add_webhook.sync_detailed(client=client, body=asked, idempotency_key=key()), 201)
    sandbox = seen(get_sandbox.sync_detailed(client=client), 200)
    trainings = seen(list_trainings.sync_detailed(client=client), 200)
    assert sandbox.editions[0].training_id in {one.id for one in trainings.items}

    # Many in one call, ten of them wrong: each says where.
    items = BatchRequest(items=[filing(sandbox, number) for number in range(count)])
    done = seen(
        file_training_requests.sync_detailed(client=client, body=items, idempotency_key=key()), 200
    )
    assert all(one.problem.errors[0].location.pointer for one in done.results[:WRONG])
    filed = [one.request.id for one in done.results if one.request]

    # A typing error is mended, another request is taken back.
    first = get_training_request.sync_detailed(filed[0], client=client)
    changed = change_training_request.sync_detailed(
        filed[0],
        client=client,
        body=PatchedChangeRequest(goal="Chauffeur worden, liefst in Hengelo"),
        if_match=first.headers["ETag"],
    )
    seen(changed, 200)
    taken = withdraw_training_request.sync_detailed(filed[1], client=client, idempotency_key=key())
    withdrawn = seen(taken, 200).status

    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()

    # The round is published; the first who got something says yes, starts and completes.
    seen(advance_clock.sync_detailed(client=client, idempotency_key=key()), 202)
    assert seen(get_sandbox.sync_detailed(client=client), 200).clock.state == "done"
    awarded = next(
        one
        for one in filed[2:]
        if get_award.sync_detailed(one, client=client).status_code == HTTPStatus.OK
    )
    yes = accept_award.sync_detailed(
        awarded, client=client, body=AcceptanceRequest(is_shared=True), idempotency_key=key()
    )
    accepted = seen(yes, 201).status
    start = StartRequest(started_on=today)
    seen(
        send_start.sync_detailed(awarded, client=client, body=start, idempotency_key=key()),
        201,
    )
    proof = ProofRequest(kind=ProofKind.ATTENDANCE, attendance_percent=90)
    seen(
        send_proof.sync_detailed(awarded, client=client, body=proof, idempotency_key=key()),
        201,
    )

    # The school's bill is paid once the proof is accepted.
    bill = SendingRequest(
        request_id=awarded,
        number="2027-31",
        dated_on=today,
        amount_cents=45_000,
        vat_cents=0,
    )
    sent = seen(send_invoice.sync_detailed(client=client, body=bill, idempotency_key=key()), 201)
    seen(advance_clock.sync_detailed(client=client, idempotency_key=key()), 202)
    invoice = seen(get_invoice.sync_detailed(sent.id, client=client), 200)
    payments = seen(list_payments.sync_detailed(awarded, client=client), 200)
    trail = seen(list_trail.sync_detailed(client=client, page_size=100), 200)
    return {
        "secret": hook.secret,
        "filed": done.filed,
        "refused": done.refused,
        "withdrawn": withdrawn,
        "accepted": accepted,
        "invoice": [invoice.state, invoice.paid_cents],
        "payments": [[one.status, one.amount_cents] for one in payments.items],
        "acts": sorted({one.action for one in trail.items}),
    }


if __name__ == "__main__":
    *names, count = sys.argv[1:]
    print(json.dumps(day(*names, int(count))))
