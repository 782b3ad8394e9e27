"""Advance the clock of the sandbox: its window ends, the round is divided and published.

Every step is the one that a real board takes, by the same services; two made-up members take
them. Only the end of the window and the day of the draw are brought forward.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from allocation import rounds
from allocation.decisions import proofs
from allocation.models import Round
from allocation.rounds import tasks
from api.sandbox import magic, paying, world
from budgetpool.fund.models import Fund
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.users.models import User
from workers.models import TrainingRequest, Window

KEY: Final = "sandbox:clock"
DRAW: Final = "4 11 19 27 33 41"
REASON: Final = "The reference of this request asks for it, in the sandbox."


@task
def run(job_id: int) -> None:
    """Do what `advance` asked for."""
    with work.running(job_id) as job:
        if job:
            job.done(**publish())


def advance() -> Job:
    """Ask for the next publication; one at a time.

    Raises:
        NotReady: `no_sandbox_here`.
    """
    world.fund_of_sandbox()
    return work.ask(key=KEY, task=run)


def publish() -> dict[str, Any]:
    """Judge and pay what waits; end the window, divide, sign and publish, and open the next one.

    A window in which nobody asked stays open where something was judged or paid.

    Raises:
        NotReady: `no_sandbox_here`; `no_requests`: nothing was filed yet.
    """
    fund = world.fund_of_sandbox()
    chair, second = world.board(fund)
    judged = judge(fund)
    treasurer = User.objects.get(email=world.TREASURER)
    paid = paying.pay(fund, treasurer=treasurer, second=chair)
    window = Window.objects.select_related("fund__region").filter(fund=fund).latest("pk")
    if (judged or paid) and not window.requests.exists():
        return {"published": None, "opened": None, "judged": judged, "paid": paid}
    round = _closed(window, chair, second)
    if round.status == Round.Status.CLOSED:
        scenario = round.scenarios.order_by("-pk").first() or rounds.compute(
            round=round, name=world.NAME, member=chair
        )
        round = rounds.propose(
            round=round,
            scenario=scenario,
            motivation="This helps the most people, as far as one can say of made-up ones.",
            no_interest=True,
            member=chair,
        )
    if round.status == Round.Status.PROPOSED:
        assert round.proposal is not None
        round = rounds.sign(
            round=round, sha256=round.proposal.sha256, no_interest=True, member=second
        )
    if round.status == Round.Status.SIGNED:
        tasks.explain.call(tasks.ask_explanation(round=round, member=chair).pk)
        round = rounds.publish(round=round, member=chair)
    opened = world.open_window(fund).code
    return {"published": round.pk, "opened": opened, "judged": judged, "paid": paid}


def judge(fund: Fund) -> int:
    """The counter accepts every proof that waits; gives how many there were."""
    adviser = User.objects.get(email=world.ADVISER)
    waiting = list(proofs.waiting(fund.region))
    for proof in waiting:
        proofs.accept(proof=proof, actor=adviser)
    return len(waiting)


def _closed(window: Window, chair: User, second: User) -> Round:
    round = Round.objects.filter(window=window).first()
    if round is None:
        with transaction.atomic():
            today = timezone.localdate()
            # Whoever could still mend their request is too late now.
            yesterday = today - timedelta(days=1)
            window.requests.filter(repair_until__isnull=False).update(repair_until=yesterday)
            window.closes_at = world.moment(today) - timedelta(minutes=1)
            window.save(update_fields=["closes_at"])
            round = rounds.close(round=world.open_round(window), member=chair)
    if not round.draw_outcome:
        for member in (chair, second):
            round = rounds.record_draw(round=round, member=member, outcome=DRAW)
        for member in (chair, second):
            _adjust(round, member)
    return round


def _adjust(round: Round, member: User) -> None:
    submitted = round.window.requests.filter(status=TrainingRequest.Status.SUBMITTED)
    for prefix, kind in ((magic.GIVE, "give"), (magic.WITHHOLD, "withhold")):
        for request in submitted.filter(organisation_reference__startswith=prefix):
            rounds.adjust(round=round, request=request, kind=kind, reason=REASON, member=member)
