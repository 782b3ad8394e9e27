"""Check a published division without a solver, in whole numbers, in one pass.

It follows docs/certificate.md and shares no code with the optimiser: it reads
the files itself, derives every limit itself, and recomputes every sum, every
lot and every bound. Anybody can run it on the files of a round.
"""

from pathlib import Path

import numpy as np

from . import (
    certificate,
    envy,
    figures,
    inputs,
    limits,
    lots,
    model,
    reached,
    reasons,
    shortfall,
)
from .findings import Finding, Findings

__all__ = ["Finding", "Findings", "report", "verify"]

OPTIMISER = "optimiser"


def verify(folder: Path, out: Path) -> list[Finding]:
    """Give everything that does not hold; an empty list means that all of it does.

    The arguments and errors are those of `report`.
    """
    return report(folder, out).found


def report(folder: Path, out: Path) -> Findings:
    """Give everything that does not hold, and what holds but is worth knowing (`notes`).

    Args:
        folder: the round's input: `requests.csv`, `policy.toml`, …
        out: the result: `decisions.csv`, `result.json`, `certificate.json`.

    Raises:
        InvalidInput: a file is absent or cannot be read, so that nothing can be said.
    """
    files = inputs.read(folder, out)
    findings, result = Findings(), files.result
    if result.get("outcome") != "proven":
        findings.add("outcome_not_proven", stated=result.get("outcome"))
    _check_hashes(files, findings)
    round_ = model.build(files)
    if not limits.listed(round_, files.decisions, findings):
        return findings
    limits.check(round_, files.decisions, findings)
    by_optimiser = result.get("rule", OPTIMISER) == OPTIMISER
    chosen = limits.offered(round_, files.decisions, findings, any_part=not by_optimiser)
    sums = reached.add_up(round_, files.decisions, chosen)
    stages: list[dict[str, object]] = []
    targets = None
    if by_optimiser:
        equals = lots.classes(round_)
        lots.check(round_, chosen, equals, findings)
        reasons.check(round_, files.decisions, chosen, equals, findings)
        cents = np.where(chosen >= 0, files.decisions["amount_cents"].to_numpy(), 0)
        envy.check(round_, sums, cents, chosen, findings)
        if files.certificate is None:
            findings.add("certificate_missing")
        else:
            stages, targets = certificate.check(round_, sums, files.certificate, findings)
    else:
        findings.note("other_rule", rule=result.get("rule"))
    if targets:
        shortfall.check(round_, sums, targets, files.decisions, chosen, findings)
    figures.check(round_, sums, files.decisions, stages, targets, findings)
    return findings


def _check_hashes(files: inputs.Inputs, findings: Findings) -> None:
    snapshot, policy = files.snapshot_sha256(), files.policy_sha256()
    for name, published in (("result.json", files.result), ("certificate.json", files.certificate)):
        if published is not None:
            for code, key, true in (
                ("snapshot_differs", "snapshot_sha256", snapshot),
                ("policy_differs", "policy_sha256", policy),
            ):
                stated = published.get(key)
                findings.expect(code, file=name, stated=stated, recomputed=true)
