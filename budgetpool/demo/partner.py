"""The demo's partner: a token of its program, and a request that is ready to be filed with it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from allocation.models import Award
from api import tokens
from api.models import Partner, PartnerAdministrator
from api.oauth import clients
from budgetpool.demo import cast
from budgetpool.demo.employers import PAYERS
from budgetpool.fund.models import Fund
from budgetpool.register.models import Edition
from workers import windows
from workers.models import TrainingRequest, Worker

LABEL: Final = "demo"
FILE: Final = "demo-request.json"


@dataclass(frozen=True)
class Program:
    """What somebody needs to try the API."""

    token: str
    curl: str
    # Addresses of requests that a published round decided on.
    decided: list[str]


def program(fund: Fund, *, site: str) -> Program:
    """A fresh token for the first employer of the demo, a temp agency; older ones end.

    Args:
        site: where the demo will be served, such as `http://127.0.0.1:8000`.
    """
    agency = PAYERS[0]
    with transaction.atomic():
        partner = Partner.objects.filter(name=agency.name).first() or tokens.enrol(
            name=agency.name,
            kvk=agency.kvk,
            contact_email="api@demo.example",
            regions=[fund.region],
        )
        for old in partner.tokens.filter(label=LABEL, revoked_at__isnull=True):
            tokens.revoke(token=old)
        _, secret = tokens.make(partner=partner, label=LABEL, is_made_up=True)
        decided = _decided(partner, fund)
        clients.open_client(partner=partner)
        PartnerAdministrator.objects.get_or_create(
            partner=partner, user=cast.account(cast.PARTNER), ended_at=None
        )
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    body = settings.VAR_DIR / FILE
    body.write_text(json.dumps(_filing(fund), indent=1, ensure_ascii=False), encoding="utf-8")
    curl = (
        f"curl -H 'Authorization: Bearer {secret}' -H 'Idempotency-Key: demo-0001' "
        f"-H 'Content-Type: application/json' -d @{body} {site}/v1/training-requests"
    )
    return Program(secret, curl, decided)


def _decided(partner: Partner, fund: Fund) -> list[str]:
    """Requests of the published round that the partner is made to have filed, by their numbers.

    One award waits for its answer, one was accepted and did not begin, one request was refused.
    """
    own = TrainingRequest.objects.filter(
        window__fund=fund, filed_for_organisation=partner.name, decision__isnull=False
    )
    if not own.exists():
        of_nobody = TrainingRequest.objects.filter(
            window__fund=fund, worker__user__isnull=True, filed_for_organisation=""
        ).order_by("pk")
        waiting = of_nobody.filter(award__status=Award.Status.GRANTED)
        accepted = of_nobody.filter(
            award__status=Award.Status.ACCEPTED, award__started_on__isnull=True
        )
        refused = of_nobody.filter(decision__awarded=False)
        keys = [one.pk for found in (waiting, accepted, refused) for one in found[:1]]
        Worker.objects.filter(requests__in=keys).update(introduced_by=partner.name)
        TrainingRequest.objects.filter(pk__in=keys).update(
            filed_for_organisation=partner.name, channel=TrainingRequest.Channel.PARTNER
        )
    return [f"/v1/training-requests/{request.pk}" for request in own.order_by("pk")]


def _filing(fund: Fund) -> dict[str, object]:
    """A request for somebody invented, for the first course that may be asked for now."""
    window = windows.current(fund.region)
    first = window.first_start if window is not None else timezone.localdate()
    edition = Edition.objects.filter(starts_on__gte=first).order_by("starts_on", "pk")[0]
    return {
        "regionCode": fund.region.code,
        "reference": "demo-0001",
        "worker": {
            "name": "Synthetische Sanne",
            "birthDate": "1998-03-14",
            "email": "sanne@demo.example",
            "municipality": "Hengelo",
            "contract": "agency",
            "sector": "H",
            "education": "mbo2",
            "trainingHoursTwoYears": 0,
            "hasStudyFinance": False,
        },
        "consent": {
            "agreedAt": (timezone.now() - timedelta(hours=1)).isoformat(timespec="seconds"),
            "way": "spoken",
            "textVersion": "demo-1",
        },
        "goal": "Vaster werk in de logistiek.",
        "choices": [{"trainingId": edition.training_id, "editionId": edition.pk}],
    }
