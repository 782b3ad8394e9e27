"""manage.py anonymity ROUND: how well people are hidden in what a round publishes."""

import json
from dataclasses import asdict
from typing import Any

import pandas as pd
from django.core.management.base import BaseCommand, CommandError, CommandParser

from allocation.decisions import coarse, coarse_files, published
from allocation.decisions.published import ABOUT_PEOPLE, LEAST
from allocation.models import Round
from allocation.optimiser import Policy
from allocation.rounds import snapshot


class Command(BaseCommand):
    """Exit 0: what everybody may have hides everybody; 1: it does not."""

    help = "Measure k-anonymity and l-diversity of a round: frozen, exact, and as published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("round", help="the round's code, such as 2027-1")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        shown = Round.objects.filter(code=options["round"], proposal__isnull=False).first()
        if shown is None or shown.proposal is None:
            raise CommandError("There is no such round with an outcome.")
        rule = Policy.from_dict(json.loads(shown.proposal.policy_text))
        frozen = snapshot.read(shown.snapshot, rule)
        awarded = published.awarded_lines(shown.proposal.decisions_csv)
        exact = published.input_of(frozen)
        training = ("training_id", "amount_cents")
        groups = coarse_files.groups_of(exact, awarded)
        found = {
            "frozen": published.anonymity(frozen.requests, awarded, ABOUT_PEOPLE),
            "for_the_auditor": published.anonymity(
                exact.requests, awarded, (*ABOUT_PEOPLE, *training)
            ),
            "published": published.anonymity(*_as_published(groups)),
        }
        if options["json"]:
            self.stdout.write(json.dumps({name: asdict(one) for name, one in found.items()}))
        else:
            for name, one in found.items():
                self.stdout.write(
                    f"{name}: by {', '.join(one.columns) or 'nothing'}: k = {one.k}, "
                    f"{one.unique_percent} % unique, {one.below_percent} % in groups under "
                    f"{LEAST}, {one.one_outcome} groups with one outcome"
                )
        if groups and not found["published"].holds:
            raise SystemExit(1)


def _as_published(groups: list[coarse.Group]) -> tuple[pd.DataFrame, set[str], tuple[str, ...]]:
    """The coarse lines as a frame like that of requests, to be measured by the same measure."""
    rows = [
        {"request_id": person.worker_id, "worker_id": person.worker_id, "choice": 1, **words}
        for group in groups
        for words in [coarse.words_of(group)]
        for person in group
    ]
    awarded = {one.worker_id for group in groups for one in group if one.awarded}
    columns = tuple(coarse.words_of(groups[0])) if groups else ()
    frame = pd.DataFrame(rows, columns=["request_id", "worker_id", "choice", *columns])
    return frame, awarded, columns
