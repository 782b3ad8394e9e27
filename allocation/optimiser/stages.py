"""The five stages, strictly in their order; each keeps what the earlier ones reached.

1. Floors in the policy's order, then give-back: least shortfall (promises.py).
2. Coverage: the leximin-best vector of shares (coverage.py).
3. Value (worth.py).  4. People (people.py).
5. Lots: a rule, applied afterwards inside the classes (lots.py).

It would be slow to solve each stage in whole awards and chain the results. Instead every goal is
first taken as reachable, at a price for missing it that is higher than any worth; when the whole
solution then reaches all of them, the order of the stages is proven by that result. Only when a
goal is missed is its stage solved on its own, and what it reached is kept instead.
"""

import time

from . import envy
from .core import Backend
from .course import Course, Keep, Missed, Report, by_name
from .coverage import Levels
from .model import Model
from .people import People
from .promises import Promises
from .records import Outcome
from .records import Stage as Record
from .search import Whole
from .worth import Worth


def solve(model: Model, backend: Backend, report: Report) -> Outcome:
    """Run all stages.

    Raises:
        StoppedEarly: a limit of time or memory, or a gap that stayed above the tolerance.
    """
    course = Course(model, backend, report)
    promises, levels, worth = Promises(course), Levels(course), Worth(course)
    keep, short = Keep(floors=dict(course.required)), None
    try:
        levels.find(keep, certain=False)
        worth.find(keep, levels.hint)
    except Missed:
        keep = promises.keep()
        levels.find(keep, certain=True)
        try:
            worth.find(keep, levels.hint)
        except Missed:
            short, fewest = _people_short(course, promises, levels, keep)
            worth.find(keep, levels.hint, fewest)
    people = People(course, worth)
    final = people.find(keep)
    records, entries = promises.written()
    records += [record for record, _ in levels.written] + ([short] if short else [])
    entries += [entry for _, entry in levels.written]
    return Outcome(
        x=final.x,
        records=[*records, worth.record, people.record],
        entries=[*entries, worth.entry, people.entry],
        targets=levels.targets,
        causes=promises.causes,
        prices=by_name(worth.made, worth.fluid.prices),
        envy=envy.awards(model, final.x, keep.floors),
    )


def _people_short(
    course: Course, promises: Promises, levels: Levels, keep: Keep
) -> tuple[Record, Whole]:
    """Whole people cannot meet all targets: let as few as possible be short.

    Returns the stage's record, and awards that keep what `keep` then asks for.
    """
    need = {goal: target for goal, target in levels.targets.items() if target > 0}
    begun, name = time.monotonic(), "coverage:people"
    result, _, top = promises.raise_(name, need, keep.floors)
    for goal, target in need.items():
        keep.coverage[goal] = min(target, course.formulation.reached(goal, result.x))
    total = sum(keep.coverage[goal] for goal in need)
    return course.record(name, total, top, top, begun), result
