"""Check what a round published: python check.py FOLDER [--key KEY-FROM-YOUR-LETTER].

One file of plain Python (3.11 or later), which needs nothing else and sees no person. It adds up
again all that the published files let anybody add up, and says what it cannot: whether each line
is true. That the auditor checks, on the exact file with the fingerprint that stands here.

Ends with 0 when everything holds, 1 when something does not, 2 when a file cannot be read.
"""

import csv
import hashlib
import json
import sys
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

LEAST = 5
MILLION = 10**6
SHARES = ("share_of_ceiling", "give_back", "fairness", "coverage_cap", "tolerance")
DEFAULTS: dict[str, Any] = {
    "awards_per_worker": 1,
    "value": "points",
    "choice_percent": [100],
    "fairness": Fraction(1),
    "coverage_cap": Fraction(1),
    "tolerance": Fraction(1, 10_000),
    "floor": [],
    "cap": [],
}
PROMISES = ("waiting:", "floor:", "give_back:", "coverage:")
Row = dict[str, str]


class Published:
    """The published files of one round."""

    def __init__(self, folder: Path) -> None:
        self.code = folder.resolve().name
        with (folder / "policy.toml").open("rb") as file:
            self.policy = tomllib.load(file, parse_float=Decimal)
        self.result = _json(folder / "result.json")
        for key in ("value", "spent_cents", "people"):
            _whole(self.result[key], key)
        self.stages = _stages(_json(folder / "certificate.json"))
        self.lines = _csv(folder / "lines.csv")
        groups = _csv(folder / "groups.csv")
        self.groups = {row["group"]: row for row in groups}
        self.groups_twice = len(self.groups) < len(groups)
        self.terms = _csv(folder / "terms.csv")
        self.editions = _csv(folder / "editions.csv")
        self.pools = _csv(folder / "pools.csv")

    def side(self, limit: str) -> int:
        """The right-hand side of a limit, from the rule and the public lists."""
        kind, _, name = limit.partition(":")
        if kind == "ceiling":
            return int(self.policy["ceiling_cents"])
        if kind == "edition":
            return next(int(row["seats"]) for row in self.editions if row["edition_id"] == name)
        if kind == "pool":
            return next(int(row["amount_cents"]) for row in self.pools if row["pool_id"] == name)
        for cap in self.policy.get("cap", []):
            if name == cap["name"] or name.startswith(f"{cap['name']}:"):
                return _cap(cap, int(self.policy["ceiling_cents"]))
        raise KeyError(limit)


def _cap(cap: dict[str, Any], ceiling: int) -> int:
    if "count" in cap:
        return int(cap["count"])
    share = Fraction(cap["share_of_ceiling"])
    return share.numerator * ceiling // share.denominator


def hidden(files: Published) -> list[str]:
    """What is wrong with the lines and groups: too few alike, an answer told, sums that differ."""
    found = ["groups.csv has a group twice"] if files.groups_twice else []
    if any(line["awarded"] not in ("0", "1") for line in files.lines):
        found.append("lines.csv has an answer that is neither 0 nor 1")
    for number, group in files.groups.items():
        lines = [line for line in files.lines if line["group"] == number]
        awarded = sum(line["awarded"] == "1" for line in lines)
        if min(awarded, len(lines) - awarded) < LEAST:
            found.append(f"group {number} does not hide its people")
        if (len(lines), awarded) != (int(group["people"]), int(group["awarded"])):
            found.append(f"group {number}: its lines are not the people that it states")
    unknown = {line["group"] for line in files.lines} - set(files.groups)
    if unknown or len({line["line"] for line in files.lines}) < len(files.lines):
        found.append("lines.csv has a line twice, or of a group that is not there")
    return found


def added_up(files: Published) -> list[str]:
    """What does not add up: people, money and value of the groups, and the limit of the money."""
    if not files.groups:
        return []
    found = []
    for column, key in (("awarded", "people"), ("spent_cents", "spent_cents"), ("value", "value")):
        total = sum(int(group[column]) for group in files.groups.values())
        if total != files.result[key]:
            found.append(f"{key}: the groups add up to {total}, stated is {files.result[key]}")
    if files.result["spent_cents"] > files.side("ceiling"):
        found.append("more is spent than the round has")
    return found


def bound(files: Published, stage: dict[str, Any]) -> int:
    """The bound of a stage from the limits and the terms of the groups, times its denominator."""
    total = int(stage["constant"])
    for limit, multiplier in stage["multipliers"].items():
        if limit.startswith(PROMISES) or limit in ("value", "unchanged"):
            term = multiplier * stage["kept"].get(limit, 0)
            in_millionths = "level" in stage and limit.startswith("coverage:")
            total -= term // MILLION if in_millionths else term
        else:
            total += multiplier * files.side(limit)
    return total + sum(int(row["term"]) for row in files.terms if row["stage"] == stage["stage"])


