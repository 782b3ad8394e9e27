"""Hide groups so small that a number could point at a person.

A group is shown when at least ten people asked, and when those who got something and those who
got nothing are each none or at least ten. Other groups are shown together; when that would leave
one group alone, the next smallest joins it, so that nobody can subtract it from a total.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LEAST: Final = 10


@dataclass(frozen=True)
class Group:
    """A group of people by its code; `code` is None for small groups that are shown together."""

    code: str | None
    applying: int
    awarded: int

    @property
    def share(self) -> float:
        return self.awarded / self.applying if self.applying else 0.0

    @property
    def is_large_enough(self) -> bool:
        """Whether its numbers point at nobody."""
        refused = self.applying - self.awarded
        return self.applying >= LEAST and not any(0 < n < LEAST for n in (self.awarded, refused))


def suppress(groups: Iterable[Group]) -> list[Group]:
    """The groups that may be shown, in their order, and the small ones together at the end.

    What cannot be shown even together is left out.

    >>> suppress([Group("a", 40, 20), Group("b", 30, 12), Group("c", 8, 8), Group("d", 30, 11)])
    [Group(code='a', applying=40, awarded=20), Group(code='b', applying=30, awarded=12), \
Group(code=None, applying=38, awarded=19)]
    """
    everything = list(groups)
    shown = [group for group in everything if group.is_large_enough]
    hidden = [group for group in everything if not group.is_large_enough]
    while hidden and shown and (len(hidden) == 1 or not together(hidden).is_large_enough):
        smallest = min(shown, key=lambda group: (group.applying, group.code or ""))
        shown.remove(smallest)
        hidden.append(smallest)
    if hidden and together(hidden).is_large_enough:
        shown.append(together(hidden))
    return shown


def together(groups: list[Group]) -> Group:
    """Several groups as one."""
    return Group(None, sum(g.applying for g in groups), sum(g.awarded for g in groups))
