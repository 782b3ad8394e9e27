"""What a policy consists of: its floors, caps, give-back and menu of part awards.

Each reads itself from a table of the file and writes the same keys again.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from allocation.optimiser.inputs.table import Table


@dataclass(frozen=True)
class Floor:
    """At least this share of the ceiling goes to requests whose `column` equals `equals`."""

    name: str
    column: str
    equals: str
    share_of_ceiling: Fraction

    @classmethod
    def read(cls, table: Table) -> Self:
        return cls(
            name=table.text("name"),
            column=table.text("column"),
            equals=table.value_text("equals"),
            share_of_ceiling=table.share("share_of_ceiling"),
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "column": self.column,
            "equals": self.equals,
            "share_of_ceiling": str(self.share_of_ceiling),
        }

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

    @classmethod
    def read(cls, table: Table) -> Self:
        cap = cls(
            name=table.text("name"),
            column=table.text("column"),
            share_of_ceiling=table.optional_share("share_of_ceiling"),
            count=table.optional_integer("count", least=0),
            equals=table.optional_text("equals"),
        )
        if (cap.share_of_ceiling is None) == (cap.count is None):
            remedy = "Give share_of_ceiling or count, one of both."
            table.fault("cap_needs_one_limit", "count", remedy)
        return cap

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.name, "column": self.column}
        if self.share_of_ceiling is not None:
            data["share_of_ceiling"] = str(self.share_of_ceiling)
        if self.count is not None:
            data["count"] = self.count
        if self.equals is not None:
            data["equals"] = self.equals
        return data

    def limit_cents(self, ceiling_cents: int) -> int | None:
        share = self.share_of_ceiling
        return None if share is None else ceiling_cents * share.numerator // share.denominator


@dataclass(frozen=True)
class Solidarity:
    """Each value of `column` gets back `give_back` of what it paid in, or of what it asks."""

    column: str
    give_back: Fraction

    @classmethod
    def read(cls, table: Table) -> Self:
        return cls(table.text("column"), table.share("give_back"))

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "give_back": str(self.give_back)}


@dataclass(frozen=True)
class Waiting:
    """Who was refused `bound` times or more goes first, the longest wait before all others.

    `column` of the requests holds how often its worker was refused for lack of money only since
    the last award, as a whole number.
    """

    column: str
    bound: int

    @classmethod
    def read(cls, table: Table) -> Self:
        return cls(table.text("column"), table.integer("bound", least=1))

    def to_dict(self) -> dict[str, Any]:
        return {"column": self.column, "bound": self.bound}


@dataclass(frozen=True)
class PartAwards:
    """A menu of part awards.

    `column` of the requests holds the shares in percent that the applicant also accepts,
    separated by spaces ("50 75"). `value_percent` says what the board values a share at; a
    share that it does not name is worth its share.
    """

    column: str
    value_percent: tuple[tuple[int, int], ...] = ()

    @classmethod
    def read(cls, table: Table) -> Self:
        return cls(table.text("column"), table.percents("value_percent"))

    def to_dict(self) -> dict[str, Any]:
        percents = {str(share): worth for share, worth in self.value_percent}
        return {"column": self.column, "value_percent": percents}

    def value_of(self, share_percent: int) -> int:
        return dict(self.value_percent).get(share_percent, share_percent)
