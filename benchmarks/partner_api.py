"""What a call of a partner's program costs, beside bare views of Django REST Framework in one run.

    python benchmarks/partner_api.py [--calls 200] [--bulk 5000]

Uses the database of DATABASE_URL, which it fills and leaves so: give it one of its own. Figures
are processor milliseconds per call in this process, statements per call, and for the bulk the
seconds by the clock. A bare read returns a constant; a bare submission checks three fields and
inserts three rows. Both stand without any middleware, and in what `startproject` makes. A cost is
the least of five rounds, so that what other programs do at that moment counts little.
"""

# ruff: noqa: E402 (Django's settings come before its imports)

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
# Without DEBUG Django keeps no list of statements; the test client calls itself `testserver`.
os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-" * 4)
os.environ.setdefault("ALLOWED_HOSTS", "testserver")
os.environ.setdefault(
    "DATABASE_URL", f"sqlite:///{Path(tempfile.mkdtemp(prefix='api-')) / 'api.sqlite3'}"
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rich.console import Console
from rich.table import Table

from api import throttling, tokens
from api.models import Partner, StoredAnswer
from api.oauth import clients
from budgetpool.fund import funds
from budgetpool.fund.models import Region
from budgetpool.limits.counters import Limit
from budgetpool.register.models import Provider, Training
from workers.models import Window

JSON = "application/json"


class Open(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()


class BareRead(Open):
    def get(self, request: Request) -> Response:
        return Response({"id": 1, "status": "submitted"})


class BareBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    birthDate = serializers.DateField()
    reference = serializers.CharField(max_length=60)


class BareSubmission(Open):
    def post(self, request: Request) -> Response:
        body = BareBody(data=request.data)
        body.is_valid(raise_exception=True)
        partner = Partner.objects.all()[:1].get()
        with transaction.atomic():
            for number in range(3):
                key = f"bare {body.validated_data['reference']} {number}"
                StoredAnswer.objects.create(partner=partner, key=key, fingerprint="")
        return Response({"id": 1}, status=201)


# What `django-admin startproject` writes into its settings.
STARTED: Final = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
urlpatterns = [path("read", BareRead.as_view()), path("submit", BareSubmission.as_view())]


def world() -> tuple[str, int]:
    """A partner's secret, and a training that can be asked for in an open window."""
    call_command("migrate", verbosity=0)
    region = Region.objects.create(code="BENCH", name="Bench", slug="bench", valid_from=2020)
    fund = funds.open_fund(region=region, name="Bench")
    now = timezone.now()
    Window.objects.create(
        fund=fund,
        code="2027-1",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9),
        announced_at=now - timedelta(days=2),
    )
    provider = Provider.objects.create(
        name="School", kvk="90000009", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )
    training = Training.objects.create(
        provider=provider,
        title="Forklift",
        sector="H",
        level="mbo1",
        outcome="mbo_certificate",
        price=450,
    )
    partner = tokens.enrol(
        name="Bureau", kvk="11112222", contact_email="it@example.nl", regions=[region]
    )
    client = clients.open_client(partner=partner)
    _, secret = clients.add_secret(client=client, label="bench")
    form = {"grant_type": "client_credentials", "client_id": client.client_id}
    answer = Client().post(
        "/v1/oauth/token",
        data=urlencode(form | {"client_secret": secret}),
        content_type="application/x-www-form-urlencoded",
    )
    return answer.json()["access_token"], training.pk


def filing(number: int, training: int) -> dict[str, Any]:
    born = date(1960, 1, 1) + timedelta(days=number % 14_000)
    return {
        "regionCode": "BENCH",
        "reference": f"case-{number}",
        "worker": {
            "name": f"{'ABCDEFGHIJ'[number % 10]}na Silva{number}",
            "birthDate": born.isoformat(),
            "email": f"w{number}@example.nl",
            "municipality": "Bench",
            "contract": "agency",
            "sector": "H",
            "education": "mbo2",
            "trainingHoursTwoYears": 0,
            "hasStudyFinance": False,
        },
        "consent": {
            "agreedAt": (timezone.now() - timedelta(hours=1)).isoformat(),
            "way": "spoken",
            "textVersion": "1",
        },
        "choices": [{"trainingId": training}],
    }


def measure(call: Callable[[int], Any], calls: int) -> tuple[float, int]:
    """Processor milliseconds and statements per call, after ten calls that do not count."""
    for number in range(10):
        answer = call(number)
        assert answer.status_code < 300, answer.content
    costs = []
    for part in range(5):
        begun = time.process_time()
        for number in range(10 + part * calls // 5, 10 + (part + 1) * calls // 5):
            call(number)
        costs.append((time.process_time() - begun) / (calls // 5) * 1_000)
    cost = min(costs)
    with CaptureQueriesContext(connection) as statements:
        call(10 + calls)
    return cost, len(statements)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=int, default=200)
    arguments.add_argument("--bulk", type=int, default=5_000)
    options = arguments.parse_args()
    for name in throttling.LIMITS:
        throttling.LIMITS[name] = Limit(name, most=10**8, seconds=60)
    # One machine speaks plain HTTP with itself.
    with override_settings(SECURE_SSL_REDIRECT=False):
        secret, training = world()
        compare(secret, training, options.calls, options.bulk)


def bare(middleware: list[str], calls: int) -> list[tuple[float, int]]:
    """A bare read and a bare submission behind these."""
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=middleware):
        client, body = Client(), {"name": "Ewa", "birthDate": "1991-03-04"}
        key = f"{time.time()} {len(middleware)}"
        return [
            measure(lambda number: client.get("/read"), calls),
            measure(
                lambda number: client.post(
                    "/submit", data=body | {"reference": f"{key} {number}"}, content_type=JSON
                ),
                calls,
            ),
        ]


def compare(secret: str, training: int, calls: int, count: int) -> None:
    read, submit = bare([], calls)
    started_read, started_submit = bare(STARTED, calls)
    program = Client(headers={"authorization": f"Bearer {secret}"})

    def file(number: int) -> Any:
        return program.post(
            "/v1/training-requests",
            data=filing(number, training),
            content_type=JSON,
            headers={"idempotency-key": f"k-{number}"},
        )

    filed = measure(file, calls)
    key = file(10**6).json()["id"]
    own = measure(lambda number: program.get(f"/v1/training-requests/{key}"), calls)
    page = measure(lambda number: program.get("/v1/training-requests"), calls)
    region = measure(lambda number: program.get("/v1/regions/BENCH"), calls)
    table = Table("call", "CPU ms", "statements", "beside bare", "beside a started project")
    for name, (cost, statements), without, started in (
        ("bare read", read, read, started_read),
        ("… in a started project", started_read, read, started_read),
        ("a region", region, read, started_read),
        ("a request", own, read, started_read),
        ("twenty requests", page, read, started_read),
        ("bare submission, three rows", submit, submit, started_submit),
        ("… in a started project", started_submit, submit, started_submit),
        ("a filing", filed, submit, started_submit),
    ):
        shares = (f"{base[0] / cost:.2f}" for base in (without, started))
        table.add_row(name, f"{cost:.2f}", str(statements), *shares)
    console = Console()
    console.print(table)
    bulk(program, training, count, console)


def bulk(program: Client, training: int, count: int, console: Console) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    for begin in range(0, count, 500):
        items = [filing(2 * 10**6 + at, training) for at in range(begin, begin + 500)]
        answer = program.post(
            "/v1/training-request-batches",
            data={"items": items},
            content_type=JSON,
            headers={"idempotency-key": f"bulk-{begin}"},
        )
        assert answer.json()["filed"] == 500, answer.content[:2_000]
    console.print(
        f"{count} filings, 500 a call: {time.perf_counter() - clock:.1f} s by the clock, "
        f"{time.process_time() - processor:.1f} s of this process"
    )


if __name__ == "__main__":
    main()
