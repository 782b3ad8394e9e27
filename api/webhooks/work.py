"""The work behind webhooks, by the queue: number what is new of a partner, and send what is due."""

from django.tasks import task

from api.models import Endpoint, Event
from api.webhooks import numbering, sending
from budgetpool.jobs import work


@task
def deliver(job_id: int) -> None:
    """Number and send what is new of the partner in the job's arguments."""
    with work.running(job_id) as job:
        if job:
            arrived, missed = turn(job.arguments["partner_id"])
            job.done(arrived=arrived, missed=missed)


def wake(partner_id: int) -> None:
    """Ask for a turn. One that runs already may have looked before this event: ask for another."""
    newest = Event.objects.filter(partner=partner_id).order_by("-pk").values_list("pk", flat=True)
    work.ask(key=f"webhooks:{partner_id}:{newest[0]}", task=deliver, partner_id=partner_id)


def turn(partner_id: int) -> tuple[int, int]:
    """Number what is new of one partner, and send all that is due to it."""
    while numbering.number(partner_id):
        pass
    arrived = missed = 0
    for endpoint in Endpoint.objects.filter(partner=partner_id, ended_at__isnull=True):
        came, not_yet = sending.send_due(endpoint=endpoint)
        arrived, missed = arrived + came, missed + not_yet
    return arrived, missed


def sweep(*, limit: int = 1000) -> tuple[int, int]:
    """What a timer does: what a lost worker left, and what is to be tried again now."""
    left = Event.objects.filter(sequence__isnull=True).values_list("partner", flat=True)
    for partner_id in set(left):
        while numbering.number(partner_id):
            pass
    return sending.send_due(limit=limit)
