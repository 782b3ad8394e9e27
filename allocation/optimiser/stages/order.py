"""The five stages, strictly in their order; each keeps what the earlier ones reached.

1. Floors in the policy's order (floors.py), then give-back by leximin (give_back.py).
2. Coverage: the leximin-best vector of shares (coverage.py).
   Where a division before counts: who is unchanged (unchanged.py).
3. Value (value.py).  4. People (people.py).
5. Lots between equally good divisions (by_lot.py); inside the classes they are dealt afterwards
   (results/lots.py).

It would be slow to solve each stage in whole awards and chain the results. Instead every goal is
first taken as reachable, at a price for missing it that is higher than any worth; when the whole
solution then reaches all of them, the order of the stages is proven by that result. Only when a
goal is missed is its stage solved on its own, and what it reached is kept instead.
"""

from dataclasses import dataclass

from allocation.optimiser.backend import Backend
from allocation.optimiser.explanation import envy
from allocation.optimiser.model.arrays import Integers, Model
from allocation.optimiser.records import Outcome, published, published_level
from allocation.optimiser.stages import odds
from allocation.optimiser.stages.by_lot import ByLot
from allocation.optimiser.stages.coverage import Levels
from allocation.optimiser.stages.floors import Floors
from allocation.optimiser.stages.give_back import GiveBack
from allocation.optimiser.stages.people import People
from allocation.optimiser.stages.run import Keep, Missed, Report, Run, by_name
from allocation.optimiser.stages.unchanged import UNCHANGED, Unchanged
from allocation.optimiser.stages.value import Value


def solve(model: Model, backend: Backend, report: Report, lots: Integers | None = None) -> Outcome:
    """Run all stages.

    Args:
        lots: draws of the lots (draws x workers) over which to count who is served.

    Raises:
        StoppedEarly: a limit of time or memory, or a gap that stayed above the tolerance.
    """
    run = Run(model, backend, report)
    found = until_value(run)
    floors, back, levels, worth = found.floors, found.back, found.levels, found.worth
    keep = found.keep
    steady = Unchanged(run)
    if UNCHANGED in run.required:
        steady.find(keep, worth, levels.hint)
    people = People(run, worth)
    best = people.find(keep)
    final, settled_by = ByLot(run, worth, people).find(keep, best)
    served = None if lots is None else odds.over(lots, run, worth, people, keep, best)
    worth.prove()
    people.prove()
    back_reached = back.reached(final.x)
    written = [
        floors.written(),
        back.written(final.x),
        levels.written(final.x, back_reached=back_reached),
        steady.written(keep, final),
    ]
    records = [*(r for part, _ in written for r in part), worth.record, people.record]
    entries = [*(e for _, part in written for e in part), worth.entry, people.entry]
    proven = {entry["stage"]: entry["bound"] for entry in entries if "level" not in entry}
    shares = {entry["stage"]: entry["level"] for entry in entries if "level" in entry}
    for goal, required in {**run.floors(), **steady.required}.items():
        proven[goal] = min(proven[goal], required)
    return Outcome(
        x=final.x,
        records=[
            published(record, proven[record.name])
            if record.name in proven
            else published_level(record, *shares[record.name])
            for record in records
        ],
        entries=entries,
        targets=levels.targets,
        causes=floors.causes | back.causes(final.x),
        prices=by_name(worth.made, worth.relaxation.prices),
        envy=envy.awards(model, final.x, keep.promises()),
        lots=settled_by,
        served=served,
        give_back_awards=back.awards_below if back.sizes else None,
        people_short=keep.short,
        unchanged=steady.reached,
    )


@dataclass(frozen=True)
class UntilValue:
    """Stages 1 to 3 as they were run, and what is kept."""

    floors: Floors
    back: GiveBack
    levels: Levels
    worth: Value
    keep: Keep


def until_value(run: Run) -> UntilValue:
    """Run stages 1 to 3.

    Raises:
        StoppedEarly: a limit of time or memory, or a gap that stayed above the tolerance.
    """
    floors, back, levels, worth = Floors(run), GiveBack(run), Levels(run), Value(run)
    keep = Keep(floors=run.floors())
    try:
        back.assume(keep)
        levels.find(keep, certain=False)
        if not levels.found:
            back.confirm(keep)
        worth.find(keep, levels.hint)
    except Missed:
        keep = floors.keep()
        back.find(keep)
        levels.find(keep, certain=True)
        _within_promises(back, levels, worth, floors, keep)
    return UntilValue(floors, back, levels, worth, keep)


def _within_promises(
    back: GiveBack, levels: Levels, worth: Value, floors: Floors, keep: Keep
) -> None:
    """The value stage, where whole awards may not reach what fractions of awards can."""
    try:
        worth.find(keep, levels.hint)
        return
    except Missed:
        further = back.widen(keep)
    if further:
        try:
            worth.find(keep, levels.hint)
            return
        except Missed:
            pass
    worth.find(keep, levels.hint, levels.give_way(keep, floors))
