"""Whether the database is what the code declares: its triggers, and the rules of its tables.

Names prove nothing: a trigger can be replaced by one that does nothing. So both are compared by
their content.
"""

from collections.abc import Iterator

from budgetpool.declared import tables, triggers
from budgetpool.declared.difference import Difference
from budgetpool.declared.triggers import declared as guards

__all__ = ["Difference", "differing", "guards"]


def differing() -> Iterator[Difference]:
    """All ways in which the database is not what the code declares."""
    yield from triggers.differing()
    yield from tables.differing()
