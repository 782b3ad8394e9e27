"""Rounds as folders of files: read the input, write the result."""

import csv
import hashlib
import io
import json
import os
import warnings
from collections.abc import Buffer
from pathlib import Path
from typing import Any

import pandas as pd

from allocation.optimiser.inputs.policy import Policy
from allocation.optimiser.inputs.problem import Problem, check
from allocation.optimiser.results.allocation import DIVIDED, Allocation

from .errors import Fault, InvalidInput, unreadable

_FRAMES = ("editions", "pools", "contributions", "before")
# The key that orders a frame for its hash.
_KEYS = {
    "requests": "request_id",
    "editions": "edition_id",
    "pools": "pool_id",
    "contributions": "value",
    "before": "request_id",
}


def read(folder: Path) -> Problem:
    """Read and check `requests.csv`, `policy.toml` and, where present, the other frames.

    `adjustments.csv` (optional: `request_id, action`, action `give` or `withhold`) holds what the
    board decided itself.

    Raises:
        InvalidInput: with file, row and remedy.
    """
    policy = Policy.from_toml(folder / "policy.toml")
    frames = {
        name: _csv(folder / f"{name}.csv") if (folder / f"{name}.csv").exists() else None
        for name in _FRAMES
    }
    given, withheld = _adjustments(folder / "adjustments.csv")
    return check(
        Problem(
            requests=_csv(folder / "requests.csv"),
            policy=policy,
            given=given,
            withheld=withheld,
            **frames,
        )
    )


def refuse_unwritable(folder: Path) -> None:
    """Refuse a folder for the result that cannot be made or written; makes nothing yet.

    Raises:
        InvalidInput: it cannot.
    """
    there = next(path for path in [folder, *folder.absolute().parents] if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise InvalidInput(Fault("unwritable_folder", str(folder), "Name a folder to write into."))


def write(allocation: Allocation, folder: Path) -> None:
    """Write `decisions.csv`, `result.json` and `certificate.json`.

    A run without decisions writes `result.json` alone and takes older decisions away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("decisions.csv", "result.json", "certificate.json"):
        (folder / name).unlink(missing_ok=True)
    _json(folder / "result.json", allocation.to_dict())
    if allocation.outcome not in DIVIDED:
        return
    allocation.decisions.to_csv(folder / "decisions.csv", index=False, lineterminator="\n")
    if allocation.certificate is not None:
        _json(folder / "certificate.json", allocation.certificate)


def snapshot_sha256(problem: Problem) -> str:
    """Hash of the input, whatever the order of rows and columns.

    For each frame that is present (requests, editions, pools, contributions, before): its name and
    a line feed, then the frame as CSV, columns in alphabetical order, rows in the order of their
    id, line feeds, UTF-8. Last, when the board decided requests itself: `given` and `withheld`
    with the sorted ids, one a line.
    """
    digest = hashlib.sha256()
    for name, key in _KEYS.items():
        frame: pd.DataFrame | None = getattr(problem, name)
        if frame is not None:
            digest.update(f"{name}\n".encode())
            ordered = frame.sort_values(key)[sorted(frame.columns)]
            # Piece by piece: the text of a very large round would be the most memory.
            with io.TextIOWrapper(io.BufferedWriter(_Hashed(digest)), "utf-8", newline="") as text:
                ordered.to_csv(text, index=False, lineterminator="\n")
    for name in ("given", "withheld"):
        ids: frozenset[str] = getattr(problem, name)
        if ids:
            digest.update("\n".join([name, *sorted(ids), ""]).encode())
    return digest.hexdigest()


class _Hashed(io.RawIOBase):
    """A file that keeps nothing of what is written to it but a hash."""

    def __init__(self, digest: "hashlib._Hash") -> None:
        self.digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: "Buffer") -> int:
        self.digest.update(data)
        return len(memoryview(data))


def _csv(path: Path) -> pd.DataFrame:
    try:
        with warnings.catch_warnings(action="error", category=pd.errors.ParserWarning):
            frame = pd.read_csv(
                path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
            )
    except FileNotFoundError:
        fault = Fault("missing_file", path.name, "Add this file to the folder.")
    except OSError as error:
        fault = unreadable(path.name, error)
    except pd.errors.EmptyDataError:
        fault = Fault("empty_file", path.name, "Give the file a first line with column names.")
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        params = {"error": str(error).strip()}
        remedy = "Save the file as CSV with commas."
        fault = _odd_row(path) or Fault("not_csv", path.name, remedy, params=params)
    except UnicodeDecodeError:
        fault = Fault("not_utf8", path.name, "Save the file as UTF-8.")
    else:
        # A row that is too short leaves its last field empty; semicolons leave one column.
        short = len(frame.columns) == 1 or bool((frame.iloc[:, -1] == "").any())
        odd = _column_twice(path) or (_odd_row(path) if short else None)
        if odd is None:
            return frame
        fault = odd
    raise InvalidInput(fault)


def _column_twice(path: Path) -> Fault | None:
    """A name that the first line holds more than once, so that nobody knows which column counts."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = next(csv.reader(file), [])
    for name in names:
        if names.count(name) > 1:
            remedy = "Give each column its own name."
            params = {"column": name}
            return Fault("duplicate_column", path.name, remedy, row=1, params=params)
    return None


def _odd_row(path: Path) -> Fault | None:
    """The first row that has not as many fields as the header, or semicolons for commas."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        if len(header) == 1 and ";" in header[0]:
            remedy = "The fields stand between semicolons; save the file as CSV with commas."
            return Fault("semicolons", path.name, remedy, row=1)
        for number, row in enumerate(filter(None, rows), start=2):
            if len(row) != len(header):
                remedy = (
                    "Give the row as many fields as the first line has names; "
                    "take a comma at its end away, and put text with a comma between quotes."
                )
                params = {"fields": str(len(row)), "names": str(len(header))}
                return Fault("uneven_row", path.name, remedy, row=number, params=params)
    return None


def _adjustments(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    if not path.exists():
        return frozenset(), frozenset()
    frame = _csv(path)
    missing = [column for column in ("request_id", "action") if column not in frame]
    if missing:
        remedy = "Add this column; the first line of the file holds the names."
        params = {"column": missing[0]}
        raise InvalidInput(Fault("missing_column", path.name, remedy, row=1, params=params))
    for row, action in enumerate(frame["action"], start=2):
        if action not in ("give", "withhold"):
            remedy, params = "Use give or withhold.", {"column": "action", "value": action}
            raise InvalidInput(Fault("unknown_value", path.name, remedy, row=row, params=params))
    give = frame["action"] == "give"
    return frozenset(frame["request_id"][give]), frozenset(frame["request_id"][~give])


def _json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
