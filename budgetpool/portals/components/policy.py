"""A policy in plain sentences: what each lever of the rule does."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgetpool.portals.components import groups, numbers


@dataclass(frozen=True)
class Lever:
    """One lever: its name, and what it does in this policy.

    `code` says which one it is, in every version of a rule: `floor:0` is the first promise.
    """

    name: str
    text: str
    code: str


def levers(rules: dict[str, Any]) -> list[Lever]:
    """What a policy does, in the order in which the rule works.

    Args:
        rules: the fields of `policy.toml`, with shares as text ("3/5") or numbers.
    """
    return [
        *_waiting(rules),
        *_floors(rules),
        *_solidarity(rules),
        *_coverage(rules),
        _value(rules),
        _choices(rules),
        _once(rules),
        *_caps(rules),
        Lever(
            _("Equal cases"), _("Requests that are alike draw lots. The draw is public."), "lots"
        ),
    ]


def share(value: Any) -> Fraction:
    """A share of a policy, written as "3/5", "0.6" or a number."""
    return Fraction(str(value))


def _percent(value: Any) -> str:
    return numbers.percent(share(value))


def promised_to(floor: dict[str, Any]) -> str:
    """The group that a promise of the rule is about."""
    who = groups.column(floor["column"])
    if floor["equals"] not in ("yes", ""):
        who = f"{who}: {groups.group(floor['column'], str(floor['equals']))}"
    return who


def _floors(rules: dict[str, Any]) -> Iterator[Lever]:
    for place, floor in enumerate(rules.get("floor", [])):
        who = promised_to(floor)
        yield Lever(
            _("A part that is promised"),
            _("At least %(share)s of the money goes to this group: %(who)s.")
            % {"share": _percent(floor["share_of_ceiling"]), "who": who[:1].lower() + who[1:]},
            f"floor:{place}",
        )


def _waiting(rules: dict[str, Any]) -> Iterator[Lever]:
    if waiting := rules.get("waiting"):
        times = int(waiting["bound"])
        text = ngettext(
            "Who was refused %(count)s time only because there was too little money, goes first.",
            "Who was refused %(count)s times only because there was too little money, goes first.",
            times,
        ) % {"count": times}
        yield Lever(
            _("Nobody waits for ever"),
            " ".join([text, _("Who waited longest goes before all others.")]),
            "waiting",
        )


def _solidarity(rules: dict[str, Any]) -> Iterator[Lever]:
    if solidarity := rules.get("solidarity"):
        yield Lever(
            _("Back to who paid"),
            _(
                "Each group gets back at least %(share)s of what it paid in, "
                "or all that its people ask. The groups: %(column)s."
            )
            % {
                "share": _percent(solidarity["give_back"]),
                "column": groups.column(solidarity["column"]).lower(),
            },
            "solidarity",
        )


def _coverage(rules: dict[str, Any]) -> Iterator[Lever]:
    fairness = share(rules.get("fairness", 0))
    if not rules.get("coverage") or not fairness:
        return
    text = _("The group with the smallest chance is helped first. The groups: %(column)s.") % {
        "column": groups.column(rules["coverage"]).lower()
    }
    cap = share(rules.get("coverage_cap", 1))
    if cap < 1:
        text += " " + _("That stops when %(share)s of a group gets a training.") % {
            "share": _percent(cap)
        }
    if fairness < 1:
        text += " " + _("The rule keeps %(share)s of that.") % {"share": _percent(fairness)}
    yield Lever(_("Every group counts"), text, "coverage")


def _value(rules: dict[str, Any]) -> Lever:
    if rules.get("value") == "points_times_amount":
        text = _("After that, points count. A dear training weighs as much as it costs.")
    else:
        text = _("After that, points count. Who had less training so far gets more points.")
    return Lever(_("Points"), text, "value")


def _choices(rules: dict[str, Any]) -> Lever:
    percents = rules.get("choice_percent", [100])
    listed = ", ".join(f"{percent}%" for percent in percents)
    return Lever(
        _("First, second, third choice"),
        _("The points count for %(listed)s, in the order of your choices.") % {"listed": listed},
        "choices",
    )


def _once(rules: dict[str, Any]) -> Lever:
    times = int(rules.get("awards_per_worker", 1))
    return Lever(
        _("Each person"),
        ngettext(
            "Each person gets at most %(count)s training in a round.",
            "Each person gets at most %(count)s trainings in a round.",
            times,
        )
        % {"count": times},
        "once",
    )


def _caps(rules: dict[str, Any]) -> Iterator[Lever]:
    for place, cap in enumerate(rules.get("cap", [])):
        one = groups.column(cap["column"]).lower()
        if "count" in cap:
            text = _("At most %(count)s people. This holds for each %(one)s.") % {
                "count": numbers.count(int(cap["count"])),
                "one": one,
            }
        else:
            text = _("At most %(share)s of the money. This holds for each %(one)s.") % {
                "share": _percent(cap["share_of_ceiling"]),
                "one": one,
            }
        yield Lever(_("A maximum for each %(one)s") % {"one": one}, text, f"cap:{place}")
