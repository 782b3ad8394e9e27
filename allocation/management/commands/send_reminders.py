"""Queue what people must not forget, from drafts to follow-ups. Run it every night."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from allocation.lives import AWARD
from allocation.models import Award
from allocation.payouts import unasked
from allocation.rules import courses
from budgetpool.mail import outbox
from budgetpool.register.models import Edition
from workers import follow_ups, letters, reminders

ANSWER_DAYS_BEFORE = 5
START_DAYS_AFTER = 3


class Command(BaseCommand):
    help = "Queue the reminders that are due; each is sent once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        told = {
            "drafts": reminders.remind_of_drafts(),
            "help": reminders.offer_help(),
            "answers": self._answers(),
            "starts": self._starts(),
            "proofs": self._proofs(),
            "follow_ups": self._follow_ups(),
            "reflections": reminders.ask_for_the_month(),
            "unasked": unasked.tell_all(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, count in told.items():
            self.stdout.write(f"{name}: {count}")

    def _answers(self) -> int:
        """Awards without an answer, some days before the last day."""
        today = timezone.localdate()
        late = self._awards(
            status=Award.Status.GRANTED,
            accept_by__gte=today,
            accept_by__lte=today + timedelta(days=ANSWER_DAYS_BEFORE),
        )
        for award in late:
            self._queue(award, "answer", "award_accept_reminder")
        return len(late)

    def _starts(self) -> int:
        """Trainings that should have begun some days ago, and nobody said that they did."""
        day = timezone.localdate() - timedelta(days=START_DAYS_AFTER)
        begun = self._awards(
            status__in=AWARD.before("start"),
            started_on__isnull=True,
            edition_now__in=Edition.objects.filter(starts_on__lte=day).values("pk"),
        ).exclude(request__documents__purpose="proof")
        for award in begun:
            self._queue(award, "start", "start_reminder")
        return len(begun)

    def _proofs(self) -> int:
        """Trainings that ended at least two weeks ago, without a proof."""
        day = timezone.localdate() - timedelta(days=14)
        ended = self._awards(
            status__in=[Award.Status.ACCEPTED, Award.Status.ADVANCED],
            edition_now__in=Edition.objects.filter(ends_on__lte=day).values("pk"),
        ).exclude(request__documents__purpose="proof")
        for award in ended:
            self._queue(award, "proof", "proof_reminder")
        return len(ended)

    def _follow_ups(self) -> int:
        """Plan the three questions after each training that was completed; queue what is due."""
        done = self._awards(completed_at__isnull=False, request__follow_ups__isnull=True)
        for award in done:
            assert award.completed_at is not None
            follow_ups.plan(
                request=award.request, finished_on=timezone.localdate(award.completed_at)
            )
        return follow_ups.send_due()

    @staticmethod
    def _awards(**conditions: Any) -> Any:
        return (
            courses.now(Award.objects.filter(request__worker__erased_at__isnull=True))
            .filter(**conditions)
            .select_related("choice__training", "request__worker__user", "request__window__fund")
        )

    @staticmethod
    def _queue(award: Award, what: str, kind: str) -> None:
        outbox.queue(
            key=f"award:{award.pk}:remind-{what}",
            kind=kind,
            to=letters.address(award.request.worker),
            params={
                **letters.params(award.request),
                "training": title(award),
                "accept_by": award.accept_by.isoformat(),
            },
        )


def title(award: Award) -> str:
    """The training that the award is for now."""
    training, _edition = courses.of(award)
    return training.title if training else award.choice.title
