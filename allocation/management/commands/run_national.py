"""`manage.py run_national ROUNDS`: divide the rounds of all regions over all workers."""

import json
import time
from typing import Any, Final

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from allocation.rounds import national
from budgetpool.jobs.models import Job
from budgetpool.refusals import NotReady

LOOK_SECONDS: Final = 0.5
OVER: Final = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)


class Command(BaseCommand):
    help = (
        "Divides, verifies and records every closed and drawn round with one of these names, in "
        "all regions, over all workers; shows how far it is. May be stopped and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rounds", nargs="+", help="names of rounds, such as 2027-1")
        parser.add_argument(
            "--name", default="Landelijke ronde", help="of the scenario (default: %(default)s)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say which rounds")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = national.ready(options["rounds"])
        if not rounds:
            raise CommandError("No closed and drawn round has such a name.", returncode=2)
        if options["dry_run"]:
            self.stdout.write("\n".join(str(round) for round in rounds))
            return
        started = time.monotonic()
        try:
            asked = national.ask(rounds, name=options["name"])
        except NotReady as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        states = self._wait(asked, quiet=options["json"])
        missing = national.unverified(asked, name=options["name"])
        told = {
            "rounds": len(asked),
            "verified": len(asked) - len(missing),
            "missing": [str(round) for round in missing],
            "states": {state: number for state, number in sorted(states.items()) if number},
            "seconds": round(time.monotonic() - started, 1),
        }
        self.stdout.write(json.dumps(told) if options["json"] else _sentence(told))
        if missing:
            raise CommandError(f"{len(missing)} rounds have no verified division.")

    def _wait(self, asked: list[national.Regional], *, quiet: bool) -> dict[str, int]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        console = Console(stderr=True, quiet=quiet)
        with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
            bar = progress.add_task("Rounds", total=len(asked))
            while True:
                states = national.states(asked)
                over = sum(states[state] for state in OVER)
                progress.update(
                    bar, completed=over, description=f"Rounds ({states[Job.State.RUNNING]} busy)"
                )
                if over == len(asked):
                    return states
                time.sleep(LOOK_SECONDS)


def _sentence(told: dict[str, Any]) -> str:
    lines = [f"{told['verified']} of {told['rounds']} rounds verified in {told['seconds']} s."]
    return "\n".join([*lines, *(f"not verified: {one}" for one in told["missing"])])
