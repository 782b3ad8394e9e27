"""Web, worker, solver, sender and database killed at random while people file, statements come,
rounds are published and divided, and payments are made: nothing is lost and nothing comes twice.

    CHAOS_KILLS=1000 python -m pytest -m slow tests/chaos -s

After each kill the same work goes on within 45 seconds. What people were told is done is there
afterwards, the books balance, and every file for the bank names each payment once.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.installation import ROOT, Actors, Server, children_of, is_alive

KILLS = int(os.environ.get("CHAOS_KILLS", "1000"))
RECOVERY_SECONDS = 45
# Who works all the time; a solver is a child of who divides, a database serves all of them.
CREW = ("filing", "filing", "matching", "publication", "payout", "messages", "working")
DONE = {
    "filing": "filed",
    "matching": "imported",
    "publication": "published",
    "payout": "approved",
    "messages": "sent",
    "working": "worked",
}
SHOW = """
import json
import django
django.setup()
from collections import Counter
from allocation.models import Award, Decision, PaymentBatch, Payout, Round, Scenario
from budgetpool.bank.models import BankEntry, BankStatement
from budgetpool.jobs.models import Job
from budgetpool.mail.models import Message
from workers.models import TrainingRequest
keys = lambda rows, name="pk": list(rows.values_list(name, flat=True))
print(json.dumps({
    "submitted": keys(TrainingRequest.objects.filter(status="submitted")),
    "drafts": keys(TrainingRequest.objects.filter(status="draft")),
    "published": keys(Round.objects.filter(status="published")),
    "signed": Round.objects.filter(status="signed").count(),
    "decisions": [[r.pk, r.decisions.count(), r.window.requests.count(), r.awards.count()]
                  for r in Round.objects.filter(status__in=["signed", "published"])],
    "statements": BankStatement.objects.count(), "entries": BankEntry.objects.count(),
    "approved": keys(PaymentBatch.objects.filter(status="approved")),
    "payouts": list(Payout.objects.values_list("pk", "invoice", "status", "batch")),
    "files": [bytes(b.xml).decode() for b in PaymentBatch.objects.all()],
    "messages": Counter(Message.objects.values_list("state", flat=True)),
    "keys": [[m.pk, m.key] for m in Message.objects.all()],
    "divided": keys(Scenario.objects.filter(name="Landelijk", verified=True), "round"),
    "jobs": Counter(Job.objects.values_list("state", flat=True)),
}))
"""


class Campaign:
    """Kills one after the other, and writes down how long each kind of work stood still."""

    def __init__(self, actors, seed, server=None):
        self.actors, self.chance, self.server = actors, random.Random(seed), server
        self.killed, self.longest = Counter(), {}
        self.waits_since = {}

    def run(self, kills):
        for kind in CREW:
            self.actors.start(kind)
        while sum(self.killed.values()) < kills:
            before = self.pieces()
            time.sleep(self.chance.uniform(0.01, 0.25))
            until = time.monotonic() + 2
            # The next falls into work, not into the start of a process.
            while self.pieces() == before and time.monotonic() < until:
                time.sleep(0.01)
            self.note_recoveries()
            self.kill_one()
            self.start_those_who_ended()
        self.settle()

    def kill_one(self):
        kind = self.chance.choice([*CREW, "solver", "solver", "database"])
        if kind == "database":
            if self.server is None or self.killed["database"] * 15 > sum(self.killed.values()):
                return
            done = self.server.kill_one(self.chance)
            concerned = set(DONE)
        elif kind == "solver":
            done, concerned = self.kill_solver(), {"working"}
        else:
            pids = [pid for pid, each in self.actors.alive.items() if each == kind]
            done, concerned = bool(pids), {kind}
            if pids:
                self.actors.kill(self.chance.choice(pids))
        if done:
            self.killed[kind] += 1
            now = time.monotonic()
            for each in concerned:
                self.waits_since.setdefault(each, (now, self.count(each)))

    def kill_solver(self):
        workers = [pid for pid, each in self.actors.alive.items() if each == "working"]
        solvers = [child for pid in workers for child in children_of(pid)]
        for pid in solvers:
            self.actors.kill(pid)
        return bool(solvers)

    def start_those_who_ended(self):
        for pid, _kind in list(self.actors.alive.items()):
            if not is_alive(pid):
                del self.actors.alive[pid]
        wanted = Counter(CREW) - Counter(self.actors.alive.values())
        for kind in wanted.elements():
            self.actors.start(kind)

    def pieces(self):
        return sum(not line.startswith("idle") for line in self.actors.told())

    def count(self, kind):
        well = (DONE[kind], f"idle {kind}")
        return sum(line.startswith(well) for line in self.actors.told())

    def note_recoveries(self):
        """Whether who was killed did something since; messages and rounds may be used up."""
        for kind, (since, before) in list(self.waits_since.items()):
            if self.count(kind) > before:
                self.longest[kind] = max(self.longest.get(kind, 0), time.monotonic() - since)
                del self.waits_since[kind]

    def settle(self):
        """Nobody is killed any more: what was begun is finished."""
        end = time.monotonic() + RECOVERY_SECONDS
        while self.waits_since and time.monotonic() < end:
            time.sleep(0.2)
            self.note_recoveries()
            self.start_those_who_ended()
        for pid in list(self.actors.alive):
            self.actors.kill(pid)


def manage(environment, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def check(actors, url, campaign, tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
        "TEST_DATABASE_URL": url,
        "BUDGETPOOL_VAR": str(tmp_path / "var"),
    }
    shown = json.loads(manage(environment, "-c", SHOW))
    told = [line.split() for line in actors.told()]
    confirmed = {kind: {int(n) for word, n, *_ in told if word == kind} for kind in
                 ("filed", "draft", "published", "approved", "imported", "planned")}  # fmt: skip

    # Requests: what somebody saw a receipt of is there, once; a draft is a draft or was sent.
    there = set(shown["submitted"])
    assert confirmed["filed"] <= there
    assert confirmed["draft"] <= there | set(shown["drafts"])
    # Publication: all of a round or nothing.
    assert confirmed["published"] <= set(shown["published"])
    for pk, decisions, asked, awards in shown["decisions"]:
        whole = pk in shown["published"]
        assert (decisions, awards) == ((asked, asked // 2) if whole else (0, 0))
    # Statements: each whole, in order, once.
    assert shown["statements"] == shown["entries"]
    assert max(confirmed["imported"], default=0) <= shown["statements"]
    # Payments: one for each invoice, each in one file, each file approved names it once.
    assert confirmed["approved"] <= set(shown["approved"])
    assert confirmed["planned"] <= {pk for pk, *_ in shown["payouts"]}
    per_invoice = Counter(invoice for _, invoice, _, _ in shown["payouts"])
    assert max(per_invoice.values(), default=1) == 1
    ends = Counter(
        end for file in shown["files"] for end in re.findall(r"<EndToEndId>(.*?)<", file)
    )
    assert max(ends.values(), default=1) == 1
    assert len(ends) == sum(batch is not None for *_, batch in shown["payouts"])
    # Messages: one row for each fact, and a repeat only of what a killed sender held.
    keys = Counter(key for _, key in shown["keys"])
    assert max(keys.values(), default=1) == 1
    mails = Counter(ids(tmp_path / "var" / "mail"))
    senders = campaign.killed["messages"] + campaign.killed["database"]
    repeated = sum(count - 1 for count in mails.values())
    assert repeated <= senders, (repeated, senders)
    # Rounds: each divided once.
    assert len(set(shown["divided"])) == len(shown["divided"])
    books = json.loads(manage(environment, "manage.py", "check_ledger", "--json"))
    assert books["ok"], books
    assert not [line for line in told if line[0] == "traceback"]
    print(
        f"\n{sum(campaign.killed.values())} kills {dict(campaign.killed)};",
        f"filed {len(confirmed['filed'])}, statements {shown['statements']},",
        f"published {len(shown['published'])}, files to the bank {len(shown['approved'])},",
        f"e-mails {len(mails)} of which {repeated} twice, divided {len(shown['divided'])};",
        "longest until the same work went on:",
        {kind: round(seconds, 1) for kind, seconds in sorted(campaign.longest.items())},
    )
    slow = {kind: s for kind, s in campaign.longest.items() if s > RECOVERY_SECONDS}
    assert not slow
    assert all((confirmed["filed"], confirmed["published"], confirmed["approved"]))


def ids(folder: Path):
    """The Message-ID of each e-mail that left; each file holds one connection's messages."""
    for file in folder.glob("*.log"):
        for text in file.read_text(errors="replace").split("-" * 79):
            if found := re.search(r"^Message-ID: (.*)$", text, re.MULTILINE):
                yield found[1]


