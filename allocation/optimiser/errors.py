"""What may go wrong, as codes with parameters; the edges put them into words."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with the input.

    Args:
        code: lower-case English code, for example `duplicate_id`.
        file: the file (or frame) that holds it, for example `requests.csv`.
        row: line number in that file, where the header is line 1; None for the whole file.
        remedy: one English sentence that says what to do.
        params: what the code speaks about (column, value, ...).
    """

    code: str
    file: str
    remedy: str
    row: int | None = None
    params: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}, row {self.row}"
        details = ", ".join(f"{key} {value!r}" for key, value in self.params.items())
        return f"{where}: {self.code}{f' ({details})' if details else ''}. {self.remedy}"


def unreadable(file: str, error: OSError) -> Fault:
    """The fault of a file that is there and cannot be opened."""
    remedy = "Give a folder with files that can be opened."
    return Fault("unreadable_file", file, remedy, params={"error": error.strerror or str(error)})


class OptimiserError(Exception):
    """Any error that the optimiser raises on purpose."""

    code = "optimiser_error"


class InvalidInput(OptimiserError):
    """The input is refused before anything is computed; nothing was written."""

    code = "invalid_input"

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class StoppedEarly(OptimiserError):
    """A limit of time or memory, or a cancellation, ended the run: there are no decisions.

    `reason` is `time_limit`, `memory_limit`, `cancelled`, `gap`, `solver_failed` (the solver gave
    no answer, or its process crashed) or `unexpected_error` (a fault in the program); `progress`
    tells the last stage, its value, its bound and the seconds used, of an unexpected error also
    `error` and `traceback`, of a crash `exit_code` and `last_words`.
    """

    code = "stopped_early"

    def __init__(self, reason: str, progress: dict[str, object] | None = None) -> None:
        self.reason = reason
        self.progress = progress or {}
        super().__init__(reason)
