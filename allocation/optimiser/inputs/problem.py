"""The frames of a round, and the check that they can be divided at all.

Every frame holds int and str columns only. A row of `requests` is one choice of one worker;
rows of one worker with the same `choice` are alternatives for that choice (say, several
editions of one training), of which at most one is awarded.
"""

import unicodedata
from dataclasses import dataclass, field, replace

import pandas as pd

from allocation.optimiser.errors import Fault, InvalidInput
from allocation.optimiser.inputs.policy import Policy

# No sum in the model may leave the whole numbers that a double holds exactly.
LARGEST_SUM = 2**53
MOST_FAULTS = 20

_REQUEST_INTEGERS = {"choice": 1, "amount_cents": 1, "points": 0}
_ID = "Give every row its own id that is not empty."


@dataclass(frozen=True)
class Problem:
    """Everything that a division depends on.

    Args:
        requests: `request_id, worker_id, choice, amount_cents, points`, optionally `edition_id`,
            `draw`, `submitted_at`, and every column that the policy names.
        policy: the frozen rule.
        editions: `edition_id, seats`; without it editions have no limit.
        pools: `pool_id, amount_cents, column, equals`; without it only the ceiling limits.
        contributions: `value, amount_cents`; needed by a solidarity rule only.
        given, withheld: request ids that the board decided itself; the rest is divided.
        before: `request_id, amount_cents`: what was awarded in a division before; needed where
            the policy counts who is `unchanged`, and read there only.
    """

    requests: pd.DataFrame
    policy: Policy
    editions: pd.DataFrame | None = None
    pools: pd.DataFrame | None = None
    contributions: pd.DataFrame | None = None
    given: frozenset[str] = field(default_factory=frozenset)
    withheld: frozenset[str] = field(default_factory=frozenset)
    before: pd.DataFrame | None = None


def check(problem: Problem) -> Problem:
    """Return the same problem with clean integer and text columns.

    Raises:
        InvalidInput: with file, row and remedy for each fault (the first twenty).
    """
    faults: list[Fault] = []
    checked = replace(
        problem,
        requests=_requests(problem, faults),
        editions=_editions(problem.editions, faults),
        pools=_pools(problem.pools, faults),
        contributions=_contributions(problem, faults),
        before=_before(problem, faults),
    )
    if not faults:
        _references(checked, faults)
        _lots(checked.requests, faults)
        _adjustments(checked, faults)
        _one_before(checked, faults)
        _one_wait(checked, faults)
    if faults:
        raise InvalidInput(*faults[:MOST_FAULTS])
    return checked


def _requests(problem: Problem, faults: list[Fault]) -> pd.DataFrame:
    file, policy = "requests.csv", problem.policy
    frame = problem.requests.reset_index(drop=True)
    needed = ["request_id", "worker_id", *_REQUEST_INTEGERS, *policy.columns()]
    if not _has_columns(frame, needed, file, faults):
        return frame
    for column in frame.columns:
        if column in _REQUEST_INTEGERS:
            frame[column] = _integers(frame, column, _REQUEST_INTEGERS[column], file, faults)
        elif column == "draw":
            if (_text(frame[column]) == "").all():
                frame = frame.drop(columns="draw")
            else:
                frame[column] = _integers(frame, column, None, file, faults)
        else:
            frame[column] = _text(frame[column])
    if "edition_id" not in frame:
        frame["edition_id"] = ""
    _unique(frame, "request_id", file, faults)
    _refuse(frame["worker_id"] == "", "empty_id", file, "worker_id", _ID, frame, faults)
    for column in ("request_id", "worker_id"):
        odd = frame[column].map(_is_odd)
        remedy = "Write it in composed characters (NFC), without invisible signs."
        _refuse(odd.astype(bool), "odd_characters", file, column, remedy, frame, faults)
    last = len(policy.choice_percent)
    remedy = f"The policy's choice_percent counts {last} choices; mend the row or the policy."
    _refuse(frame["choice"] > last, "unknown_choice", file, "choice", remedy, frame, faults)
    if policy.part_awards is not None:
        column = policy.part_awards.column
        bad = ~frame[column].str.fullmatch(r"( *[1-9][0-9]?(?= |$))*( *100)? *")
        remedy = "Give whole percentages from 1 to 99 with spaces between them, or nothing."
        _refuse(bad, "not_shares", file, column, remedy, frame, faults)
    _refuse_too_large(frame, policy, faults)
    return frame


