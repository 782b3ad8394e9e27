"""Classes of equals, and lots inside them."""

import hmac
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from .decisions import Reached
from .round import Round, shares_of
from .words import Findings, Unreadable


@dataclass
class Classes:
    """Per worker: its class, its lot, its place by lot in the class (from 1), the class's size."""

    class_: list[int]
    draws: list[int]
    place: list[int]
    size: list[int]


def classes(round_: Round) -> Classes:
    """Who is alike in everything that the rule sees, and everybody's place by lot."""
    menu = round_.policy.get("part_awards")
    shares = round_.column(menu["column"]) if menu else None
    draws, code_of = _draws(round_), dict[Any, int]()
    class_ = []
    for worker, rows in enumerate(round_.rows_of):
        kinds = sorted(
            (
                round_.choice[row],
                round_.amount[row],
                round_.points[row],
                round_.place[row],
                round_.given[row],
                round_.withheld[row],
                shares_of(shares[row]) if shares else (),
            )
            for row in rows
        )
        class_.append(code_of.setdefault((round_.group[worker], *kinds), len(code_of)))
    members: list[list[int]] = [[] for _ in code_of]
    for worker in sorted(range(len(class_)), key=draws.__getitem__):
        members[class_[worker]].append(worker)
    place, size = [0] * len(class_), [0] * len(class_)
    for alike in members:
        for number, worker in enumerate(alike, start=1):
            place[worker], size[worker] = number, len(alike)
    return Classes(class_, draws, place, size)


def _draws(round_: Round) -> list[int]:
    """Each worker's lot number: the column, or the rank of an HMAC."""
    if "draw" in round_.columns:
        draws = [0] * len(round_.workers)
        for worker, lot in zip(round_.worker, round_.columns["draw"], strict=True):
            if draws[worker] not in (0, lot):
                raise Unreadable("two_lots", "requests.csv", "A worker has one lot.")
            draws[worker] = lot
        if len(set(draws)) < len(draws):
            raise Unreadable("same_lot", "requests.csv", "Give every worker a lot of their own.")
        return draws
    key, name = round_.policy["seed"].encode(), round_.policy["name"]
    digests = [hmac.digest(key, f"{name}:{worker}".encode(), "sha256") for worker in round_.workers]
    draws = [0] * len(digests)
    for rank, worker in enumerate(sorted(range(len(digests)), key=digests.__getitem__), start=1):
        draws[worker] = rank
    return draws


def check_lots(round_: Round, reached: Reached, equals: Classes, findings: Findings) -> None:
    """In every class the awards are dealt like cards, the best to the luckiest."""
    awards: dict[int, list[tuple[int, int]]] = defaultdict(list)
    own: list[list[tuple[int, int]]] = [[] for _ in round_.workers]
    for row, option in enumerate(reached.chosen):
        if option is not None:
            card = (round_.choice[row], -option.share)
            awards[equals.class_[round_.worker[row]]].append(card)
            own[round_.worker[row]].append(card)
    for cards in awards.values():
        cards.sort()
    for worker, cards in enumerate(own):
        place, size = equals.place[worker] - 1, equals.size[worker]
        if awards[equals.class_[worker]][place::size] != sorted(cards):
            findings.add(
                "lot_passed_over",
                worker=round_.workers[worker],
                draw=equals.draws[worker],
                place=equals.place[worker],
                alike=size,
            )
