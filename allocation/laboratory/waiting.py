"""Who waits how long: each spell of asking, from the first request to its end."""

from collections.abc import Iterator

import numpy as np

from allocation.laboratory.people import LEVELS, Integers, People

# How a spell ends; `waiting` is still open when the simulation ends.
ENDINGS = ("served", "gave_up", "left", "waiting")
MOST_REFUSALS = 4


class Waits:
    """People per level, ending and number of refusals (four stands for four or more)."""

    def __init__(self) -> None:
        self.people = np.zeros((len(LEVELS), len(ENDINGS), MOST_REFUSALS + 1), dtype=np.int64)

    def add(self, ending: str, level: Integers, refused: Integers) -> None:
        """Count spells that ended so."""
        place = ENDINGS.index(ending)
        times = np.minimum(refused, MOST_REFUSALS)
        counted = np.bincount(level * (MOST_REFUSALS + 1) + times, minlength=self.people[:, 0].size)
        self.people[:, place] += counted.reshape(len(LEVELS), MOST_REFUSALS + 1)

    def end(self, people: People) -> None:
        """Count who still waits."""
        self.add("waiting", people.level[people.asking], people.refused[people.asking])

    def rows(self) -> Iterator[dict[str, str | int]]:
        """One row per level, ending and number of refusals that somebody met."""
        for (level, ending, refusals), count in np.ndenumerate(self.people):
            if count:
                yield {
                    "level": LEVELS[level],
                    "ending": ENDINGS[ending],
                    "refusals": refusals,
                    "people": int(count),
                }
