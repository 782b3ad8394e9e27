"""Every figure of result.json."""

from fractions import Fraction
from math import isclose
from typing import Any

from .decisions import Reached
from .form import Proven, only_keys
from .round import Limit, Round
from .words import MILLION, OPTIMISER, Findings, is_number, open_people

# Keys of result.json: those that are always there, and those that only some rounds have.
RESULT = (
    "outcome",
    "rule",
    "value",
    "bound",
    "gap",
    "spent_cents",
    "people",
    "coverage",
    "floors",
    "caps",
    "stages",
    "envy",
    "solver",
    "snapshot_sha256",
    "policy_sha256",
    "seconds",
    "reason",
    "progress",
)
OPTIMISER_ONLY = ("lots", "give_back_awards", "people_short", "unchanged")
RESULT_SOMETIMES = (*OPTIMISER_ONLY, "waiting")
FLOOR = ("name", "kind", "required_cents", "reached_cents", "cause")
CAP = ("name", "value", "limit", "reached", "unit")
ROW = ("name", "value", "bound", "gap", "seconds", "claimed_bound")


class Figures:
    """Is every figure of result.json what the decisions add up to, and the certificate proves?"""

    def __init__(
        self, round_: Round, reached: Reached, proven: Proven | None, findings: Findings
    ) -> None:
        self.round, self.reached, self.proven, self.findings = round_, reached, proven, findings
        self.result = round_.files.result

    def check(self) -> None:
        result, findings = self.result, self.findings
        only_keys(result, RESULT, RESULT_SOMETIMES, "result.json", findings)
        findings.figure("value", result.get("value"), self.reached.value)
        findings.figure("spent_cents", result.get("spent_cents"), sum(self.reached.cents))
        findings.figure("people", result.get("people"), self.reached.people)
        findings.figure("reason", result.get("reason"), "")
        findings.figure("progress", result.get("progress"), {})
        if not is_number(result.get("seconds")):
            findings.figure("seconds", result.get("seconds"), "a number")
        if not isinstance(result.get("solver"), str):
            findings.figure("solver", result.get("solver"), "a text")
        self._coverage()
        self._promises()
        self._unchanged()
        self._waiting()
        self._caps()
        if result.get("rule") == OPTIMISER:
            if self.proven is not None:
                self._stages(self.proven)
                self._outcome(self.proven)
            if result.get("lots") not in ("exact", "swap_stable"):
                findings.figure("lots", result.get("lots"), "exact, or swap_stable")
            back = self.round.give_back
            if "give_back_awards" in result and not (back and any(back.rhs)):
                findings.add("unknown_key", where="result.json", key="give_back_awards")
        else:
            for name in OPTIMISER_ONLY:
                if name in result:
                    findings.add("unknown_key", where="result.json", key=name)
            for name, expected in (("bound", None), ("gap", None), ("stages", []), ("envy", 0)):
                findings.figure(name, result.get(name), expected)
            findings.figure("outcome", result.get("outcome"), "proven")

    def _coverage(self) -> None:
        stated, round_ = self.result.get("coverage"), self.round
        if not isinstance(stated, dict) or set(stated) != set(round_.groups):
            self.findings.figure("coverage", stated, f"a table of {sorted(round_.groups)}")
            return
        targets = self.proven.targets if self.proven else {}
        groups = zip(round_.groups, round_.applying, self.reached.awarded, strict=True)
        for group, applying, awarded in groups:
            row, where = stated[group], f"coverage.{group}"
            if not isinstance(row, dict):
                self.findings.figure(where, row, "applying, awarded, share")
                continue
            always = ("applying", "awarded", "share")
            extra = ("target",) if targets else ()
            only_keys(
                row, (*always, *extra), () if self.proven else ("target",), where, self.findings
            )
            self.findings.figure(f"{where}.applying", row.get("applying"), applying)
            self.findings.figure(f"{where}.awarded", row.get("awarded"), awarded)
            self._close(f"{where}.share", row.get("share"), Fraction(awarded, applying))
            if targets:
                self.findings.figure(f"{where}.target", row.get("target"), targets.get(group, 0))

    def _rows(self, name: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
        rows = self.result.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.findings.figure(name, rows, "a list of tables")
            return []
        for row in rows:
            only_keys(row, keys, (), f"{name}, {row.get('name')}", self.findings)
        return rows

    def _promises(self) -> None:
        """Floors, then give-back: required and reached cents, and why less was reached."""
        expected: list[dict[str, Any]] = []
        for kind, promises in (
            ("floor", self.round.floors),
            ("give_back", [self.round.give_back] if self.round.give_back else []),
        ):
            for promise in promises:
                sums = self.reached.of(promise)
                for name, required, sum_ in zip(promise.names, promise.rhs, sums, strict=True):
                    expected.append(
                        {
                            "name": name.partition(":")[2],
                            "kind": kind,
                            "required_cents": required,
                            "reached_cents": sum_,
                            "cause": self._cause(name) if sum_ < required else None,
                        }
                    )
        rows = self._rows("floors", FLOOR)
        if len(rows) != len(expected):
            self.findings.figure("floors", len(rows), len(expected))
        for row, true in zip(rows, expected, strict=False):
            for key, figure in true.items():
                if not (key == "cause" and figure == ""):
                    self.findings.figure(
                        f"{true['kind']}.{true['name']}.{key}", row.get(key), figure
                    )

    def _unchanged(self) -> None:
        """How many people keep what they had, of those that were to."""
        promise, stated = self.round.unchanged, self.result.get("unchanged")
        if promise is None or self.result.get("rule") != OPTIMISER:
            self.findings.figure("unchanged", stated, None)
            return
        (required,), (reached,) = promise.rhs, self.reached.of(promise)
        true = {"required": required, "reached": min(required, reached)}
        self.findings.figure("unchanged", stated, true)

    def _waiting(self) -> None:
        """Of who waited long enough to go first, how many are served."""
        true = [
            {
                "rounds": int(promise.names[0].partition(":")[2]),
                "people": promise.rhs[0],
                "served": self.reached.of(promise)[0],
            }
            for promise in self.round.waiting
        ]
        expected = true if "waiting" in self.round.policy else None
        self.findings.figure("waiting", self.result.get("waiting"), expected)

    def _cause(self, name: str) -> str:
        if self.result.get("rule") != OPTIMISER:
            return "not_enforced"
        return self.proven.causes.get(name, "") if self.proven else ""

    def _caps(self) -> None:
        """One row per value of a cap's column that has an award."""
        expected: dict[tuple[str, str], dict[str, Any]] = {}
        for cap, limit in zip(self.round.policy["cap"], self._cap_limits(), strict=True):
            for name, rhs in zip(limit.names, limit.rhs, strict=True):
                value = name.removeprefix(f"cap:{cap['name']}:")
                if self.reached.used.get(name):
                    expected[cap["name"], value] = {
                        "limit": rhs,
                        "reached": self.reached.used[name],
                        "unit": "count" if limit.counts else "cents",
                    }
        rows = self._rows("caps", CAP)
        stated = {(row.get("name"), row.get("value")): row for row in rows}
        if len(rows) != len(expected) or set(stated) != set(expected):
            names = [str((row.get("name"), row.get("value"))) for row in rows]
            self.findings.figure("caps", names, sorted(map(str, expected)))
            return
        for key, true in expected.items():
            for figure, number in true.items():
                self.findings.figure(f"caps.{key}.{figure}", stated[key].get(figure), number)

    def _cap_limits(self) -> list[Limit]:
        return self.round.limits[len(self.round.limits) - len(self.round.policy["cap"]) :]

    def _stages(self, proven: Proven) -> None:
        """What each stage reached and what is proven; the solver's own claim is only told."""
        wanted = [name for name in proven.order if name in proven.sums or name in proven.levels]
        rows = self._rows("stages", ROW)
        if [row.get("name") for row in rows] != wanted:
            names = [row.get("name") for row in rows]
            self.findings.add("stages_differ", stated=names, recomputed=wanted)
            return
        for row in rows:
            name, claimed = row["name"], row.get("claimed_bound")
            if name in proven.levels:
                share = proven.levels[name] * MILLION
                value, bound = int(share), -int(-share // 1)
                self.findings.figure(f"{name}.claimed_bound", claimed, None)
            else:
                value, bound = proven.sums[name]
                if claimed is not None and (type(claimed) is not int or claimed < value):
                    self.findings.figure(f"{name}.claimed_bound", claimed, f"at least {value}")
            self.findings.figure(f"{name}.value", row.get("value"), value)
            self.findings.figure(f"{name}.bound", row.get("bound"), bound)
            self._gap(name, row.get("gap"), value, bound)
            if not is_number(row.get("seconds")):
                self.findings.figure(f"{name}.seconds", row.get("seconds"), "a number")
        if "value" in proven.sums:
            value, bound = proven.sums["value"]
            self.findings.figure("bound", self.result.get("bound"), bound)
            self._gap("result", self.result.get("gap"), value, bound)

    def _outcome(self, proven: Proven) -> None:
        """`proven` only where the proven gaps are within the tolerance."""
        tolerance = self.round.policy["tolerance"]
        most = open_people(len(self.round.ids), len(self.round.workers))
        wide = list(proven.open_)
        for name, (value, bound) in proven.sums.items():
            people = name in ("people", "coverage:people") and bound - value <= most
            if bound - value > tolerance * max(1, bound) and not people:
                wide.append(name)
                gap = f"{100 * (bound - value) / max(1, bound):.3f} %"
                self.findings.note("not_proven", stage=name, reached=value, bound=bound, gap=gap)
        for name in proven.open_:
            self.findings.note("not_proven", stage=name)
        outcome = "proven_within" if wide else "proven"
        stated = self.result.get("outcome")
        self.findings.expect("outcome_differs", stated=stated, recomputed=outcome)

    def _gap(self, name: str, stated: object, value: int, bound: int) -> None:
        true = Fraction(bound - value, max(1, abs(bound)))
        if not is_number(stated) or not isclose(float(stated), true, rel_tol=1e-6, abs_tol=1e-9):  # type: ignore[arg-type]
            self.findings.add("gap_differs", stage=name, stated=stated, recomputed=float(true))

    def _close(self, name: str, stated: object, true: Fraction) -> None:
        """A share that is published for reading: equal to six decimals."""
        if not is_number(stated) or not isclose(float(stated), true, rel_tol=1e-6, abs_tol=1e-6):  # type: ignore[arg-type]
            self.findings.figure(name, stated, float(true))
