"""The files of one round and its result, and their hashes."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .frames import Frame, need, read_csv, read_json, refuse_unknown
from .policy import read_policy
from .words import Unreadable

KEYS = {
    "requests": "request_id",
    "editions": "edition_id",
    "pools": "pool_id",
    "contributions": "value",
    "before": "request_id",
}
COLUMNS = {
    "editions": ("edition_id", "seats"),
    "pools": ("pool_id", "amount_cents", "column", "equals"),
    "contributions": ("value", "amount_cents"),
    "before": ("request_id", "amount_cents"),
}
DECISIONS = ("request_id", "awarded", "amount_cents", "reason", "reason_params")


@dataclass
class Files:
    """The files of one round and of its result.

    Args:
        policy: the keys of policy.toml with all defaults; shares as fractions.
        frames: `requests` and, where present, `editions`, `pools`, `contributions`.
        given, withheld: request ids that the board decided.
    """

    policy: dict[str, Any]
    frames: dict[str, Frame]
    given: set[str]
    withheld: set[str]
    decisions: Frame
    result: dict[str, Any]
    certificate: dict[str, Any] | None

    def snapshot_sha256(self) -> str:
        """Hash the frames in the documented canonical form."""
        digest = hashlib.sha256()
        for name, key in KEYS.items():
            if name in self.frames:
                digest.update(f"{name}\n".encode() + self.frames[name].canonical(key))
        for name, ids in (("given", self.given), ("withheld", self.withheld)):
            if ids:
                digest.update("".join(f"{line}\n" for line in [name, *sorted(ids)]).encode())
        return digest.hexdigest()

    def policy_sha256(self) -> str:
        """Hash the policy as canonical JSON."""
        text = json.dumps(self.policy, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def read(folder: Path, out: Path) -> Files:
    """Read a round from `folder` and its result from `out`.

    Raises:
        Unreadable: a file is absent or is not what it should be.
    """
    policy = read_policy(folder / "policy.toml")
    requests = read_csv(folder / "requests.csv")
    need(requests, ["request_id", "worker_id", "choice", "amount_cents", "points"], "requests.csv")
    requests.columns.setdefault("edition_id", [""] * len(requests))
    frames = {"requests": requests}
    for name, columns in COLUMNS.items():
        if (folder / f"{name}.csv").exists():
            frame = frames[name] = read_csv(folder / f"{name}.csv")
            if name == "pools":
                for column in ("column", "equals"):
                    frame.columns.setdefault(column, [""] * len(frame))
            need(frame, columns, f"{name}.csv")
    for name, frame in frames.items():
        ids = frame.columns[KEYS[name]]
        if len(set(ids)) < len(ids):
            raise Unreadable("duplicate_id", f"{name}.csv", "Give every row its own id.")
    for name in ("request_id", "worker_id"):
        _refuse_odd_names(requests.columns[name], name)
    given, withheld = _adjustments(folder / "adjustments.csv")
    decisions = read_csv(out / "decisions.csv")
    need(decisions, DECISIONS, "decisions.csv")
    refuse_unknown(decisions, DECISIONS, "decisions.csv")
    certificate = out / "certificate.json"
    return Files(
        policy=policy,
        frames=frames,
        given=given,
        withheld=withheld,
        decisions=decisions,
        result=read_json(out / "result.json"),
        certificate=read_json(certificate) if certificate.exists() else None,
    )


def _refuse_odd_names(names: list[str], column: str) -> None:
    """One person under two spellings would count twice."""
    for name in set(names):
        invisible = any(unicodedata.category(sign) in ("Cf", "Cc", "Cn") for sign in name)
        if not name or invisible or unicodedata.normalize("NFC", name) != name:
            remedy = "Write it in composed characters (NFC), without invisible signs."
            raise Unreadable(
                "odd_characters", "requests.csv", remedy, column=column, value=ascii(name)
            )


def _adjustments(path: Path) -> tuple[set[str], set[str]]:
    given: set[str] = set()
    withheld: set[str] = set()
    if path.exists():
        frame = read_csv(path)
        need(frame, ["request_id", "action"], path.name)
        refuse_unknown(frame, ["request_id", "action"], path.name)
        ids, actions = frame.columns["request_id"], frame.columns["action"]
        for number, (request, action) in enumerate(zip(ids, actions, strict=True), start=2):
            if action not in ("give", "withhold"):
                raise Unreadable("unknown_value", path.name, "Use give or withhold.", row=number)
            (given if action == "give" else withheld).add(request)
    return given, withheld
