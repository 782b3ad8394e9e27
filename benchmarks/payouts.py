"""How long many payments take: a batch of 1,000, and a provider with 3,348 awards that drops out.

Run from the project's root: `uv run python benchmarks/payouts.py [PAYMENTS AWARDS]`. It works in
a new SQLite file, or in the empty database that DATABASE_URL names, and prints seconds, CPU
seconds of this process and the number of queries. The bar is 3 seconds for the batch.
"""

# ruff: noqa: E402 (Django's settings come before its imports)

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER.name}/payouts.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetpool.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from lxml import etree
from rich.console import Console
from rich.table import Table
from schwifty import IBAN

from allocation import rounds
from allocation.models import Award, Invoice, Payee, PaymentBatch, Payout, Recovery, Replacement
from allocation.payouts import batches, pain, replacing
from allocation.rounds import publishing
from allocation.rules import policies
from allocation.rules.draws import Draw
from budgetpool.bank.models import BankEntry, BankStatement
from budgetpool.fund import checks, funds, ledger
from budgetpool.fund.models import Account, Fund, FundIban, Region, Seat
from budgetpool.mail.models import Message
from budgetpool.money import from_cents
from budgetpool.register.models import Edition, Provider, Training
from budgetpool.users.models import User
from workers.models import Choice, CostLine, TrainingRequest, Window, Worker

CENTS = 80_000
ADVANCE = 64_000
RULES = {**policies.STANDARD, "cap": [], "floor": []}


def member(name: str, region: Region, role: str) -> User:
    user = User.objects.create_user(email=f"{name}@example.nl", name=name, password=None)
    Seat.objects.create(user=user, region=region, role=role, since=date(2020, 1, 1))
    return user


def build(name: str, count: int) -> tuple[Fund, Provider, User]:
    """A round whose awards are all at one provider, which got 80 % of each; the rest is planned."""
    region = Region.objects.create(code=name, name=name, slug=name, valid_from=2015)
    fund = funds.open_fund(region=region, name=name)
    fund.rule_name = "Rule"
    fund.save()
    chair, treasurer = (
        member(f"{r.value}.{name}", region, r) for r in (Seat.Role.BOARD, Seat.Role.TREASURER)
    )
    bank = ledger.open_account(fund=fund, kind=Account.Kind.BANK, code="bank")
    pool = ledger.open_account(fund=fund, kind=Account.Kind.POOL, code="pool")
    ledger.post(
        debit=bank, credit=pool, amount=count * CENTS, reference=f"{name}:fill", memo="deposit"
    )
    now = timezone.now()
    window = Window.objects.create(
        fund=fund,
        code="2027-1",
        announced_at=now - timedelta(days=60),
        opens_at=now - timedelta(days=30),
        closes_at=now - timedelta(days=2),
    )
    round = rounds.draft(
        window=window,
        policy=policies.new_version(fund=fund, name="Rule", rules=RULES, member=chair),
        ceiling=from_cents(count * CENTS),
        reserve=from_cents(0),
        draw=Draw("A draw", timezone.localdate(window.closes_at) + timedelta(days=1)),
        member=chair,
    )
    round = rounds.open(round=round, member=chair, at=window.opens_at - timedelta(days=1))
    provider = Provider.objects.create(
        name="Lasschool", kvk=f"9{fund.pk:07}", vat_status=Provider.VatStatus.EXEMPT_CRKBO
    )
    training = Training.objects.create(
        provider=provider, title="Lassen", sector="C", outcome="diploma", price=CENTS // 100
    )
    starts_on = timezone.localdate() + timedelta(days=10)
    edition = Edition.objects.create(training=training, starts_on=starts_on, seats=count)
    workers = Worker.objects.bulk_create(
        Worker(region=region, name=f"Worker {n}", email=f"w{n}@example.nl", municipality="Enschede")
        for n in range(count)
    )
    requests = TrainingRequest.objects.bulk_create(
        TrainingRequest(
            worker=worker, window=window, status="submitted", submitted_at=now, consent_at=now
        )
        for worker in workers
    )
    choices = Choice.objects.bulk_create(
        Choice(request=request, rank=1, training=training, edition=edition) for request in requests
    )
    CostLine.objects.bulk_create(
        CostLine(choice=choice, kind="training", amount=from_cents(CENTS)) for choice in choices
    )
    codes = [publishing.account_code(request.pk) for request in requests]
    accounts = ledger.open_accounts(fund=fund, kind=Account.Kind.AWARD, codes=codes)
    ledger.post_many(
        ledger.Entry(
            debit=round.account,
            credit=accounts[code],
            amount=CENTS,
            reference=code.replace("-", ":") + ":reserved",
            memo="reserved",
        )
        for code in codes
    )
    awards = Award.objects.bulk_create(
        Award(
            round=round,
            request=request,
            choice=choice,
            amount=from_cents(CENTS),
            account=accounts[publishing.account_code(request.pk)],
            origin=Award.Origin.ROUND,
            status=Award.Status.ADVANCED,
            granted_at=now,
            accept_by=timezone.localdate(),
        )
        for request, choice in zip(requests, choices, strict=True)
    )
    pay(fund, provider, treasurer, chair, bank, awards)
    return fund, provider, treasurer