def _refuse_too_large(frame: pd.DataFrame, policy: Policy, faults: list[Fault]) -> None:
    if faults:
        return
    amounts = frame["amount_cents"].astype("object") if len(frame) else frame["amount_cents"]
    money = int(amounts.sum())
    value = int((amounts * frame["points"]).sum() if policy.value != "points" else 0)
    value = 100 * max(value, int(frame["points"].astype("object").sum()))
    if max(money, value, policy.ceiling_cents) >= LARGEST_SUM:
        remedy = "The sums pass 2^53 and would not be exact; give smaller points or amounts."
        faults.append(Fault("sums_too_large", "requests.csv", remedy))


def _editions(frame: pd.DataFrame | None, faults: list[Fault]) -> pd.DataFrame | None:
    file = "editions.csv"
    if frame is None or not _has_columns(frame, ["edition_id", "seats"], file, faults):
        return None
    frame = frame.reset_index(drop=True)
    frame["edition_id"] = _text(frame["edition_id"])
    frame["seats"] = _integers(frame, "seats", 0, file, faults)
    _unique(frame, "edition_id", file, faults)
    return frame


def _pools(frame: pd.DataFrame | None, faults: list[Fault]) -> pd.DataFrame | None:
    file = "pools.csv"
    if frame is None or not _has_columns(frame, ["pool_id", "amount_cents"], file, faults):
        return None
    frame = frame.reset_index(drop=True)
    for column in ("column", "equals"):
        if column not in frame:
            frame[column] = ""
    for column in ("pool_id", "column", "equals"):
        frame[column] = _text(frame[column])
    frame["amount_cents"] = _integers(frame, "amount_cents", 0, file, faults)
    _unique(frame, "pool_id", file, faults)
    half = (frame["column"] == "") != (frame["equals"] == "")
    remedy = "An earmark needs both column and equals; the general pool has neither."
    _refuse(half, "half_an_earmark", file, "column", remedy, frame, faults)
    return frame


def _contributions(problem: Problem, faults: list[Fault]) -> pd.DataFrame | None:
    file, frame = "contributions.csv", problem.contributions
    if frame is None:
        if problem.policy.solidarity is not None:
            remedy = "The policy has a solidarity rule: add the file with value and amount_cents."
            faults.append(Fault("missing_file", file, remedy))
        return None
    if not _has_columns(frame, ["value", "amount_cents"], file, faults):
        return None
    frame = frame.reset_index(drop=True)
    frame["value"] = _text(frame["value"])
    frame["amount_cents"] = _integers(frame, "amount_cents", 0, file, faults)
    _unique(frame, "value", file, faults)
    return frame


def _before(problem: Problem, faults: list[Fault]) -> pd.DataFrame | None:
    file, frame = "before.csv", problem.before
    if frame is None:
        if problem.policy.unchanged is not None:
            remedy = "The policy counts who is unchanged: add the file with what was awarded."
            faults.append(Fault("missing_file", file, remedy))
        return None
    if not _has_columns(frame, ["request_id", "amount_cents"], file, faults):
        return None
    frame = frame.reset_index(drop=True)
    frame["request_id"] = _text(frame["request_id"])
    frame["amount_cents"] = _integers(frame, "amount_cents", 1, file, faults)
    _unique(frame, "request_id", file, faults)
    return frame


def _one_before(problem: Problem, faults: list[Fault]) -> None:
    """What was awarded before is known, and no worker had two awards."""
    if problem.before is None or problem.policy.unchanged is None:
        return
    file, frame = "before.csv", problem.before
    worker = problem.requests.set_index("request_id")["worker_id"]
    unknown = ~frame["request_id"].isin(worker.index)
    _refuse(
        unknown,
        "unknown_request",
        file,
        "request_id",
        "Name a request of this round.",
        frame,
        faults,
    )
    if not unknown.any():
        twice = frame["request_id"].map(worker).duplicated()
        remedy = "A worker had one award at most; take the other away."
        _refuse(twice, "two_awards_before", file, "request_id", remedy, frame, faults)


def _one_wait(problem: Problem, faults: list[Fault]) -> None:
    """A worker waited for one number of rounds, a whole one."""
    rule, file, requests = problem.policy.waiting, "requests.csv", problem.requests
    if rule is None:
        return
    rounds = _integers(requests, rule.column, 0, file, faults)
    first = rounds.groupby(requests["worker_id"], sort=False).transform("first")
    remedy = "A worker waited for one number of rounds: give all choices of this worker the same."
    _refuse(rounds != first, "two_waits", file, rule.column, remedy, requests, faults)


