"""The verifier's own reading of a round's files, sharing nothing with the optimiser's.

It expects input that `allocate` accepted; anything else is `InvalidInput`.
"""

import hashlib
import json
import tomllib
import warnings
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import Fault, InvalidInput, unreadable

INTEGERS = {
    "requests.csv": ("choice", "amount_cents", "points", "draw"),
    "editions.csv": ("seats",),
    "pools.csv": ("amount_cents",),
    "contributions.csv": ("amount_cents",),
    "decisions.csv": ("awarded", "amount_cents"),
}
SHARES = ("share_of_ceiling", "give_back", "fairness", "coverage_cap", "tolerance")
KEYS = {
    "requests": "request_id",
    "editions": "edition_id",
    "pools": "pool_id",
    "contributions": "value",
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


@dataclass(frozen=True)
class Inputs:
    """The files of one round and of its result.

    Args:
        policy: the keys of `policy.toml` with all defaults; shares as fractions.
        frames: `requests` and, where present, `editions`, `pools`, `contributions`.
        given, withheld: request ids that the board decided.
        decisions, result, certificate: what `allocate` wrote (certificate None where absent).
    """

    policy: dict[str, Any]
    frames: dict[str, pd.DataFrame]
    given: frozenset[str]
    withheld: frozenset[str]
    decisions: pd.DataFrame
    result: dict[str, Any]
    certificate: dict[str, Any] | None

    def snapshot_sha256(self) -> str:
        """Hash the frames in the documented canonical form."""
        digest = hashlib.sha256()
        for name, key in KEYS.items():
            if name in self.frames:
                frame = self.frames[name].sort_values(key)
                text = frame[sorted(frame.columns)].to_csv(index=False, lineterminator="\n")
                digest.update(f"{name}\n{text}".encode())
        for name, ids in (("given", self.given), ("withheld", self.withheld)):
            if ids:
                digest.update("".join(f"{line}\n" for line in [name, *sorted(ids)]).encode())
        return digest.hexdigest()

    def policy_sha256(self) -> str:
        """Hash the policy as canonical JSON."""
        text = json.dumps(self.policy, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def read(folder: Path, out: Path) -> Inputs:
    """Read a round from `folder` and its result from `out`.

    Raises:
        InvalidInput: a file is absent or cannot be read; there is nothing to verify.
    """
    policy = _policy(folder / "policy.toml")
    frames = {"requests": _requests(folder / "requests.csv")}
    for name in ("editions", "pools", "contributions"):
        if (folder / f"{name}.csv").exists():
            frames[name] = _frame(folder / f"{name}.csv")
    if "pools" in frames:
        for column in ("column", "equals"):
            if column not in frames["pools"]:
                frames["pools"][column] = ""
    for name, frame in frames.items():
        _need(frame, [KEYS[name]], f"{name}.csv")
        if frame[KEYS[name]].duplicated().any():
            raise InvalidInput(Fault("duplicate_id", f"{name}.csv", "Give every row its own id."))
    given, withheld = _adjustments(folder / "adjustments.csv")
    decisions = _frame(out / "decisions.csv")
    columns = ["request_id", "awarded", "amount_cents", "reason", "reason_params"]
    _need(decisions, columns, "decisions.csv")
    certificate = out / "certificate.json"
    return Inputs(
        policy=policy,
        frames=frames,
        given=given,
        withheld=withheld,
        decisions=decisions,
        result=_json(out / "result.json"),
        certificate=_json(certificate) if certificate.exists() else None,
    )


def _policy(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise InvalidInput(unreadable(path.name, error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            Fault("not_toml", path.name, "Mend the file.", params={"error": str(error)})
        ) from None
    for key in ("name", "seed", "ceiling_cents"):
        if key not in data:
            raise InvalidInput(Fault("missing_key", path.name, "Add it.", params={"key": key}))
    policy = {**DEFAULTS, **{key: value for key, value in data.items() if value != ""}}
    try:
        policy = {key: _exact(key, value) for key, value in policy.items()}
        for table in [*policy["floor"], *policy["cap"]]:
            if "equals" in table:
                table["equals"] = str(table["equals"])
    except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
        params = {"error": str(error)}
        raise InvalidInput(Fault("bad_policy", path.name, "Mend it.", params=params)) from None
    if "part_awards" in policy:
        worth = policy["part_awards"].get("value_percent", {})
        policy["part_awards"]["value_percent"] = {str(k): worth[k] for k in worth}
    return policy


def _exact(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _exact(name, part) for name, part in value.items() if part != ""}
    if isinstance(value, list):
        return [_exact(key, part) for part in value]
    return Fraction(value) if key in SHARES else value


def _requests(path: Path) -> pd.DataFrame:
    frame = _frame(path)
    _need(frame, ["worker_id", "choice", "amount_cents", "points"], path.name)
    if "edition_id" not in frame:
        frame["edition_id"] = ""
    return frame


def _frame(path: Path) -> pd.DataFrame:
    """Read a CSV; the known integer columns as int64, everything else as stripped text."""
    try:
        with warnings.catch_warnings(action="error"):  # a row longer than the header is no CSV
            frame = pd.read_csv(
                path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
            )
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise InvalidInput(unreadable(path.name, error)) from None
    except (
        pd.errors.EmptyDataError,
        pd.errors.ParserError,
        pd.errors.ParserWarning,
        UnicodeDecodeError,
    ) as error:
        params = {"error": str(error).strip()}
        raise InvalidInput(Fault("not_csv", path.name, "Save it anew.", params=params)) from None
    names = pd.read_csv(path, dtype=str, header=None, nrows=1, encoding="utf-8-sig")
    if names.iloc[0].duplicated().any():
        remedy = "Give each column its own name."
        raise InvalidInput(Fault("duplicate_column", path.name, remedy, row=1))
    for column in frame.columns:
        text = frame[column].str.strip()
        if column == "draw" and (text == "").all():
            frame = frame.drop(columns="draw")
        elif column in INTEGERS.get(path.name, ()):
            if not text.str.fullmatch(r"[+-]?[0-9]{1,18}").all():
                params = {"column": column}
                remedy = "Give whole numbers only."
                raise InvalidInput(Fault("not_a_whole_number", path.name, remedy, params=params))
            frame[column] = text.astype(np.int64)
        else:
            frame[column] = text
    return frame


def _adjustments(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    if not path.exists():
        return frozenset(), frozenset()
    frame = _frame(path)
    _need(frame, ["request_id", "action"], path.name)
    give = frame["action"] == "give"
    return frozenset(frame["request_id"][give]), frozenset(frame["request_id"][~give])


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise InvalidInput(unreadable(path.name, error)) from None
    except ValueError as error:
        params = {"error": str(error)}
        raise InvalidInput(Fault("not_json", path.name, "Run allocate.", params=params)) from None
    if not isinstance(content, dict):
        raise InvalidInput(Fault("not_json", path.name, "Run allocate again."))
    return content


def _need(frame: pd.DataFrame, columns: list[str], file: str) -> None:
    for column in columns:
        if column not in frame:
            remedy = "Add this column; the first line of the file holds the names."
            raise InvalidInput(
                Fault("missing_column", file, remedy, row=1, params={"column": column})
            )


def _missing(path: Path) -> InvalidInput:
    return InvalidInput(Fault("missing_file", path.name, "Add this file to the folder."))