def pay(
    fund: Fund,
    provider: Provider,
    treasurer: User,
    chair: User,
    bank: Account,
    awards: list[Award],
) -> None:
    """Each award's first part is paid, its rest is planned."""
    paid_from = FundIban.objects.create(
        fund=fund,
        iban=str(IBAN.generate("NL", bank_code="ABNA", account_code=f"{fund.pk:010}")),
        holder_name="Bench",
        is_main=True,
        account=bank,
    )
    batch = PaymentBatch.objects.create(
        fund=fund,
        paid_from=paid_from,
        message_id=fund.region.code,
        execution_on=timezone.localdate(),
        payments_count=len(awards),
        total_cents=len(awards) * ADVANCE,
        xml=b"<bench/>",
        xml_sha256="0" * 64,
        status=PaymentBatch.Status.APPROVED,
        made_by=treasurer,
        approved_by=chair,
        approved_at=timezone.now(),
    )
    payee = Payee.objects.create(
        fund=fund,
        provider=provider,
        iban="NL20INGB0001234567",
        holder_name="Lasschool",
        entered_by=treasurer,
        entered_at=timezone.now() - timedelta(days=2),
        verified_by=chair,
        verified_at=timezone.now() - timedelta(days=2),
        verified_how="Called",
        evidence=Payee.Evidence.CALLED,
        evidence_on=timezone.localdate(timezone.now() - timedelta(days=2)),
    )
    statement = BankStatement.objects.create(
        fund=fund,
        fund_iban=paid_from,
        statement_id="1",
        date=timezone.localdate(),
        file_name="bench.xml",
        file_sha256="0" * 64,
        key=f"{fund.pk}",
    )
    entry = BankEntry.objects.create(
        fund=fund,
        statement=statement,
        date=timezone.localdate(),
        amount_cents=-len(awards) * ADVANCE,
        key=f"{fund.pk}",
    )
    invoices = Invoice.objects.bulk_create(
        Invoice(
            award=award,
            provider=provider,
            number=f"F-{award.pk}",
            dated_on=timezone.localdate(),
            amount_cents=CENTS,
            vat_status="exempt_crkbo",
            entered_by=treasurer,
        )
        for award in awards
    )
    facts = {"payee": payee, "made_by": treasurer}
    paid = [
        Payout(
            award=invoice.award,
            kind=Payout.Kind.ADVANCE,
            invoice=invoice,
            amount_cents=ADVANCE,
            description="advance",
            status=Payout.Status.PAID,
            batch=batch,
            entry=entry,
            paid_on=timezone.localdate(),
            **facts,
        )
        for invoice in invoices
    ]
    planned = [
        Payout(
            award=invoice.award,
            kind=Payout.Kind.REST,
            invoice=invoice,
            amount_cents=CENTS - ADVANCE,
            description="rest",
            **facts,
        )
        for invoice in invoices
    ]
    for payout in Payout.objects.bulk_create(paid):
        payout.reference = f"payout:{payout.pk}:paid"
    Payout.objects.bulk_create(planned)
    ledger.post_many(
        ledger.Entry(
            debit=payout.award.account,
            credit=bank,
            amount=ADVANCE,
            reference=payout.reference,
            memo="paid",
        )
        for payout in paid
    )


