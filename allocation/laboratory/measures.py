"""The figures of one region under one rule, from the rows of its rounds: shares, minutes, waits."""

from collections import defaultdict
from statistics import median
from typing import Any, Final

from allocation.laboratory.people import LEVELS
from allocation.laboratory.plan import GAMING, HONEST
from allocation.laboratory.waiting import ENDINGS

Key = tuple[int, str, str]

WAITS: Final = ("at_once", "later", "gave_up", "left", "waiting")


def of(found: dict[str, list[dict[str, Any]]]) -> dict[Key, dict[str, float | None]]:
    """Per seed, world and rule the value of each measure; None where there is none.

    Shares are parts of one: of the awards, requests and people those of the low educated, and the
    lift between the first two; of the awards those up to mbo 4, of insecure contracts and of who
    was recruited; of the money the target's and the largest providers'; of the requests those
    served, in all and at the worst level. `minutes` are after the opening. `LEVEL:ENDING` is the
    part of a level's people whose asking ended so, `LEVEL:refusals_before` the mean of those
    served.
    """
    rounds: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    waits: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for row in found["rounds"]:
        rounds[_key(row)].append(row)
    for row in found["waits"]:
        waits[_key(row)].append(row)
    return {
        _key(run): {**_of_rounds(rounds[_key(run)], run), **_of_waits(waits[_key(run)])}
        for run in found["runs"]
    }


def what_gaming_pays(found: dict[str, list[dict[str, Any]]]) -> dict[tuple[int, str], float | None]:
    """Per seed and rule: what the providers that game get more by it, as a part of what they got
    in the same region without."""
    cents = {_key(run): run["gaming_cents"] for run in found["runs"]}
    pays: dict[tuple[int, str], float | None] = {}
    for (seed, world, rule), without in cents.items():
        if world == HONEST:
            pays[seed, rule] = _part(cents[seed, GAMING, rule] - without, without)
    return pays


def _key(row: dict[str, Any]) -> Key:
    return row["seed"], row["world"], row["rule"]


def _of_rounds(rows: list[dict[str, Any]], run: dict[str, Any]) -> dict[str, float | None]:
    total = {name: sum(row[name] for row in rows) for name in _summed(rows[0])}
    awards, minutes = total["awards"], [row["minutes"] for row in rows if row["minutes"] != ""]
    low, asked = _part(total["low_awards"], awards), _part(total["low_requests"], total["requests"])
    served = [_part(total[f"{level}_awards"], total[f"{level}_requests"]) for level in LEVELS]
    return {
        "low_awards": low,
        "low_requests": asked,
        "low_people": _part(total["low_people"], sum(total[f"{level}_people"] for level in LEVELS)),
        "low_lift": None if low is None or asked is None else low - asked,
        "mbo_awards": _part(total["mbo_awards"], awards),
        "insecure_awards": _part(total["insecure_awards"], awards),
        "target_money": _part(total["target_cents"], total["spent_cents"]),
        "largest_money": _part(run["largest_cents"], run["spent_cents"]),
        "least_served": min((part for part in served if part is not None), default=None),
        "served": _part(awards, total["requests"]),
        "awards_per_round": awards / len(rows),
        "finished_per_round": run["finished"] / len(rows),
        "minutes": median(minutes) if minutes else None,
        "recruited_awards": _part(total["recruited_awards"], awards),
    }


def _summed(row: dict[str, Any]) -> list[str]:
    names = [name for name in row if name.endswith(("_cents", "_awards", "_requests", "_people"))]
    return ["requests", "awards", *names]


def _of_waits(rows: list[dict[str, Any]]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for level in LEVELS:
        own = [row for row in rows if row["level"] == level]
        people = sum(row["people"] for row in own)
        served = [row for row in own if row["ending"] == ENDINGS[0]]
        refusals = sum(row["people"] * row["refusals"] for row in served)
        parts = dict.fromkeys(WAITS, 0)
        for row in own:
            parts[_ending(row)] += row["people"]
        for ending, count in parts.items():
            found[f"{level}:{ending}"] = _part(count, people)
        found[f"{level}:refusals_before"] = _part(refusals, sum(row["people"] for row in served))
    return found


def _ending(row: dict[str, Any]) -> str:
    if row["ending"] != ENDINGS[0]:
        return str(row["ending"])
    return "later" if row["refusals"] else "at_once"


def _part(part: float, whole: float) -> float | None:
    return part / whole if whole else None
