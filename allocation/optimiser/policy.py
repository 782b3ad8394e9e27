"""The policy of a round: what the board fixed before the window opened.

Shares and tolerances are exact fractions, never floats: 0.60 in the file is 3/5 here.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from .errors import Fault, InvalidInput

VALUES = ("points", "points_times_amount")


@dataclass(frozen=True)
class Floor:
    """At least this share of the ceiling goes to requests whose `column` equals `equals`."""

    name: str
    column: str
    equals: str
    share_of_ceiling: Fraction

    def required_cents(self, ceiling_cents: int) -> int:
        return ceiling_cents * self.share_of_ceiling.numerator // self.share_of_ceiling.denominator


@dataclass(frozen=True)
class Cap:
    """No value of `column` gets more than a share of the ceiling, or more than `count` awards.

    An empty value is not capped. `equals` limits the cap to one value.
    """

    name: str
    column: str
    share_of_ceiling: Fraction | None = None
    count: int | None = None
    equals: str | None = None

    def limit_cents(self, ceiling_cents: int) -> int | None:
        share = self.share_of_ceiling
        return None if share is None else ceiling_cents * share.numerator // share.denominator


@dataclass(frozen=True)
class Solidarity:
    """Each value of `column` gets back `give_back` of what it paid in, or of what it asks."""

    column: str
    give_back: Fraction


@dataclass(frozen=True)
class PartAwards:
    """A menu of part awards.

    `column` of the requests holds the shares in percent that the applicant also accepts,
    separated by spaces ("50 75"). `value_percent` says what the board values a share at; a
    share that it does not name is worth its share.
    """

    column: str
    value_percent: tuple[tuple[int, int], ...] = ()

    def value_of(self, share_percent: int) -> int:
        return dict(self.value_percent).get(share_percent, share_percent)


@dataclass(frozen=True)
class Policy:
    """One immutable version of the rule. Money in cents; shares as fractions."""

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
        top = _Table(dict(data), source, "")
        floors = tuple(
            Floor(
                name=table.text("name"),
                column=table.text("column"),
                equals=table.value_text("equals"),
                share_of_ceiling=table.share("share_of_ceiling"),
            )
            for table in top.tables("floor")
        )
        caps = tuple(_cap(table) for table in top.tables("cap"))
        solidarity = None
        for table in top.table("solidarity"):
            solidarity = Solidarity(table.text("column"), table.share("give_back"))
        part_awards = None
        for table in top.table("part_awards"):
            part_awards = PartAwards(table.text("column"), table.percents("value_percent"))
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
            floors=floors,
            caps=caps,
            solidarity=solidarity,
            part_awards=part_awards,
        )
        top.refuse_unknown()
        _refuse_twice(top, "floor", [floor.name for floor in floors])
        _refuse_twice(top, "cap", [cap.name for cap in caps])
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
            "floor": [
                {
                    "name": floor.name,
                    "column": floor.column,
                    "equals": floor.equals,
                    "share_of_ceiling": str(floor.share_of_ceiling),
                }
                for floor in self.floors
            ],
            "cap": [_cap_dict(cap) for cap in self.caps],
        }
        if self.coverage is not None:
            data["coverage"] = self.coverage
        if self.solidarity is not None:
            data["solidarity"] = {
                "column": self.solidarity.column,
                "give_back": str(self.solidarity.give_back),
            }
        if self.part_awards is not None:
            data["part_awards"] = {
                "column": self.part_awards.column,
                "value_percent": {str(s): v for s, v in self.part_awards.value_percent},
            }
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
        return list(dict.fromkeys(named))


def _cap(table: "_Table") -> Cap:
    cap = Cap(
        name=table.text("name"),
        column=table.text("column"),
        share_of_ceiling=table.optional_share("share_of_ceiling"),
        count=table.optional_integer("count", least=0),
        equals=table.optional_text("equals"),
    )
    if (cap.share_of_ceiling is None) == (cap.count is None):
        table.fault("cap_needs_one_limit", "count", "Give share_of_ceiling or count, one of both.")
    return cap


def _cap_dict(cap: Cap) -> dict[str, Any]:
    data: dict[str, Any] = {"name": cap.name, "column": cap.column}
    if cap.share_of_ceiling is not None:
        data["share_of_ceiling"] = str(cap.share_of_ceiling)
    if cap.count is not None:
        data["count"] = cap.count
    if cap.equals is not None:
        data["equals"] = cap.equals
    return data


def _refuse_twice(top: "_Table", what: str, names: list[str]) -> None:
    for name in {name for name in names if names.count(name) > 1}:
        top.fault("duplicate_name", f"{what}: {name}", "Give each floor and each cap its own name.")


class _Table:
    """One table of the policy: hands out typed keys and remembers every fault."""

    def __init__(self, data: dict[str, Any], source: str, path: str) -> None:
        self.data, self.source, self.path = data, source, path
        self.faults: list[Fault] = []
        self.known: set[str] = set()
        self.children: list[_Table] = []

    def fault(self, code: str, key: str, remedy: str, **params: str) -> None:
        full = f"{self.path}{key}"
        self.faults.append(Fault(code, self.source, remedy, params={"key": full, **params}))

    def get(self, key: str) -> Any:
        self.known.add(key)
        return self.data.get(key)

    def text(self, key: str) -> str:
        value = self.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault("missing_key", key, "Give this key as a text that is not empty.")
            return ""
        return value

    def optional_text(self, key: str) -> str | None:
        return None if self.get(key) in (None, "") else self.text(key)

    def value_text(self, key: str) -> str:
        """A value that a column is compared with: a whole number counts as its digits."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(key)

    def one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.get(key)
        if value is None:
            return default
        if value not in allowed:
            self.fault("unknown_value", key, f"Use one of: {', '.join(allowed)}.", value=str(value))
            return default
        return str(value)

    def integer(self, key: str, *, least: int, default: int | None = None) -> int:
        value = self.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            remedy = f"Give this key as a whole number of at least {least}."
            self.fault("not_a_whole_number", key, remedy, value=str(value))
            return least
        return value

    def optional_integer(self, key: str, *, least: int) -> int | None:
        return None if self.get(key) is None else self.integer(key, least=least)

    def share(self, key: str, default: Fraction | None = None) -> Fraction:
        value = self.get(key)
        if value is None and default is not None:
            return default
        try:
            share = None if isinstance(value, bool) else _fraction(value)
        except (ValueError, TypeError, ZeroDivisionError, InvalidOperation):
            share = None
        if share is None or not 0 <= share <= 1:
            self.fault(
                "not_a_share", key, "Give this key as a number from 0 to 1.", value=str(value)
            )
            return Fraction(0)
        return share

    def optional_share(self, key: str) -> Fraction | None:
        return None if self.get(key) is None else self.share(key)

    def percent_list(self, key: str) -> tuple[int, ...]:
        value = self.get(key)
        if value is None:
            return (100,)
        if not isinstance(value, list | tuple) or not value or not all(map(_is_percent, value)):
            remedy = "Give a list of whole percentages, the first choice first: [100, 90, 80]."
            self.fault("not_a_list_of_percentages", key, remedy, value=str(value))
            return (100,)
        return tuple(value)

    def percents(self, key: str) -> tuple[tuple[int, int], ...]:
        value = self.get(key)
        if value is None:
            return ()
        pairs = value.items() if isinstance(value, Mapping) else [("", value)]
        good = all(
            str(share).isdigit() and 1 <= int(share) <= 99 and _is_percent(worth)
            for share, worth in pairs
        )
        if not good:
            remedy = "Give a table of share = value, both whole percentages, shares from 1 to 99."
            self.fault("not_a_table_of_percentages", key, remedy, value=str(value))
            return ()
        return tuple(sorted((int(share), int(worth)) for share, worth in pairs))

    def tables(self, key: str) -> "list[_Table]":
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or not all(isinstance(t, Mapping) for t in value):
            self.fault("not_a_list_of_tables", key, f"Write each as a table [[{key}]].")
            return []
        new = [
            _Table(dict(t), self.source, f"{self.path}{key}[{place}].")
            for place, t in enumerate(value, start=1)
        ]
        self.children += new
        return new

    def table(self, key: str) -> "list[_Table]":
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, Mapping):
            self.fault("not_a_table", key, f"Write it as a table [{key}].")
            return []
        self.children.append(_Table(dict(value), self.source, f"{self.path}{key}."))
        return self.children[-1:]

    def refuse_unknown(self) -> None:
        for child in self.children:
            child.refuse_unknown()
            self.faults += child.faults
        for key in self.data:
            if key not in self.known:
                remedy = f"Remove this key; the rule knows: {', '.join(sorted(self.known))}."
                self.fault("unknown_key", key, remedy)


def _fraction(value: Any) -> Fraction:
    """0.6, Decimal("0.6"), "3/5" and 1 as exact fractions; a float by its shortest digits."""
    return Fraction(str(value)) if isinstance(value, str | float) else Fraction(value)


def _is_percent(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100
