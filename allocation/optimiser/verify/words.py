"""What the verifier says: findings with codes, their sentences, and what cannot be read."""

from dataclasses import dataclass, field
from typing import Final

FORMAT = "budgetpool-certificate-2"
OPTIMISER = "optimiser"
RULES = (OPTIMISER, "fcfs", "lottery", "ranking", "pro_rata", "tiered")
MILLION = 10**6
# Rounds with more requests may leave two people open per started thousand who apply.
EXACT_REQUESTS = 2_000
# One English sentence per code, for the command line; screens translate the code.
SENTENCES: Final = {
    "snapshot_differs": "The input is not the one that this result was made from.",
    "policy_differs": "The policy is not the one that this result was made with.",
    "unknown_key": "A file holds something that this format does not know.",
    "unknown_rule": "The rule is none that Budgetpool knows.",
    "outcome_differs": "The outcome is not what the proven gaps say.",
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
    "result_malformed": "result.json is not of the documented form.",
    "figure_differs": "A figure of result.json is not what the decisions add up to.",
    "lot_passed_over": "An equal case with a luckier lot got less.",
    "swap_possible": "A luckier refused person could take the place of an equally good award.",
    "could_be_added": "This refused request still fits within every limit.",
    "certificate_missing": "There is no certificate.json beside the result.",
    "certificate_unexpected": "A rule that proves nothing comes with a certificate.",
    "certificate_malformed": "certificate.json is not of the documented form.",
    "stages_differ": "The stages are not those of this policy in its order.",
    "unknown_limit": "A multiplier names a limit that the input does not have.",
    "negative_multiplier": "A multiplier is below zero, so that it proves nothing.",
    "objective_differs": "The objective of the stage is not the documented one.",
    "kept_differs": "What the stage keeps is not what the earlier stages reached.",
    "bound_differs": "The published bound is not what the multipliers prove.",
    "reached_differs": "What the stage reached is not what the decisions add up to.",
    "bound_passed": "The decisions pass the bound, so the bound must be wrong.",
    "tree_differs": "The tree does not cover all cases as the certificate's page asks.",
    "nothing_unproven": "It is not proven that no division keeps more.",
    "gap_differs": "The stated gap does not follow from value and bound.",
    "level_differs": "The level is not what the multipliers prove.",
    "blocked_unproven": "A group is held at a level although it might rise.",
    "fractions_differ": "The published fractions of awards do not keep every limit.",
    "level_unreached": "No fractions of awards are shown that bring all who are free to the level.",
    "groups_differ": "A group was fixed twice, or never.",
    "give_back_short": "A contributor gets less than whole awards can be held to.",
    "reason_differs": "The reason contradicts the decisions or the input.",
    "coverage_short": "A group is further below its target than whole awards explain.",
}
# What holds, and is worth knowing.
NOTES: Final = {
    "other_rule": "Made by another rule, which proves no bound: limits and sums were checked.",
    "not_proven": "The best division that was found; a better one by this much is not excluded.",
    "envy": "Worth more than this award, no dearer and in the same places, and yet refused.",
    "coverage_rounded": "Whole awards leave this group below its target; nobody of it fits in.",
    "swaps_not_checked": "Too many pairs to look for swaps by lot in all of them.",
}


class Unreadable(Exception):
    """A file is absent or is not what it should be, so that nothing can be said.

    `code`, `file`, `row` (None for the whole file), `remedy` and `params` say what and where.
    """

    def __init__(
        self, code: str, file: str, remedy: str, row: int | None = None, **params: object
    ) -> None:
        self.code, self.file, self.remedy, self.row = code, file, remedy, row
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(f"{file}: {code} {self.params or ''} {remedy}")


class Malformed(Exception):
    """A stage of the certificate lacks a field, or holds something that is no whole number."""


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold, or is worth knowing.

    Args:
        code: a key of `SENTENCES`, or of `NOTES`.
        params: what it is about (request, limit, stage, stated, recomputed, …).
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

    def add(self, code: str, **params: object) -> None:
        """Remember one finding."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= self.most_per_code:
            self.found.append(Finding(code, {key: str(value) for key, value in params.items()}))

    def note(self, code: str, **params: object) -> None:
        """Remember something that holds, but that a reader should know."""
        if len(self.notes) < 100:
            self.notes.append(Finding(code, {key: str(value) for key, value in params.items()}))

    def expect(self, code: str, *, stated: object, recomputed: object, **params: object) -> None:
        """Remember a finding when a stated figure is not the recomputed one."""
        if type(stated) is not type(recomputed) or stated != recomputed:
            self.add(code, **params, stated=stated, recomputed=recomputed)

    def figure(self, name: str, stated: object, recomputed: object) -> None:
        """The same for a figure of result.json."""
        self.expect("figure_differs", figure=name, stated=stated, recomputed=recomputed)

    @property
    def proven(self) -> bool:
        """Whether nothing was left open beyond the tolerance."""
        return not any(note.code == "not_proven" for note in self.notes)


def open_people(requests: int, applying: int) -> int:
    """People that a large round may leave open: two per started thousand who apply."""
    return 0 if requests <= EXACT_REQUESTS else 2 * -(-applying // 1_000)


def is_number(stated: object) -> bool:
    return type(stated) in (int, float) and stated >= 0  # type: ignore[operator]