class Counter:
    """Counts the queries that run while it is in force."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += 1
        return execute(*args)


def measured[T](table: Table, what: str, work: Callable[[], T]) -> T:
    counter = Counter()
    wall, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counter):
        outcome = work()
    table.add_row(
        what,
        f"{time.perf_counter() - wall:.2f}",
        f"{time.process_time() - cpu:.2f}",
        f"{counter.count:,}",
    )
    return outcome


def page(client: Client, address: str) -> None:
    answer = client.get(address, secure=True, headers={"host": "localhost"})
    if answer.status_code != 200:
        raise AssertionError(f"{address} answered {answer.status_code}")


def prepare(table: Table, count: int) -> None:
    """Put all planned payments of a fund into one file, and hold it against its schema."""
    fund, _provider, treasurer = build("batch", count)
    batch = measured(
        table,
        f"batch of {count:,} written",
        lambda: batches.prepare(fund=fund, execution_on=timezone.localdate(), actor=treasurer),
    )
    schema = (files("sepaxml") / "schemas" / f"{pain.SCHEMA}.xsd").read_bytes()
    document = etree.fromstring(bytes(batch.xml))
    etree.XMLSchema(etree.fromstring(schema)).assertValid(document)
    if len(document.findall(".//{*}CdtTrfTxInf")) != count:
        raise AssertionError("not every payment is in the file")
    client = Client()
    client.force_login(treasurer)
    measured(table, "page: the batch", lambda: page(client, f"/treasurer/batch/batches/{batch.pk}"))
    measured(table, "page: payments", lambda: page(client, "/treasurer/batch/payouts"))


def drop_out(table: Table, count: int) -> None:
    """Let a provider drop out, and look at every page that shows what came of it."""
    fund, provider, treasurer = build("dropout", count)
    client = Client()
    client.force_login(treasurer)
    look = lambda: replacing.look(fund=fund, provider=provider)  # noqa: E731
    measured(table, f"{count:,} awards: looked at first", look)
    made = measured(
        table,
        f"{count:,} awards: drop-out",
        lambda: replacing.drop_out(
            fund=fund,
            provider=provider,
            reason="Expelled from the register",
            choose_by=timezone.localdate() + timedelta(days=30),
            actor=treasurer,
        ),
    )
    for what, address in {
        "list of drop-outs": "/dropouts",
        "the group": f"/dropouts/{made.pk}",
        "recoveries": "/recoveries",
        "payments": "/payouts",
        "the desk": "",
        "books of the year": f"/books/{timezone.localdate().year}",
    }.items():
        path = f"/treasurer/dropout{address}"
        measured(table, f"page: {what}", lambda path=path: page(client, path))
    counted = (
        Replacement.objects.count(),
        Recovery.objects.filter(amount_cents=ADVANCE).count(),
        Message.objects.filter(kind="training_replacement").count(),
        Account.objects.filter(credits_cents=CENTS + ADVANCE, debits_cents=ADVANCE).count(),
        Payout.objects.filter(status=Payout.Status.WITHDRAWN).count(),
    )
    # No bank statement was read here, so the payments' own transfers are not asked for.
    looked = [outcome for outcome in checks.check_ledger() if outcome.check != "facts:payments"]
    wrong = [outcome.check for outcome in looked if not outcome.ok]
    if counted != (count,) * 5 or wrong:
        raise AssertionError(f"of {count}: {counted}; wrong: {wrong}")


def main() -> None:
    payments, awards = map(int, sys.argv[1:] or (1_000, 3_348))
    call_command("migrate", verbosity=0)
    table = Table(title=f"Payments on {connection.vendor}")
    for column in ("", "seconds", "CPU seconds", "queries"):
        table.add_column(column, justify="left" if not column else "right")
    prepare(table, payments)
    drop_out(table, awards)
    Console().print(table)


if __name__ == "__main__":
    main()
