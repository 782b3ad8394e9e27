"""A process that has everything loaded and forks who works: `python -m tests.chaos.actors`.

It reads `KIND` from its standard input, one a line, forks a process of that kind, and prints its
number. Each of those does its work again and again until it is killed, and writes a line to the
file CHAOS_FACTS after each piece that somebody was told is done.
"""

import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, InterfaceError, connections  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from allocation import rounds  # noqa: E402
from allocation.models import Invoice, PaymentBatch, Payout, Round  # noqa: E402
from allocation.payouts import batches, planning  # noqa: E402
from allocation.rounds import national  # noqa: E402
from budgetpool.bank.importing import read_stream  # noqa: E402
from budgetpool.bank.models import BankStatement  # noqa: E402
from budgetpool.fund.models import Fund  # noqa: E402
from budgetpool.jobs import work  # noqa: E402
from budgetpool.mail import delivery  # noqa: E402
from budgetpool.refusals import Refusal  # noqa: E402
from budgetpool.register.models import Edition  # noqa: E402
from budgetpool.users.models import User  # noqa: E402
from employers.importing import import_file  # noqa: E402
from tests.bank.samples import camt, entry_xml, statement_xml  # noqa: E402
from tests.cast import make_worker, signed_in  # noqa: E402
from tests.chaos import world  # noqa: E402
from workers import requests  # noqa: E402
from workers.models import Window  # noqa: E402

DEPOSIT_CENTS = 1_000


def tell(*words):
    """One whole line, whoever writes at the same time."""
    line = " ".join(map(str, words)) + "\n"
    with Path(os.environ["CHAOS_FACTS"]).open("ab", buffering=0) as facts:
        facts.write(line.encode())


def idle(kind):
    """There is nothing left to do just now."""
    tell("idle", kind)
    time.sleep(1)


def filing():
    """A new person files a request through the pages; told when they are led to the receipt."""
    window = Window.objects.get(fund__region__name=world.FILING)
    edition = Edition.objects.get(seats=10_000)
    worker = make_worker(f"Filer {os.getpid()} {time.monotonic_ns()}", window.fund)
    request = requests.draft(actor=worker.user, worker=worker, window=window)
    requests.choose(actor=worker.user, request=request, training=edition.training, edition=edition)
    tell("draft", request.pk)
    answer = signed_in(worker.user).post(
        reverse("apply:summary", args=[request.pk]), {"consent": "on"}
    )
    if answer.status_code == 503:
        raise DatabaseError("asked to come back")
    assert answer.status_code == 302, answer.content
    tell("filed", request.pk)


def matching():
    """The next statement comes from the bank, with one deposit."""
    fund = Fund.objects.get(region__name=world.FILING)
    number = BankStatement.objects.filter(fund=fund).count() + 1
    opening, closing = ((number + step) * DEPOSIT_CENTS / 100 for step in (-1, 0))
    text = statement_xml(
        entry_xml(f"{DEPOSIT_CENTS / 100:.2f}", bank_reference=f"B{number}", date="2026-01-05"),
        id=f"S-{number}",
        iban=world.OTHER_IBAN,
        opening=f"{opening:.2f}",
        closing=f"{closing:.2f}",
        day="2026-01-05",
    )
    import_file(source=read_stream(camt(text), name=f"{number}.xml"), fund=fund, by=None)
    tell("imported", number)


def publication():
    """A signed round is published."""
    signed = Round.objects.filter(status=Round.Status.SIGNED).first()
    if signed is None:
        idle("publication")
        return
    rounds.publish(round=signed, member=User.objects.get(name=f"Chair {signed.fund.region.code}"))
    tell("published", signed.pk)


def payout():
    """One more invoice is planned; what is planned goes into a file, and a second approves it."""
    treasurer = User.objects.get(name="Paying Treasurer")
    fund = Fund.objects.get(region__name=world.PAYING)
    waiting = PaymentBatch.objects.filter(status=PaymentBatch.Status.PREPARED).first()
    if waiting is None:
        invoice = Invoice.objects.exclude(payouts__isnull=False).first()
        if invoice is None and not Payout.objects.filter(status="planned").exists():
            idle("payout")
            return
        if invoice is not None:
            planned = planning.advance(invoice=invoice, actor=treasurer)
            tell("planned", planned.pk)
        waiting = batches.prepare(fund=fund, execution_on=timezone.localdate(), actor=treasurer)
    second = User.objects.get(name="Second Treasurer")
    batches.approve(batch=waiting, sha256=waiting.xml_sha256, actor=second)
    tell("approved", waiting.pk)


def messages():
    """What waits leaves."""
    sent, _ = delivery.send_due(limit=5)
    if sent:
        tell("sent", sent)
    else:
        idle("messages")


def done_and_told(self, **result):
    done(self, **result)
    tell("worked", self.row.pk)


done = work.RunningJob.done
work.RunningJob.done = done_and_told


def working():
    """A worker divides the rounds that wait, with a solver of its own."""
    national.ask(national.ready(["2027-1"]), name="Landelijk")
    with suppress(SystemExit):  # the worker ends itself when nothing waits
        call_command("work", until_done=True)
    idle("working")


KINDS = {each.__name__: each for each in (filing, matching, publication, payout, messages, working)}


def go_on(kind):
    """Work until somebody kills us; a database that is away is waited for, as people would."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()
    while True:
        try:
            KINDS[kind]()
        except (DatabaseError, InterfaceError, OSError) as error:
            tell("away", kind, type(error).__name__)
            connections.close_all()
            time.sleep(0.2)
        except Refusal as refusal:
            # Another of the same kind was first: what was done is done, and nothing twice.
            tell("refused", kind, refusal.code)


def main():
    assert not settings.DEBUG
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        words = line.split()
        pid = os.fork()
        if pid == 0:
            os.close(0)
            os.dup2(2, 1)
            try:
                if words[0] == "build":
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    world.build(**{n: int(v) for n, v in (w.split("=") for w in words[1:])})
                    tell("built", 1)
                elif words[0] == "call":
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    call_command(*words[1:])
                    tell("called", words[1])
                else:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    go_on(words[0])
            except BaseException:
                traceback.print_exc()
                tell("traceback", words[0])
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
