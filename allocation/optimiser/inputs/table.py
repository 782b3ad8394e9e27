"""A table of a settings file whose keys are asked for one by one, with their types.

It remembers every fault instead of stopping at the first, and which keys nobody asked for.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from allocation.optimiser.errors import Fault


class Table:
    """One table of the policy: hands out typed keys and remembers every fault."""

    def __init__(self, data: dict[str, Any], source: str, path: str) -> None:
        self.data, self.source, self.path = data, source, path
        self.faults: list[Fault] = []
        self.known: set[str] = set()
        self.children: list[Table] = []

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
        except (ValueError, TypeError, ArithmeticError):
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

    def tables(self, key: str) -> "list[Table]":
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or not all(isinstance(t, Mapping) for t in value):
            self.fault("not_a_list_of_tables", key, f"Write each as a table [[{key}]].")
            return []
        new = [
            Table(dict(t), self.source, f"{self.path}{key}[{place}].")
            for place, t in enumerate(value, start=1)
        ]
        self.children += new
        return new

    def table(self, key: str) -> "Table | None":
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.fault("not_a_table", key, f"Write it as a table [{key}].")
            return None
        self.children.append(Table(dict(value), self.source, f"{self.path}{key}."))
        return self.children[-1]

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
