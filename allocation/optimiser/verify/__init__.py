"""Check a published division without a solver, in whole numbers.

It follows docs/certificate.md, needs nothing but Python and shares no code with the optimiser. Each
module has one subject; bundle.py makes of them the one file that anybody can download and run
beside the files of a round. Here its errors become those of the optimiser's other commands.
"""

from pathlib import Path

from ..errors import Fault, InvalidInput
from . import whole
from .bundle import text
from .words import NOTES, SENTENCES, Finding, Findings, Unreadable

__all__ = ["NOTES", "SENTENCES", "Finding", "Findings", "report", "text", "verify"]


def report(folder: Path, out: Path) -> Findings:
    """Give everything that does not hold, and what holds but is worth knowing (`notes`).

    Args:
        folder: the round's input: `requests.csv`, `policy.toml`, …
        out: the result: `decisions.csv`, `result.json`, `certificate.json`.

    Raises:
        InvalidInput: a file is absent or cannot be read, so that nothing can be said.
    """
    try:
        return whole.report(folder, out)
    except Unreadable as fault:
        raise InvalidInput(
            Fault(fault.code, fault.file, fault.remedy, row=fault.row, params=fault.params)
        ) from None


def verify(folder: Path, out: Path) -> list[Finding]:
    """Give everything that does not hold; an empty list means that all of it does.

    The arguments and errors are those of `report`.
    """
    return report(folder, out).found