def bounds(files: Published) -> tuple[list[str], list[str]]:
    """What does not hold of the bounds, and what they prove, in words."""
    found, proven = [], []
    with_terms = {row["stage"] for row in files.terms}
    if len({(row["stage"], row["group"]) for row in files.terms}) < len(files.terms):
        found.append("terms.csv has a term twice")
    if len({stage["stage"] for stage in files.stages}) < len(files.stages):
        found.append("certificate.json has a stage twice")
    counted = [s for s in files.stages if s["stage"] == "value" and s["stage"] in with_terms]
    if files.groups and files.result["rule"] == "optimiser" and not any(map(_shows, counted)):
        # Without the terms of the value anybody could claim to be the best.
        found.append("nothing is published that proves the value")
    for stage in files.stages:
        name = stage["stage"]
        if not stage["objective"] or name not in with_terms:
            continue
        if any(number < 0 for number in stage["multipliers"].values()):
            found.append(f"{name}: a multiplier is below nothing")
        numerator = bound(files, stage)
        if numerator < stage["bound_numerator"]:
            found.append(f"{name}: the terms add up to less than the certificate states")
        if "reached" in stage:
            most, reached = numerator // stage["denominator"], stage["reached"]
            if most < reached:
                found.append(f"{name}: more was reached than is possible")
            if name in ("value", "people") and (
                reached != files.result[name] or stage["objective"] != {name: stage["denominator"]}
            ):
                found.append(f"{name}: the certificate is of another outcome")
            more = 100 * (most - reached) / max(1, reached)
            proven.append(
                f"{name}: {reached} was reached, no division has more than {most} (+{more:.3f} %)"
            )
    return found, proven


def _shows(stage: dict[str, Any]) -> bool:
    return bool(stage["objective"]) and "reached" in stage


def fixed(files: Published) -> list[str]:
    """Whether the rule is the one that the outcome was made with."""
    policy = {**DEFAULTS, **{k: v for k, v in files.policy.items() if v != ""}}
    rule = json.dumps(_exact("", policy), sort_keys=True, separators=(",", ":"), default=str)
    if hashlib.sha256(rule.encode()).hexdigest() != files.result["policy_sha256"]:
        return ["policy.toml is not the rule that this outcome was made with"]
    return []


def _exact(key: str, value: Any) -> Any:
    """The rule with its shares as fractions, in the form that is hashed."""
    if isinstance(value, dict):
        return {name: _exact(name, part) for name, part in value.items() if part != ""}
    if isinstance(value, list):
        return [_exact(key, part) for part in value]
    return Fraction(value) if key in SHARES else value


def own_line(files: Published, key: str) -> str:
    """What stands in the line of somebody who has a key, in words."""
    bare = "".join(sign for sign in key.upper() if sign.isalnum())
    name = hashlib.sha256(f"{files.code}:{bare}".encode()).hexdigest()[:16]
    for line in files.lines:
        if line["line"] == name:
            group = files.groups[line["group"]]
            facts = ", ".join(f"{key} {value}" for key, value in group.items())
            answer = "awarded" if line["awarded"] == "1" else "not awarded"
            return f"Your line is {name}: {answer}. It stands in this group: {facts}."
    return "There is no line with this key."


def _csv(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(path: Path) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            raise ValueError(f"{path.name}: a key stands twice")
        return table

    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)
    return read


def _whole(number: object, where: str) -> None:
    if type(number) is not int:
        raise ValueError(f"{where} is no whole number")


def _stages(certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """The stages of a certificate, every number of them whole."""
    if certificate["format"] != "budgetpool-published-1":
        raise ValueError("certificate.json is of another format")
    stages: list[dict[str, Any]] = certificate["stages"]
    for stage in stages:
        for key in ("denominator", "constant", "bound_numerator"):
            _whole(stage[key], key)
        if stage["denominator"] < 1:
            raise ValueError("a denominator is below 1")
        for key in ("objective", "multipliers", "kept"):
            for name, number in stage[key].items():
                _whole(number, name)
        _whole(stage.get("reached", 0), "reached")
    return stages


def _size(files: Published) -> str:
    if not files.groups:
        return "The round is too small to publish lines: they would not hide anybody."
    sizes = [int(group["people"]) for group in files.groups.values()]
    return f"{sum(sizes)} lines in {len(sizes)} groups, the smallest of {min(sizes)} people."


def main(arguments: list[str]) -> int:
    """Check a folder and say what was found."""
    if len(arguments) not in {1, 3} or arguments[1:2] not in ([], ["--key"]):
        print((__doc__ or "").splitlines()[0], file=sys.stderr)
        return 2
    try:
        files = Published(Path(arguments[0]))
        wrong_bounds, proven = bounds(files)
        wrong = [*fixed(files), *hidden(files), *added_up(files), *wrong_bounds]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as fault:
        print(f"A file is absent or cannot be read: {fault}", file=sys.stderr)
        return 2
    if len(arguments) == 3:
        print(own_line(files, arguments[2]))
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    for sentence in proven:
        print(sentence)
    print(_size(files))
    print(f"Exact file, for the auditor: sha256 {files.result['snapshot_sha256']}")
    print("Something does not hold." if wrong else "Everything that can be added up holds.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