def _references(problem: Problem, faults: list[Fault]) -> None:
    requests, file = problem.requests, "requests.csv"
    if problem.editions is not None:
        named = requests["edition_id"] != ""
        unknown = named & ~requests["edition_id"].isin(problem.editions["edition_id"])
        remedy = "Add the edition to editions.csv, or mend the id."
        _refuse(unknown, "unknown_edition", file, "edition_id", remedy, requests, faults)
    if problem.pools is not None:
        absent = (problem.pools["column"] != "") & ~problem.pools["column"].isin(requests.columns)
        remedy = "Name a column of requests.csv, or add it there."
        _refuse(absent, "unknown_column", "pools.csv", "column", remedy, problem.pools, faults)
    coverage = problem.policy.coverage
    if coverage is not None:
        first = requests.groupby("worker_id", sort=False)[coverage].transform("first")
        remedy = "A worker belongs to one group: give all choices of this worker the same value."
        _refuse(requests[coverage] != first, "two_groups", file, coverage, remedy, requests, faults)


def _lots(requests: pd.DataFrame, faults: list[Fault]) -> None:
    if "draw" not in requests:
        return
    file = "requests.csv"
    first = requests.groupby("worker_id", sort=False)["draw"].transform("first")
    remedy = "A worker has one lot number: give all choices of this worker the same draw."
    _refuse(requests["draw"] != first, "two_lots", file, "draw", remedy, requests, faults)
    workers = requests.drop_duplicates("worker_id")
    remedy = "Two workers may not have the same lot number: draw again."
    twice = workers["draw"].duplicated().reindex(requests.index, fill_value=False)
    _refuse(twice, "lot_shared", file, "draw", remedy, requests, faults)


def _adjustments(problem: Problem, faults: list[Fault]) -> None:
    file = "adjustments.csv"
    known = set(problem.requests["request_id"]) if problem.given or problem.withheld else set()
    for request_id in sorted((problem.given | problem.withheld) - known):
        remedy = "Name a request of this round."
        params = {"request_id": request_id}
        faults.append(Fault("unknown_request", file, remedy, params=params))
    for request_id in sorted(problem.given & problem.withheld):
        remedy = "A request is given or withheld, not both."
        params = {"request_id": request_id}
        faults.append(Fault("given_and_withheld", file, remedy, params=params))


def _has_columns(frame: pd.DataFrame, needed: list[str], file: str, faults: list[Fault]) -> bool:
    missing = [column for column in needed if column not in frame.columns]
    for column in missing:
        remedy = "Add this column; the first line of the file holds the names."
        faults.append(Fault("missing_column", file, remedy, row=1, params={"column": column}))
    return not missing


def _text(column: "pd.Series[str]") -> "pd.Series[str]":
    """The column as text without spaces around it; what is absent is the empty text."""
    text = column.where(column.notna(), "").astype("str")
    values = text.tolist()
    stripped = [value.strip() for value in values]
    return text if stripped == values else pd.Series(stripped, index=text.index, dtype="str")


def _is_odd(name: str) -> bool:
    """Whether a name can be written in another way that looks the same: one person, two names."""
    if name.isascii() and name.isprintable():
        return False
    invisible = any(unicodedata.category(sign) in ("Cf", "Cc", "Cn") for sign in name)
    return invisible or not unicodedata.is_normalized("NFC", name)


def _integers(
    frame: pd.DataFrame, name: str, least: int | None, file: str, faults: list[Fault]
) -> "pd.Series[int]":
    column = frame[name]
    if not pd.api.types.is_integer_dtype(column.dtype):
        column = _text(column)
        bad = ~column.str.fullmatch(r"[+-]?[0-9]{1,16}")
        remedy = "Give a whole number (money in cents), digits only."
        _refuse(bad, "not_a_whole_number", file, name, remedy, frame, faults)
        column = column.where(~bad, str(least or 0))
    numbers = column.astype("int64")
    if least is not None:
        remedy = f"Give a number of at least {least}."
        _refuse(numbers < least, "too_small", file, name, remedy, frame, faults)
    return numbers


def _unique(frame: pd.DataFrame, name: str, file: str, faults: list[Fault]) -> None:
    _refuse(frame[name] == "", "empty_id", file, name, _ID, frame, faults)
    _refuse(frame[name].duplicated(), "duplicate_id", file, name, _ID, frame, faults)


def _refuse(
    bad: "pd.Series[bool]",
    code: str,
    file: str,
    column: str,
    remedy: str,
    frame: pd.DataFrame,
    faults: list[Fault],
) -> None:
    for row in bad.to_numpy().nonzero()[0][:MOST_FAULTS]:
        value = str(frame[column].iloc[row]) if column in frame else ""
        params = {"column": column, "value": value}
        faults.append(Fault(code, file, remedy, row=int(row) + 2, params=params))
