"""What a division is: decisions, and how well each stage did."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from allocation.optimiser.records import Stage

DIVIDED = ("proven", "proven_within")
OUTCOMES = ("proven", "proven_within", "stopped_early", "invalid_input")


@dataclass(frozen=True)
class Allocation:
    """A finished division, or the reason why there is none.

    Attributes:
        outcome: `proven`: every stage is within the policy's tolerance of its bound.
            `proven_within`: a search ended before; the division is the best that was found, and
            its gap is stated, for the board to decide on.
            `stopped_early`: no decisions (`decisions` has no rows). A baseline is `proven` too:
            it follows its rule to the letter.
        decisions: `request_id, awarded (0|1), amount_cents, reason, reason_params`, one row per
            request in the order of the input; `amount_cents` is 0 for a refusal, and
            `reason_params` is JSON with sorted keys.
        value, bound, gap: of the value stage.
        coverage: group -> {"applying", "awarded", "share", "target"}, people.
        floors: list of {"name", "kind" (floor|give_back), "required_cents", "reached_cents",
            "cause"}; cause is None, "impossible_demand", "impossible_limits", "traded", or
            "within_one_award" (a contributor's share is met, to within one award).
        caps: list of {"name", "value", "limit", "reached", "unit" (cents|count)}.
        stages: in the order in which they were decided.
        certificate: see docs/certificate.md; None for a baseline.
        classes: `worker_id, class_id, place, size, awards`: the worker's place by lot in the
            class of equal cases (1 is the luckiest), the size of the class and the number of
            awards in it.
        envy: awards that a refused request of the same places, worth more and no dearer, could
            take over within every limit and promise (0 where value is proven to the last point).
        lots: `exact`: of all divisions that are equally good, the first by lot (a claim, of which
            a verifier checks the next only). `swap_stable`:
            no refused person could take the place of one with a higher lot number.
        give_back_awards: by how many awards each contributor may stay below its target (1, unless
            whole divisions need more); None without give-back.
        people_short: {"most", "total"}: people missing in one group and in all, where whole
            people cannot meet all targets; None else.
        unchanged: {"required", "reached"}: people who keep exactly what they had, where the policy
            asks for it; None else.
        waiting: list of {"rounds", "people", "served"}, the longest wait first, where the policy
            serves who waited; None else.
        reason, progress: why a run stopped early, and how far it came.
        multipliers: the value stage's, by limit, as the solver gave them; for explanations.
    """

    outcome: str
    rule: str
    decisions: pd.DataFrame
    value: int = 0
    bound: int | None = None
    gap: float | None = None
    spent_cents: int = 0
    people: int = 0
    coverage: dict[str, dict[str, Any]] = field(default_factory=dict)
    floors: list[dict[str, Any]] = field(default_factory=list)
    caps: list[dict[str, Any]] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    solver: str = ""
    snapshot_sha256: str = ""
    policy_sha256: str = ""
    seconds: float = 0.0
    certificate: dict[str, Any] | None = None
    classes: pd.DataFrame | None = None
    envy: int = 0
    lots: str = ""
    give_back_awards: int | None = None
    people_short: dict[str, int] | None = None
    unchanged: dict[str, int] | None = None
    waiting: list[dict[str, int]] | None = None
    reason: str = ""
    progress: dict[str, Any] = field(default_factory=dict)
    multipliers: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The content of `result.json`; what the round has no use for is absent."""
        some = {
            "lots": self.lots or None,
            "give_back_awards": self.give_back_awards,
            "people_short": self.people_short,
            "unchanged": self.unchanged,
            "waiting": self.waiting,
        }
        return {
            "outcome": self.outcome,
            "rule": self.rule,
            "value": self.value,
            "bound": self.bound,
            "gap": self.gap,
            "spent_cents": self.spent_cents,
            "people": self.people,
            "coverage": self.coverage,
            "floors": self.floors,
            "caps": self.caps,
            "stages": [vars(stage) for stage in self.stages],
            "envy": self.envy,
            **{name: figure for name, figure in some.items() if figure is not None},
            "solver": self.solver,
            "snapshot_sha256": self.snapshot_sha256,
            "policy_sha256": self.policy_sha256,
            "seconds": round(self.seconds, 3),
            "reason": self.reason,
            "progress": self.progress,
        }


def no_decisions() -> pd.DataFrame:
    """The empty frame of a run that stopped early."""
    columns = ["request_id", "awarded", "amount_cents", "reason", "reason_params"]
    return pd.DataFrame({column: [] for column in columns})
