"""What is to be simulated: the rule, how much, and with which seeds. The same plan, the same files.

`Plan.of` is the door: whatever is wrong with a plan is refused here, before anything runs.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

from allocation.laboratory import assumptions
from allocation.optimiser.errors import Fault, InvalidInput, unreadable
from allocation.optimiser.inputs.policy import Policy

# The columns that a request has here; a policy may name no others.
COLUMNS: Final = (
    "education", "education_level", "contract", "sector", "target", "first_timer",
    "provider_id", "training_id", "training_sector",
)  # fmt: skip
POINTS: Final = ("standard", "equal")
# Every region lives once without providers that game and once with them, under every rule. The
# policy that is tried is divided by the optimiser.
HONEST, GAMING = WORLDS = ("honest", "gaming")
OPTIMISER, FIRST_COME = "optimiser", "fcfs"
RULES: Final = (OPTIMISER, FIRST_COME, "lottery", "ranking", "pro_rata", "tiered")
# From and to what may be asked of one run.
LIMITS: Final = {
    "requests": (50, 20_000),
    "rounds": (1, 12),
    "years": (1, 20),
    "cents_per_request": (1_000, 10_000_000),
}
MOST_SEEDS: Final = 1_000
LARGEST_SEED: Final = 2**32 - 1


@dataclass(frozen=True)
class Plan:
    """One run of the laboratory.

    Args:
        rules: the keys of `policy.toml` without `name`, `seed` and `ceiling_cents`.
        requests: how many people ask in a round; rounds: how many rounds in a year; years.
        seeds: one independent region each.
        cents_per_request: the ceiling of a round, divided by `requests`.
        points: `standard` (the published table), or `equal`: nobody weighs more than another.
    """

    rules: dict[str, Any]
    seeds: tuple[int, ...]
    requests: int = 1_500
    rounds: int = 2
    years: int = 2
    cents_per_request: int = assumptions.CENTS_PER_REQUEST
    points: str = "standard"

    @classmethod
    def of(cls, *, rules: Mapping[str, Any], seeds: Sequence[int], **sizes: Any) -> Self:
        """Check a plan.

        Raises:
            InvalidInput: each thing that is wrong, with its remedy.
        """
        faults = [*_of_sizes(sizes), *_of_seeds(seeds)]
        policy = Policy.from_dict({**rules, **_OF_A_ROUND})
        faults += _of_policy(policy)
        if faults:
            raise InvalidInput(*faults)
        clean = {k: v for k, v in policy.to_dict().items() if k not in _OF_A_ROUND}
        return cls(rules=clean, seeds=tuple(seeds), **sizes)

    @property
    def ceiling_cents(self) -> int:
        """What a round may spend."""
        return self.requests * self.cents_per_request

    @property
    def choices(self) -> int:
        """How many trainings a request may name."""
        return len(self.rules["choice_percent"])

    @property
    def rounds_total(self) -> int:
        """Rounds of all seeds together, each of which is divided by every rule."""
        return len(self.seeds) * self.rounds * self.years

    @property
    def divisions_total(self) -> int:
        """How often money is divided: every round by every rule in both worlds."""
        return self.rounds_total * len(RULES) * len(WORLDS)

    def policy(self, seed: int, number: int) -> Policy:
        """The rule of one round, with its ceiling and the draw of its lots."""
        return Policy.from_dict(
            {
                **self.rules,
                "name": f"laboratory {seed}",
                "seed": f"laboratory {seed} round {number}",
                "ceiling_cents": self.ceiling_cents,
            }
        )

    def to_json(self) -> str:
        """The plan as text, from which `from_json` makes the same plan."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a plan that was checked and written by this program."""
        data = json.loads(text)
        return cls.of(rules=data.pop("rules"), seeds=data.pop("seeds"), **data)


def rules_of(path: Path) -> dict[str, Any]:
    """The rule in a file like `policy.toml`; what belongs to a round may be left out of it.

    Raises:
        InvalidInput: the file cannot be read, or is no TOML.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise InvalidInput(unreadable(path.name, error)) from None
    except UnicodeDecodeError:
        raise InvalidInput(Fault("not_utf8", path.name, "Save the file as UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        remedy, params = "Mend the syntax of the file.", {"error": str(error)}
        raise InvalidInput(Fault("not_toml", path.name, remedy, params=params)) from None
    return {key: value for key, value in data.items() if key not in _OF_A_ROUND}


_OF_A_ROUND: Final = {"name": "laboratory", "seed": "laboratory", "ceiling_cents": 0}


def _of_sizes(sizes: Mapping[str, Any]) -> list[Fault]:
    faults = []
    for name, (least, most) in LIMITS.items():
        value = sizes.get(name, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            remedy = f"Give a whole number from {least} to {most}."
            faults.append(_fault("out_of_range", remedy, option=name, value=str(value)))
    if sizes.get("points", POINTS[0]) not in POINTS:
        remedy = f"Choose one of: {', '.join(POINTS)}."
        faults.append(_fault("unknown_value", remedy, option="points", value=str(sizes["points"])))
    return faults


def _of_seeds(seeds: Sequence[int]) -> list[Fault]:
    if not seeds or len(seeds) > MOST_SEEDS:
        return [_fault("out_of_range", f"Give 1 to {MOST_SEEDS} seeds.", option="seeds")]
    wrong = [seed for seed in seeds if type(seed) is not int or not 0 <= seed <= LARGEST_SEED]
    if wrong:
        remedy = f"A seed is a whole number from 0 to {LARGEST_SEED}."
        return [_fault("out_of_range", remedy, option="seeds", value=str(wrong[0]))]
    twice = sorted({seed for seed in seeds if list(seeds).count(seed) > 1})
    if twice:
        remedy = "Give every seed once: a second time it shows nothing new and narrows the band."
        return [_fault("seed_twice", remedy, option="seeds", value=str(twice[0]))]
    return []


def _of_policy(policy: Policy) -> list[Fault]:
    faults = []
    for column in policy.columns():
        if column not in COLUMNS:
            remedy = f"The laboratory's requests have these columns: {', '.join(COLUMNS)}."
            params = {"column": column}
            faults.append(Fault("unknown_column", "policy.toml", remedy, params=params))
    solidarity = policy.solidarity
    if solidarity is not None and solidarity.column in COLUMNS and solidarity.column != "sector":
        remedy = "The laboratory knows who pays in by sector only."
        params = {"column": solidarity.column}
        faults.append(Fault("unknown_contributions", "policy.toml", remedy, params=params))
    if policy.unchanged is not None:
        remedy = "Leave `unchanged` out: it asks about one round that was divided before."
        faults.append(Fault("belongs_to_a_round", "policy.toml", remedy))
    return faults


def _fault(code: str, remedy: str, **params: str) -> Fault:
    return Fault(code, "plan", remedy, params=params)
