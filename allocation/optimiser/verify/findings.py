"""What a check found, as codes with parameters; the edges put them into words."""

from dataclasses import dataclass, field
from typing import Final

# One English sentence per code, for the command line; screens translate the code.
SENTENCES: Final = {
    "outcome_not_proven": "The result does not claim to be proven.",
    "snapshot_differs": "The input is not the one that this result was made from.",
    "policy_differs": "The policy is not the one that this result was made with.",
    "rows_differ": "decisions.csv does not list the requests one by one in their order.",
    "not_yes_or_no": "`awarded` is neither 0 nor 1.",
    "amount_not_offered": "The amount is none that this request may get.",
    "refusal_with_amount": "A refused request has an amount.",
    "given_refused": "The board gave this request, but it is refused.",
    "withheld_awarded": "The board withheld this request, but it is awarded.",
    "nobody_may_pay": "No pool may pay for this request, but it is awarded.",
    "ceiling_exceeded": "The awards cost more than the ceiling.",
    "pools_exceeded": "The pools cannot pay these awards.",
    "edition_overbooked": "More awards than seats.",
    "cap_exceeded": "More than the cap allows.",
    "too_many_awards": "A worker has more awards than the policy allows.",
    "alternatives_awarded": "A worker has two awards for one choice.",
    "figure_differs": "A figure of result.json is not what the decisions add up to.",
    "lot_passed_over": "An equal case with a luckier lot got less.",
    "certificate_missing": "There is no certificate.json beside the result.",
    "certificate_malformed": "certificate.json is not of the documented form.",
    "stages_differ": "The stages are not those of this policy in its order.",
    "unknown_limit": "A multiplier names a limit that the input does not have.",
    "negative_multiplier": "A multiplier is below zero, so that it proves nothing.",
    "objective_differs": "The objective of the stage is not the documented one.",
    "kept_differs": "What the stage keeps is not what the earlier stages reached.",
    "bound_differs": "The published bound is not what the multipliers prove.",
    "reached_differs": "What the stage reached is not what the decisions add up to.",
    "bound_passed": "The decisions pass the bound, so the bound must be wrong.",
    "gap_too_large": "The stated gap is larger than the policy's tolerance.",
    "gap_differs": "The stated gap does not follow from value and bound.",
    "level_differs": "The level of coverage is not what the multipliers prove.",
    "blocked_unproven": "A group is held at a level although it might rise.",
    "groups_differ": "A group was fixed twice, or never.",
    "reason_differs": "The reason contradicts the decisions or the input.",
    "coverage_short": "A group is further below its target than whole awards explain.",
    "coverage_avoidable": "A group is below its target, though this request could be served.",
}
# What holds, and is worth knowing.
NOTES: Final = {
    "other_rule": "Made by another rule, which proves no bound: limits and sums were checked.",
    "envy": "Worth more than this award, no dearer and in the same places, and yet refused.",
    "coverage_rounded": "Whole awards leave this group below its target; nobody of it fits in.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold.

    Args:
        code: a key of `SENTENCES`, or of `NOTES`.
        params: what it is about (request, limit, stage, stated, recomputed, ...).
    """

    code: str
    params: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        details = ", ".join(f"{key} {value}" for key, value in self.params.items())
        sentence = SENTENCES.get(self.code) or NOTES[self.code]
        return f"{self.code}{f' ({details})' if details else ''}: {sentence}"


@dataclass
class Findings:
    """Collects what does not hold, at most so many per code, and counts all."""

    most_per_code: int = 20
    found: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)

    def note(self, code: str, **params: object) -> None:
        """Remember something that holds, but that a reader should know."""
        self.notes.append(Finding(code, {key: str(value) for key, value in params.items()}))

    def add(self, code: str, **params: object) -> None:
        """Remember one finding."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= self.most_per_code:
            self.found.append(Finding(code, {key: str(value) for key, value in params.items()}))

    def expect(self, code: str, *, stated: object, recomputed: object, **params: object) -> None:
        """Remember a finding when a stated figure is not the recomputed one."""
        if type(stated) is bool or stated != recomputed:
            self.add(code, **params, stated=stated, recomputed=recomputed)
