"""What a division shows of its progress: a line per finished stage, and a bar on a terminal."""

import json
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from allocation.optimiser import Policy

_LEVEL_IN = 10_000  # levels of coverage come in millionths; these make a percent
_STAGES = ("promises", "coverage", "value", "people")


class StageLines:
    """Turns progress events into lines on a console.

    >>> with StageLines(policy, Console(stderr=True)) as lines:
    ...     allocate(problem, progress=lines.show)
    coverage, level 1      50.0 %         at most 50.0 %        gap 0     0.1 s
    value                  219,079.50     at most 219,079.50    gap 0     1.2 s
    people                 3,343          at most 3,343         gap 0     0.1 s

    With `events` each event is printed as a line of JSON instead, for other programs.
    """

    def __init__(self, policy: Policy, console: Console, *, events: bool = False) -> None:
        self.policy, self.console, self.events = policy, console, events
        self.before = 0.0
        columns = (
            TextColumn("{task.description:<22}"),
            BarColumn(24),
            TextColumn("{task.fields[figures]}"),
            TimeElapsedColumn(),
        )
        self.bar = Progress(*columns, console=console, transient=True)
        self.task = self.bar.add_task("model", total=len(_STAGES), figures="")

    def __enter__(self) -> Self:
        if self.console.is_terminal and not self.events:
            self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar.live.is_started:
            self.bar.stop()

    def show(self, event: dict[str, Any]) -> None:
        """Show one event: {"stage", "value", "bound", "gap", "seconds" since the start}."""
        if self.events:
            self.print(json.dumps(event))
            return
        stage, value, bound = event["stage"], event["value"], event["bound"]
        most = "" if bound is None else f"at most {self.worth(stage, bound)}"
        working = event["gap"] is None
        self.bar.update(
            self.task,
            description=_name(stage),
            completed=_place(stage),
            figures=most if working else "",
        )
        if working:
            return
        took, self.before = event["seconds"] - self.before, event["seconds"]
        reached, left = self.worth(stage, value), gap(event["gap"])
        self.print(f"{_name(stage):<22} {reached:<16} {most:<24} {left:<10} {took:.1f} s")

    def print(self, line: str) -> None:
        """Print a line above the bar, as it is."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)

    def worth(self, stage: str, number: int) -> str:
        """A stage's whole number in the unit that a board reads."""
        kind, _, rest = stage.partition(":")
        if kind == "floor":
            return f"€ {number / 100:,.2f}"
        if kind in ("give_back", "coverage") and rest != "people":
            return f"{number / _LEVEL_IN:.1f} %"
        if kind == "value":
            return points(self.policy, number)
        return f"{number:,}"


def points(policy: Policy, value: int) -> str:
    """A value in points, or in points times euros; the numbers in files are hundredths of it."""
    return f"{value / (100 if policy.value == 'points' else 10_000):,.2f}"


def gap(share: float) -> str:
    """How far a bound is above what was reached, as a share of it."""
    return f"gap {share:.0e}" if share else "gap 0"


def _name(stage: str) -> str:
    kind, _, rest = stage.partition(":")
    if kind == "floor":
        return f"floor {rest}"
    if kind == "waiting":
        return f"waited {rest} rounds"
    if kind == "coverage":
        return "coverage, people" if rest == "people" else f"coverage, level {rest}"
    if kind == "give_back":
        return f"give-back, level {rest}"
    return stage.replace("_", "-")


def _place(stage: str) -> int:
    """How many of the stages come before this one."""
    kind = stage.partition(":")[0]
    return _STAGES.index(kind) if kind in _STAGES else 0
