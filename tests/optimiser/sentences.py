"""Is every sentence about a refusal true? Told from the requests, the rule and the decisions alone.

Written apart from what makes the sentences and from the verifier: it takes the words that a
refused person reads (budgetpool/mail/reasons.py), and looks in the division whether they are so.
"""

import json
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from allocation.optimiser import Problem

Row = dict[str, Any]
EXPLAINED = {"would_change", "out_of_reach"}


class Sentences:
    """The sentences of one division.

    Args:
        decisions: rows with `request_id`, `awarded`, `amount_cents`, `reason`, `reason_params`.
    """

    def __init__(self, problem: Problem, decisions: list[Row]) -> None:
        self.problem, self.policy = problem, problem.policy.to_dict()
        rows = problem.requests.to_dict("records")
        self.rows = [row | said for row, said in zip(rows, decisions, strict=True)]
        for row, said in zip(self.rows, rows, strict=True):
            row["asked"], row["paid"] = said["amount_cents"], row["amount_cents"]
        self.of: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self.of[row["worker_id"]].append(row)
        self.served = {row["worker_id"] for row in self.rows if int(row["awarded"])}
        self.ceiling = int(self.policy["ceiling_cents"])
        self.left = self.ceiling - sum(int(row["paid"]) for row in self.rows)
        self.most_points = max(int(row["points"]) for row in self.rows)
        self.seats: dict[str, int] = {}
        if problem.editions is not None:
            editions = problem.editions.to_dict("records")
            self.seats = {str(row["edition_id"]): int(row["seats"]) for row in editions}
        self.used: Counter[tuple[str, str]] = Counter()
        for row in self.rows:
            if int(row["awarded"]):
                for name in self._counts_in(row):
                    self.used[name] += self._use(name[0], row, "paid")
        self.alike: dict[str, list[str]] = defaultdict(list)
        for worker in self.of:
            self.alike[self._kind(worker)].append(worker)

    def false(self) -> list[str]:
        """The refusals with a sentence that is not so, each with the sentence."""
        found = []
        for row in self.rows:
            if not int(row["awarded"]):
                params = json.loads(row["reason_params"])
                say = [*self._reason(row, params), *self._change(row, params)]
                say += self._nothing(row, params)
                found += [f"{row['request_id']}: {each}" for each in say]
        return found

    def explained(self) -> Fraction:
        """Of the people who got nothing, those who are told what would have changed it, or that
        nothing in their reach would."""
        told = {
            worker: any(json.loads(row["reason_params"]).keys() & EXPLAINED for row in rows)
            for worker, rows in self.of.items()
            if worker not in self.served
        }
        return Fraction(sum(told.values()), max(1, len(told)))

    def _reason(self, row: Row, params: Row) -> list[str]:
        reason = row["reason"]
        if reason == "other_choice_awarded":
            mine = sum(int(each["awarded"]) for each in self.of[row["worker_id"]])
            return [] if mine else ["gets no other training"]
        if reason in ("withheld_by_board", "kept_as_before"):
            return []
        if reason == "amount_too_large":
            return [] if self._too_dear(row) else ["cost no more than was left"]
        if reason == "edition_full":
            name = str(params.get("edition_id"))
            taken = self.used["edition", name]
            full = name == row.get("edition_id") and taken >= self.seats.get(name, len(self.rows))
            return [] if full else ["there is a place on that date"]
        if reason == "cap_reached":
            name = (f"cap {params.get('cap')}", str(params.get("value")))
            return [] if name in self._counts_in(row) and self._no_room(row, name) else ["no cap"]
        if reason == "lot_lost":
            return self._lot(row, params)
        if reason == "below_cutoff":
            return self._cutoff(row, params)
        return ["a reason without a sentence"]

    def _lot(self, row: Row, params: Row) -> list[str]:
        alike = self.alike[self._kind(row["worker_id"])]
        won = sum(worker in self.served for worker in alike)
        stated = (params.get("candidates"), params.get("places"))
        wrong = [] if stated == (len(alike), won) else [f"{stated}, not {(len(alike), won)}"]
        lot = params.get("lot")
        return wrong if won and type(lot) is int and won < lot <= len(alike) else [*wrong, "lot"]

    def _cutoff(self, row: Row, params: Row) -> list[str]:
        """Not enough money for everybody, and others went first."""
        wrong = []
        first = [min(each["asked"] for each in rows) for rows in self.of.values()]
        short = sum(first) > self.ceiling
        fits = self.left >= row["asked"] and not any(
            self._no_room(row, name) for name in self._counts_in(row)
        )
        if fits and self.problem.pools is None:
            wrong.append("there was money and a place left for it")
        if not short and self.problem.pools is None and not self.policy["cap"] and not self.seats:
            wrong.append("there was enough money for everybody")
        if not self.served:
            wrong.append("nobody went first")
        if params.get("points") != int(row["points"]):
            wrong.append("has other points")
        if "needed" in params:
            needed = params["needed"]
            if needed <= row["points"]:
                wrong.append("has the points that were needed")
            if any(
                worker in self.served and self._same_place(row, mine, needed)
                for worker, rows in self.of.items()
                for mine in rows
                if int(mine["awarded"])
            ):
                wrong.append("somebody like this one got it with fewer points")
        return wrong

    def _same_place(self, row: Row, other: Row, needed: int) -> bool:
        """Somebody who is like this one in everything but points, and has less than was needed."""
        facts = set(row) - {
            *("request_id", "worker_id", "points", "draw", "submitted_at", "awarded", "paid"),
            *("amount_cents", "reason", "reason_params"),
        }
        worse = int(row["points"]) <= int(other["points"]) < needed
        single = len(self.of[row["worker_id"]]) == len(self.of[other["worker_id"]]) == 1
        return (
            single
            and worse
            and int(other["points"]) == int(row["points"])
            and all(str(row[fact]) == str(other[fact]) for fact in facts)
        )

    def _change(self, row: Row, params: Row) -> list[str]:
        """A change is one for the better, and one that somebody could reach."""
        change = params.get("would_change")
        if change is None:
            return []
        wrong = [] if change and row["worker_id"] not in self.served else ["nothing to change"]
        points = change.get("points", self.most_points + 1)
        if not int(row["points"]) < points <= self.most_points + 1:
            wrong.append("points that nobody has")
        if not 0 < change.get("amount_cents", 1) <= max(1, int(row["asked"]) - 1):
            wrong.append("no lower amount")
        if change.get("ceiling_cents", self.ceiling + 1) <= self.ceiling:
            wrong.append("no larger pot")
        return wrong

    def _nothing(self, row: Row, params: Row) -> list[str]:
        """With all the points that there are, or for half of the money, there is no place."""
        claim = params.get("out_of_reach")
        if claim is None:
            return []
        half = -(-int(row["asked"]) // 2)
        wrong = [] if row["worker_id"] not in self.served else ["got a training"]
        if params.get("would_change", {}).keys() - {"ceiling_cents"}:
            wrong.append("something would have changed it")
        if claim["points"] < self.most_points or claim["amount_cents"] != half:
            wrong.append("more was in reach")
        full = {
            "money": sum(min(r["asked"] for r in rows) for rows in self.of.values()) > self.ceiling,
            "edition": self._too_few(row, "edition"),
            "cap": self._too_few(row, "cap"),
        }
        if not full.get(claim["limit"]):
            wrong.append(f"there was enough of it: {claim['limit']}")
        for other in self._in_its_places(row):
            if other["asked"] == row["asked"] and self._worth(other) < self._worth(
                row, claim["points"]
            ):
                wrong.append(f"with those points the place of {other['request_id']}")
            if half <= other["asked"] < row["asked"] and self._worth(other) < self._worth(row):
                wrong.append(f"for that money the place of {other['request_id']}")
        return wrong

    def _too_few(self, row: Row, kind: str) -> bool:
        names = [name for name in self._counts_in(row) if name[0].startswith(kind)]
        return any(self._no_room(row, name) for name in names)

    def _in_its_places(self, row: Row) -> list[Row]:
        """Awards, paid in full, of people who count in all that this one counts in."""
        if not hasattr(self, "holders"):
            self.holders: dict[str, list[Row]] = defaultdict(list)
            for other in self.rows:
                whole = int(other["awarded"]) and other["paid"] == other["asked"]
                if whole and other["request_id"] not in self.problem.given:
                    self.holders[self._places(other)].append(other)
        return self.holders[self._places(row)]

    def _places(self, row: Row) -> str:
        pools = [] if self.problem.pools is None else self.problem.pools.to_dict("records")
        names = {*self.problem.policy.columns(), *(pool["column"] for pool in pools)}
        seats = [str(row.get("edition_id"))] if self.seats else []
        return str([*seats, *(str(row[name]) for name in sorted(names) if name)])

    def _worth(self, row: Row, points: int | None = None) -> int:
        factor = self.policy["choice_percent"][int(row["choice"]) - 1]
        times = 1 if self.policy["value"] == "points" else int(row["asked"])
        return int(row["points"] if points is None else points) * factor * times

    def _counts_in(self, row: Row) -> list[tuple[str, str]]:
        names = [
            (f"cap {cap['name']}", str(row[cap["column"]]))
            for cap in self.policy["cap"]
            if str(row[cap["column"]])
            and str(row[cap["column"]]) == cap.get("equals", str(row[cap["column"]]))
        ]
        edition = str(row.get("edition_id") or "")
        return [*names, ("edition", edition)] if edition in self.seats else names

    def _limit(self, name: tuple[str, str]) -> int:
        if name[0] == "edition":
            return self.seats[name[1]]
        cap = next(cap for cap in self.policy["cap"] if f"cap {cap['name']}" == name[0])
        if "count" in cap:
            return int(cap["count"])
        return int(Fraction(cap["share_of_ceiling"]) * self.ceiling)

    def _use(self, name: str, row: Row, amount: str) -> int:
        if name == "edition":
            return 1
        cap = next(cap for cap in self.policy["cap"] if f"cap {cap['name']}" == name)
        return 1 if "count" in cap else int(row[amount])

    def _no_room(self, row: Row, name: tuple[str, str]) -> bool:
        return self.used[name] + self._use(name[0], row, "asked") > self._limit(name)

    def _too_dear(self, row: Row) -> bool:
        """More than a limit in money has left; of pools the sum of those that may pay."""
        money = [name for name in self._counts_in(row) if self._use(name[0], row, "asked") > 1]
        if self.left < row["asked"] or any(self._no_room(row, name) for name in money):
            return True
        pools = [] if self.problem.pools is None else self.problem.pools.to_dict("records")
        may = [p for p in pools if not p["column"] or str(row[p["column"]]) == p["equals"]]
        return bool(pools) and sum(int(p["amount_cents"]) for p in may) < row["asked"]

    def _kind(self, worker: str) -> str:
        """Everything that the rule sees of somebody."""
        rule = {
            *("choice", "asked", "points"),
            *(["edition_id"] if self.seats else []),
            *self.problem.policy.columns(),
        }
        pools = [] if self.problem.pools is None else self.problem.pools.to_dict("records")
        rule |= {pool["column"] for pool in pools if pool["column"]}
        floors = {floor["column"]: floor["equals"] for floor in self.policy["floor"]}
        only = {cap["column"]: cap["equals"] for cap in self.policy["cap"] if "equals" in cap}
        decided = (self.problem.given, self.problem.withheld)
        mine = []
        for row in self.of[worker]:
            facts = []
            for name in sorted(rule):
                value = str(row[name])
                only_value = {**floors, **only}.get(name)
                plain = name in floors and name != self.policy.get("coverage")
                facts.append(str(value == only_value) if plain and only_value else value)
            board = [row["request_id"] in ids for ids in decided]
            mine.append((*facts, *board))
        return str(sorted(mine))