SIZES = [
    pytest.param(25, {"signed": 3, "waiting": 2, "invoices_to_pay": 15}, id="small"),
    pytest.param(
        KILLS,
        {"signed": KILLS // 25, "waiting": KILLS // 40, "invoices_to_pay": KILLS // 2},
        id="big",
        marks=pytest.mark.slow,
    ),
]


def campaign_on(url, tmp_path, kills, sizes, server=None):
    actors = Actors(tmp_path, url)
    try:
        actors.run("build " + " ".join(f"{name}={size}" for name, size in sizes.items()))
        campaign = Campaign(actors, seed=kills, server=server)
        campaign.run(kills)
        check(actors, url, campaign, tmp_path)
    finally:
        actors.close()


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.parametrize(("kills", "sizes"), SIZES)
def test_killed_at_random_on_sqlite(tmp_path, migrated_file, kills, sizes):
    shutil.copyfile(migrated_file, tmp_path / "chaos.sqlite3")
    campaign_on(f"sqlite:///{tmp_path / 'chaos.sqlite3'}", tmp_path, kills, sizes)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(("kills", "sizes"), SIZES)
def test_killed_at_random_on_postgresql(own_database, tmp_path, kills, sizes):
    folder = Path("/tmp") / f"chaos-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    server = Server(folder)
    try:
        server.copy_of(own_database)
        campaign_on(server.url, tmp_path, kills, sizes, server)
    finally:
        server.stop()
        shutil.rmtree(folder)
