"""What a check of the books found."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code with parameters."""

    code: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{key}={value}" for key, value in self.params.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check looked at, and what it found (at most `MOST_FINDINGS`)."""

    check: str
    looked_at: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, **asdict(self)}


def outcome(check: str, looked_at: int, findings: Iterable[Finding]) -> Outcome:
    """The outcome of a check with its first findings."""
    return Outcome(check, looked_at, list(islice(findings, MOST_FINDINGS)))
