"""Check a published division: python verify.py FOLDER OUT

FOLDER holds the input of the round (requests.csv, policy.toml, and where they are there
editions.csv, pools.csv, contributions.csv, adjustments.csv, before.csv), OUT the result
(decisions.csv, result.json, certificate.json). This file needs Python 3.11 and nothing else, knows
no solver and believes nothing that it cannot recompute in whole numbers. docs/certificate.md is
its specification; another reader can write their own from it.

It ends with 0 when everything holds, 1 when something does not (each thing is named), 2 when a
file cannot be read, and 3 when everything holds but the division is not proven to be within the
policy's tolerance of the best: the gap that is proven is then told.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from .decisions import add_up, check_limits, listed
from .figures import Figures
from .files import Files, read
from .lots import check_lots, classes
from .passed_over import Others
from .reasons import Reasons
from .round import Round
from .stages import check_certificate
from .words import OPTIMISER, RULES, Finding, Findings, Unreadable

HOLDS, DOES_NOT_HOLD, UNREADABLE, NOT_PROVEN = 0, 1, 2, 3


def report(folder: Path, out: Path) -> Findings:
    """Give everything that does not hold, and what holds but is worth knowing (`notes`).

    Args:
        folder: the round's input: `requests.csv`, `policy.toml`, …
        out: the result: `decisions.csv`, `result.json`, `certificate.json`.

    Raises:
        Unreadable: a file is absent or is not what it should be, so that nothing can be said.
    """
    files = read(folder, out)
    findings, result = Findings(), files.result
    rule = result.get("rule")
    if rule not in RULES:
        findings.add("unknown_rule", rule=rule)
        return findings
    _check_hashes(files, findings)
    round_ = Round(files)
    if not listed(round_, findings):
        return findings
    reached = add_up(round_, findings, any_part=rule != OPTIMISER)
    check_limits(round_, reached, findings)
    if rule != OPTIMISER:
        if files.certificate is not None:
            findings.add("certificate_unexpected")
        Figures(round_, reached, None, findings).check()
        findings.note("other_rule", rule=rule)
        return findings
    proven = None
    if files.certificate is None:
        findings.add("certificate_missing")
    else:
        proven = check_certificate(round_, reached, files.certificate, findings)
    equals = classes(round_)
    check_lots(round_, reached, equals, findings)
    Reasons(round_, reached, equals, proven, findings).check()
    if proven is not None:
        Others(round_, reached, equals, proven, findings).check()
    try:
        Figures(round_, reached, proven, findings).check()
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        findings.add("result_malformed", where=fault)
    return findings


def verify(folder: Path, out: Path) -> list[Finding]:
    """Give everything that does not hold; an empty list means that all of it does.

    The arguments and errors are those of `report`.
    """
    return report(folder, out).found


def _check_hashes(files: Files, findings: Findings) -> None:
    snapshot, policy = files.snapshot_sha256(), files.policy_sha256()
    for name, published in (("result.json", files.result), ("certificate.json", files.certificate)):
        if published is not None:
            for code, key, true in (
                ("snapshot_differs", "snapshot_sha256", snapshot),
                ("policy_differs", "policy_sha256", policy),
            ):
                findings.expect(code, file=name, stated=published.get(key), recomputed=true)


def ending(findings: Findings) -> int:
    """The number that the program ends with."""
    if findings.found:
        return DOES_NOT_HOLD
    return HOLDS if findings.proven else NOT_PROVEN


def main(arguments: Sequence[str]) -> int:
    """Verify a folder and say what was found."""
    if len(arguments) != 2:
        print("Check a published division: python verify.py FOLDER OUT", file=sys.stderr)
        return UNREADABLE
    try:
        findings = report(Path(arguments[0]), Path(arguments[1]))
    except Unreadable as fault:
        print(fault, file=sys.stderr)
        return UNREADABLE
    for note in findings.notes:
        print(f"Note: {note}")
    for finding in findings.found:
        print(finding, file=sys.stderr)
    if findings.found:
        print(f"{sum(findings.counts.values())} things do not hold.", file=sys.stderr)
    else:
        print("Everything holds." if findings.proven else "Everything holds, but not proven.")
    return ending(findings)
