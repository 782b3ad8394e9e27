"""`manage.py simulate`: try a policy over many synthetic rounds and years."""

import re
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import translation

from allocation.laboratory import files, run
from allocation.laboratory.plan import POINTS, Plan, rules_of
from allocation.models import Policy
from allocation.optimiser.errors import Fault, InvalidInput, StoppedEarly
from budgetpool.portals.board import laboratory
from budgetpool.portals.components import charts

UNREADABLE, STOPPED = 2, 3
SAY_SECONDS: Final = 5
SEEDS: Final = re.compile(r"(\d{1,10})(?:-(\d{1,10}))?")
MOST_OF_A_RANGE: Final = 1_000


class Command(BaseCommand):
    """Write results.csv, waits.csv, runs.csv, summary.json, plan.json, README.txt and a picture."""

    help = "Simulate a policy over many synthetic rounds, beside the old rules; no database needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        rule = parser.add_mutually_exclusive_group(required=True)
        rule.add_argument("--policy", type=Path, help="a file like policy.toml")
        rule.add_argument("--stored", type=int, help="the number of a policy in the database")
        rule.add_argument("--plan", type=Path, help="the plan.json of a run before")
        parser.add_argument("--out", type=Path, required=True, help="a new or empty folder")
        parser.add_argument("--requests", type=int, default=1_500, help="per round (%(default)s)")
        parser.add_argument("--rounds", type=int, default=2, help="per year (%(default)s)")
        parser.add_argument("--years", type=int, default=2, help="(%(default)s)")
        parser.add_argument(
            "--seeds", nargs="+", default=["1-20"], help="numbers, or from-to (%(default)s)"
        )
        parser.add_argument("--cents-per-request", type=int, help="the ceiling for each request")
        parser.add_argument("--points", choices=POINTS, default=POINTS[0], help="what weighs")
        parser.add_argument("--processes", type=int, help="how many at once (one per core)")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            plan = _plan(options)
            files.refuse_unusable(options["out"])
            self.stdout.write(
                f"{plan.rounds_total} rounds of {plan.requests} requests, each divided by every "
                "rule, with and without providers that game."
            )
            found = run.simulate(
                plan, processes=options["processes"], progress=_Lines(self.stdout.write)
            )
        except InvalidInput as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise SystemExit(UNREADABLE) from None
        except StoppedEarly as error:
            self.stderr.write(f"stopped early: {error.reason} {error.progress or ''}")
            raise SystemExit(STOPPED) from None
        summary = files.write(options["out"], plan, found)
        with translation.override("en"):
            chart = laboratory.low_educated(summary)
        (options["out"] / "picture.svg").write_text(charts.standalone(chart), encoding="utf-8")
        self.stdout.write(
            f"{options['out']}: {plan.rounds_total} rounds in {time.monotonic() - started:.0f} s."
        )


class _Lines:
    """A line of progress every few seconds."""

    def __init__(self, say: Any) -> None:
        self.say, self.at = say, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if done == total or time.monotonic() - self.at >= SAY_SECONDS:
            self.at = time.monotonic()
            self.say(f"{done} of {total} divisions")


def _plan(options: dict[str, Any]) -> Plan:
    if options["plan"]:
        return files.plan_of(options["plan"])
    sizes = {name: options[name] for name in ("requests", "rounds", "years", "points")}
    if options["cents_per_request"] is not None:
        sizes["cents_per_request"] = options["cents_per_request"]
    return Plan.of(rules=_rules(options), seeds=_seeds(options["seeds"]), **sizes)


def _rules(options: dict[str, Any]) -> dict[str, Any]:
    if options["policy"]:
        return rules_of(options["policy"])
    stored = Policy.objects.filter(pk=options["stored"]).first()
    if stored is None:
        known = ", ".join(f"{row.pk} ({row})" for row in Policy.objects.order_by("pk")) or "none"
        remedy = f"Give the number of one of these: {known}."
        params = {"number": str(options["stored"])}
        raise InvalidInput(Fault("unknown_policy", "database", remedy, params=params))
    rules: dict[str, Any] = stored.rules
    return rules


def _seeds(words: list[str]) -> list[int]:
    seeds: list[int] = []
    for word in words:
        match = SEEDS.fullmatch(word)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < first + MOST_OF_A_RANGE:
            remedy = f"Give whole numbers, or from-to of at most {MOST_OF_A_RANGE}, such as 1-20."
            raise InvalidInput(Fault("not_a_seed", "plan", remedy, params={"value": word}))
        seeds += range(first, last + 1)
    return seeds
