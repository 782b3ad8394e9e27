"""policy.toml: its keys, defaults and shares as fractions."""

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .frames import text_of
from .words import Unreadable

# As text or as a number of the file: 3/5, 0.60, 1e-4 or 1; nothing that only Python reads so.
_SHARE = re.compile(r"[+-]?([0-9]+(/[0-9]+)?|[0-9]*\.?[0-9]*([eE][+-]?[0-9]{1,3})?)")
_SHARE_SIGNS = 60
SHARES = ("share_of_ceiling", "give_back", "fairness", "coverage_cap", "tolerance")
POLICY = {
    "": (
        "name",
        "seed",
        "ceiling_cents",
        "awards_per_worker",
        "value",
        "choice_percent",
        "coverage",
        "fairness",
        "coverage_cap",
        "tolerance",
        "floor",
        "cap",
        "solidarity",
        "part_awards",
        "unchanged",
        "waiting",
    ),
    "floor": ("name", "column", "equals", "share_of_ceiling"),
    "cap": ("name", "column", "equals", "share_of_ceiling", "count"),
    "solidarity": ("column", "give_back"),
    "part_awards": ("column", "value_percent"),
    "waiting": ("column", "bound"),
}
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


def read_policy(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(text_of(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable("not_toml", path.name, "Mend the file.", error=error) from None
    for key in ("name", "seed", "ceiling_cents"):
        if key not in data:
            raise Unreadable("missing_key", path.name, "Add it.", key=key)
    for table, known in POLICY.items():
        part = data.get(table, []) if table else data
        for entry in part if isinstance(part, list) else [part]:
            for key in entry:
                if key not in known:
                    raise Unreadable("unknown_key", path.name, "Take it away.", key=key)
    policy = {**DEFAULTS, **{key: value for key, value in data.items() if value != ""}}
    try:
        policy = {key: _exact(key, value) for key, value in policy.items()}
        for table in [*policy["floor"], *policy["cap"]]:
            if "equals" in table:
                table["equals"] = str(table["equals"])
    except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable("bad_policy", path.name, "Mend it.", error=error) from None
    if "part_awards" in policy:
        worth = policy["part_awards"].get("value_percent", {})
        policy["part_awards"]["value_percent"] = {str(key): worth[key] for key in worth}
    return policy


def _exact(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _exact(name, part) for name, part in value.items() if part != ""}
    if isinstance(value, list):
        return [_exact(key, part) for part in value]
    return _share(value) if key in SHARES else value


def _share(value: Any) -> Fraction:
    text = str(value).strip(" \t")
    if type(value) is bool or len(text) > _SHARE_SIGNS or not _SHARE.fullmatch(text):
        raise ValueError(f"{text[:_SHARE_SIGNS]} is no share")
    return Fraction(text)
