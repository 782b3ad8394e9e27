"""The demo's accountant: a program that two people let in, with a statement ready to bring in."""

import base64
import json
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from api import admissions, tokens
from api.models import Admission, Client, Partner
from api.oauth import clients
from budgetpool.bank import reconciling
from budgetpool.demo import cast, money, statement
from budgetpool.fund.models import Fund

NAME: Final = "Administratiekantoor De Balans (demo)"
KVK: Final = "90000101"
LABEL: Final = "demo"
FILE: Final = "demo-statement.json"
SCOPES: Final = ["statements:read", "statements:write"]
PAID_CENTS: Final = 25_000
FOUND: Final = """sed -E 's/.*"access_token": *"([^"]+)".*/\\1/'"""


@dataclass(frozen=True)
class Accountant:
    """What somebody needs to bring a statement in: two commands, one after the other."""

    client_id: str
    client_secret: str
    curl: tuple[str, str]


def let_in(fund: Fund, *, site: str) -> Accountant:
    """The accountant's program with a fresh secret, and the next statement; older secrets end.

    Args:
        site: where the demo will be served, such as `http://127.0.0.1:8000`.
    """
    with transaction.atomic():
        client = _client()
        if not Admission.objects.filter(fund=fund, client=client).exists():
            asked = admissions.ask(
                fund=fund,
                client_id=client.application.client_id,
                may=Admission.May.WRITE,
                reason="Contract van 12 januari, elke werkdag het afschrift",
                by=cast.account(cast.TREASURER),
            )
            admissions.confirm(admission=asked, by=cast.account(cast.SECOND))
        for old in client.credentials.filter(label=LABEL, revoked_at=None):
            clients.withdraw(credential=old)
        _, secret = clients.add_secret(client=client, label=LABEL)
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    body = settings.VAR_DIR / FILE
    body.write_text(json.dumps(_sending(fund)), encoding="utf-8")
    name = client.application.client_id
    token = (
        f"TOKEN=$(curl -s -u {name}:{secret} -d grant_type=client_credentials "
        f"-d scope=statements:write {site}/v1/oauth/token | {FOUND})"
    )
    send = (
        f'curl -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $(date +%s)" '
        f"-H 'Content-Type: application/json' -d @{body} "
        f"{site}/v1/funds/{fund.region.code}/statements"
    )
    return Accountant(name, secret, (token, send))


def _client() -> Client:
    partner = Partner.objects.filter(name=NAME).first() or tokens.enrol(
        name=NAME, kvk=KVK, contact_email="kantoor@demo.example", regions=[]
    )
    return clients.open_client(partner=partner, scopes=SCOPES)


def _sending(fund: Fund) -> dict[str, str]:
    """A statement of today that follows the last one: somebody pays without a reference."""
    today = timezone.localdate()
    account = fund.ibans.select_related("account", "fund").get(iban=money.MAIN_IBAN)
    opening_cents = reconciling.of(account).closing_cents or 0
    payment = statement.Payment(
        name="Bakkerij De Oven",
        iban="NL20INGB0001234567",
        amount_cents=PAID_CENTS,
        reference="bijdrage scholingsfonds",
        paid_on=today,
        structured=False,
        end_to_end_id=f"OVEN-{opening_cents}",
    )
    content = statement.camt053(
        iban=money.MAIN_IBAN,
        holder=money.FUND_NAME,
        payments=[payment],
        day=today,
        opening_cents=opening_cents,
    )
    return {"name": "accountant.xml", "content": base64.b64encode(content).decode()}
