"""The policy of a round: what the board fixed before the window opened.

Shares and tolerances are exact fractions, never floats: 0.60 in the file is 3/5 here.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from allocation.optimiser.errors import Fault, InvalidInput, unreadable
from allocation.optimiser.inputs.clauses import Cap, Floor, PartAwards, Solidarity, Waiting
from allocation.optimiser.inputs.table import Table

VALUES = ("points", "points_times_amount")


@dataclass(frozen=True)
class Policy:
    """One immutable version of the rule. Money in cents; shares as fractions.

    `unchanged` is no rule for a round but a question about one: how many people, at least, are to
    keep exactly what `before.csv` says that they had (docs/allocation-rule.md).
    """

    name: str
    seed: str
    ceiling_cents: int
    awards_per_worker: int = 1
    value: str = "points"
    choice_percent: tuple[int, ...] = (100,)
    coverage: str | None = None
    fairness: Fraction = Fraction(1)
    coverage_cap: Fraction = Fraction(1)
    tolerance: Fraction = Fraction(1, 10_000)
    floors: tuple[Floor, ...] = ()
    caps: tuple[Cap, ...] = ()
    solidarity: Solidarity | None = None
    part_awards: PartAwards | None = None
    unchanged: int | None = None
    waiting: Waiting | None = None

    @classmethod
    def from_toml(cls, path: Path) -> Self:
        """Read `policy.toml`.

        Raises:
            InvalidInput: the file is absent, is no TOML, or holds a key that the rule has not.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise InvalidInput(
                Fault("missing_file", path.name, "Put the policy of the round into this file.")
            ) from None
        except OSError as error:
            raise InvalidInput(unreadable(path.name, error)) from None
        except UnicodeDecodeError:
            raise InvalidInput(Fault("not_utf8", path.name, "Save the file as UTF-8.")) from None
        try:
            data = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            fault = Fault(
                "not_toml", path.name, "Mend the syntax of the file.", params={"error": str(error)}
            )
            raise InvalidInput(fault) from None
        return cls.from_dict(data, source=path.name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str = "policy.toml") -> Self:
        """Build a policy from the keys of the file; `floor` and `cap` are lists of tables.

        Raises:
            InvalidInput: an unknown, missing or impossible key, each with its remedy.
        """
        top = Table(dict(data), source, "")
        solidarity, part_awards = top.table("solidarity"), top.table("part_awards")
        waiting = top.table("waiting")
        policy = cls(
            name=top.text("name"),
            seed=top.text("seed"),
            ceiling_cents=top.integer("ceiling_cents", least=0),
            awards_per_worker=top.integer("awards_per_worker", least=1, default=1),
            value=top.one_of("value", VALUES, default="points"),
            choice_percent=top.percent_list("choice_percent"),
            coverage=top.optional_text("coverage"),
            fairness=top.share("fairness", default=Fraction(1)),
            coverage_cap=top.share("coverage_cap", default=Fraction(1)),
            tolerance=top.share("tolerance", default=Fraction(1, 10_000)),
            floors=tuple(map(Floor.read, top.tables("floor"))),
            caps=tuple(map(Cap.read, top.tables("cap"))),
            solidarity=None if solidarity is None else Solidarity.read(solidarity),
            part_awards=None if part_awards is None else PartAwards.read(part_awards),
            unchanged=top.optional_integer("unchanged", least=0),
            waiting=None if waiting is None else Waiting.read(waiting),
        )
        top.refuse_unknown()
        _refuse_twice(top, "floor", [floor.name for floor in policy.floors])
        _refuse_twice(top, "cap", [cap.name for cap in policy.caps])
        if policy.unchanged is not None and policy.awards_per_worker > 1:
            remedy = "Ask for the smallest change where a worker gets one award at most."
            top.fault("one_award_only", "unchanged", remedy)
        if policy.waiting is not None and policy.awards_per_worker > 1:
            remedy = "Serve who waited longest first where a worker gets one award at most."
            top.fault("one_award_only", "waiting", remedy)
        if top.faults:
            raise InvalidInput(*top.faults)
        return policy

    def to_dict(self) -> dict[str, Any]:
        """The same keys as the file, defaults filled in, fractions as text ("3/5")."""
        data: dict[str, Any] = {
            "name": self.name,
            "seed": self.seed,
            "ceiling_cents": self.ceiling_cents,
            "awards_per_worker": self.awards_per_worker,
            "value": self.value,
            "choice_percent": list(self.choice_percent),
            "fairness": str(self.fairness),
            "coverage_cap": str(self.coverage_cap),
            "tolerance": str(self.tolerance),
            "floor": [floor.to_dict() for floor in self.floors],
            "cap": [cap.to_dict() for cap in self.caps],
        }
        if self.coverage is not None:
            data["coverage"] = self.coverage
        if self.solidarity is not None:
            data["solidarity"] = self.solidarity.to_dict()
        if self.part_awards is not None:
            data["part_awards"] = self.part_awards.to_dict()
        if self.unchanged is not None:
            data["unchanged"] = self.unchanged
        if self.waiting is not None:
            data["waiting"] = self.waiting.to_dict()
        return data

    def sha256(self) -> str:
        """SHA-256 of the policy as JSON with sorted keys, no spaces, ASCII only."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def columns(self) -> list[str]:
        """The columns of the requests that this policy names, each once, in the file's order."""
        named = [floor.column for floor in self.floors] + [cap.column for cap in self.caps]
        named += [] if self.coverage is None else [self.coverage]
        named += [] if self.solidarity is None else [self.solidarity.column]
        named += [] if self.part_awards is None else [self.part_awards.column]
        named += [] if self.waiting is None else [self.waiting.column]
        return list(dict.fromkeys(named))


def _refuse_twice(top: Table, what: str, names: list[str]) -> None:
    """A limit is named after its cap and a value, with a colon between: that must tell them apart.

    So "sector" and "sector:care" may not stand beside each other either.
    """
    for name in dict.fromkeys(names):
        begun = any(name.startswith(f"{other}:") for other in names)
        if begun or names.count(name) > 1:
            remedy = "Give each floor and each cap its own name, that no other begins with."
            top.fault("duplicate_name", f"{what}: {name}", remedy)
