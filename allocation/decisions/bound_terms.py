"""What each group of lines adds to the bounds of a certificate, so that the sums can be checked.

A bound is a sum: what the limits cost, and per person the most that their choices are still worth
(docs/certificate.md). Published per group of at least ten people, these terms let anybody add up
each bound again without seeing a person.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocation.decisions.coarse import Group
from budgetpool import lazily

if TYPE_CHECKING:
    from allocation.optimiser.verify import bounds, files, round
else:
    bounds = lazily.module("allocation.optimiser.verify.bounds")
    files = lazily.module("allocation.optimiser.verify.files")
    round = lazily.module("allocation.optimiser.verify.round")


def summed(stage: dict[str, Any]) -> bool:
    """Whether a stage of a certificate is proven by multipliers that count something."""
    return bool(stage["objective"])


def terms(
    texts: dict[str, str], stages: list[dict[str, Any]], groups: list[Group]
) -> list[tuple[str, str, int]]:
    """Stage, group (its number, or `board` for what the board gave) and term, in whole numbers.

    Args:
        texts: the files of the exact input and outcome, by their path.
    """
    round_ = _round(texts)
    bounder = bounds.Bounder(round_)
    group_of = {person.worker_id: number for number, group in enumerate(groups) for person in group}
    ways_of: list[list[Any]] = [[] for _ in groups]
    for way in bounder.whole.ways:
        ways_of[group_of[round_.workers[way[0]]]].append(way)
    found = []
    for stage in filter(summed, stages):
        weights = bounds.Weights(
            stage["objective"],
            stage["multipliers"],
            stage["kept"],
            stage["constant"],
            fractions="level" in stage,
        )
        # Without units nothing is rounded: a bound that is a little looser, and needs no lines.
        nobody = bounder.numerator(weights, replace(bounder.whole, ways=[], units={}))
        plain = replace(
            bounder.whole, ways=[], units={}, used={}, base={}, paid=[0] * len(round_.pool_sets)
        )
        found.append((stage["stage"], "board", nobody - bounder.numerator(weights, plain)))
        for number, ways in enumerate(ways_of):
            part = replace(bounder.whole, ways=ways, units={})
            found.append(
                (stage["stage"], str(number + 1), bounder.numerator(weights, part) - nobody)
            )
    return found


def _round(texts: dict[str, str]) -> Any:
    with tempfile.TemporaryDirectory(prefix="budgetpool-") as name:
        for path, text in texts.items():
            target = Path(name) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return round.Round(files.read(Path(name) / "input", Path(name) / "outcome"))
