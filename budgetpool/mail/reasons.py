"""Reason codes with parameters, put into plain sentences; letters and screens share them.

Two or three sentences say why; others say what would have changed it, what can be done now, and
which facts were used. Every code has words; a test holds the lists side by side.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgetpool.written import euros

type Params = dict[str, Any]


def why(code: str, params: Params) -> list[str]:
    """Why a request was awarded, refused or is not possible.

    Raises:
        KeyError: a code that has no words.
    """
    return WHY[code](params) if code else []


def why_refused(code: str, params: Params) -> list[str]:
    """Why a request got nothing: the reason of each choice, in the order of the choices.

    Args:
        code, params: those of the decision; `params["choices"]` holds one reason per choice. A
            request with one choice needs no "choice 1".
    """
    rows = sorted(params.get("choices", []), key=lambda row: int(row["choice"]))
    if len(rows) < 2 or code == "withheld_by_board":
        return why(code, params)
    return [
        _("Choice %(number)s: %(why)s")
        % {"number": row["choice"], "why": " ".join(why(row["reason"], row))}
        for row in rows
    ]


def what_would_change(params: Params) -> list[str]:
    """What would have changed a refusal, or that nothing would: only what was proven."""
    change: Params = params.get("would_change") or {}
    sentences = _out_of_reach(params.get("out_of_reach") or {})
    if "points" in change:
        sentences.append(
            _("With %(points)s points you would have got it.") % {"points": change["points"]}
        )
    if "amount_cents" in change:
        sentences.append(
            _("You would have got it for %(amount)s or less.")
            % {"amount": euros(int(change["amount_cents"]))}
        )
    if "ceiling_cents" in change:
        sentences.append(
            _("You would have got it if the fund divided %(amount)s.")
            % {"amount": euros(int(change["ceiling_cents"]))}
        )
    return sentences


def _out_of_reach(proven: Params) -> list[str]:
    """That no points and no lower amount in reach would have changed it, and what was too little.

    It holds for each of the person's choices.
    """
    if not proven:
        return []
    return [
        _("With %(points)s points you would not have got it either.")
        % {"points": proven["points"]},
        _("Nor if it had cost half as much."),
        LIMITS[proven["limit"]](),
    ]


def what_now(code: str) -> list[str]:
    """What somebody can do after a refusal."""
    if code == "edition_full":
        first = _("Look for another start date or another school.")
    elif code == "amount_too_large":
        first = _("Look for a training that costs less, or split it in parts.")
    elif code in {"below_cutoff", "lot_lost"}:
        first = _("Ask again in the next round. You then get extra points.")
    else:
        first = _("Ask again in the next round.")
    return [first, _("Talk with an adviser. That costs nothing.")]


def facts(used: Params) -> list[str]:
    """The facts of a person that a decision used, each in one sentence."""
    return [FACTS[name](value) for name, value in used.items() if name in FACTS]


def _awarded(params: Params) -> list[str]:
    if params.get("waited"):
        return [_went_first(params)]
    if "points" in params:
        return [
            ngettext(
                "Your request has %(points)s point.",
                "Your request has %(points)s points.",
                int(params["points"]),
            )
            % {"points": params["points"]},
            _("That was enough for a place."),
        ]
    return [_("There was a place for your request.")]


def _went_first(params: Params) -> str:
    """Who waited so long that the rule lets them go first."""
    return ngettext(
        "You were refused %(rounds)s time because there was too little money. So you went first.",
        "You were refused %(rounds)s times because there was too little money. So you went first.",
        int(params["waited"]),
    ) % {"rounds": params["waited"]}


def _below_cutoff(params: Params) -> list[str]:
    sentences = [_("There was not enough money for everybody.")]
    if "points" in params and "needed" in params:
        sentences.append(
            _("Your request has %(points)s points. Requests like yours needed %(needed)s.")
            % {"points": params["points"], "needed": params["needed"]}
        )
    else:
        sentences.append(_("The rule looks at points and at costs. Other requests went first."))
    return sentences


def _lot_lost(params: Params) -> list[str]:
    sentences = [_("Some requests were just like yours, so a draw decided.")]
    if {"lot", "candidates", "places"} <= set(params):
        sentences.append(
            ngettext(
                "You had lot %(lot)s of %(candidates)s for %(places)s place.",
                "You had lot %(lot)s of %(candidates)s for %(places)s places.",
                int(params["places"]),
            )
            % {name: params[name] for name in ("lot", "candidates", "places")}
        )
    return sentences


def _edition_full(params: Params) -> list[str]:
    return [
        _("The training is full on the date you chose."),
        _("By the rule of the round others got the places."),
    ]


def _cap_reached(params: Params) -> list[str]:
    return [
        _("No school or training may take too much of the money."),
        _("That limit was reached for the training you chose."),
    ]


def _amount_too_large(params: Params) -> list[str]:
    sentences = [_("Your training cost more than the money that was left.")]
    if "amount_cents" in params:
        sentences.append(
            _("You asked for %(amount)s.") % {"amount": euros(int(params["amount_cents"]))}
        )
    return sentences


def _awarded_part(params: Params) -> list[str]:
    return [
        _("The fund pays a part of your training: %(share)s%%.")
        % {"share": params.get("share_percent", "")},
        _("You can pay the rest yourself or ask your boss."),
    ]


def _day(params: Params) -> str:
    return date_format(date.fromisoformat(str(params["until"])), "j E Y")


def _in_its_own_words(params: Params) -> list[str]:
    """The board's reason as a member wrote it (Awb 3:46: a decision rests on its reasons)."""
    return [str(params["board_reason"])] if params.get("board_reason") else []


def _fixed(*sentences: Callable[[], str]) -> Callable[[Params], list[str]]:
    return lambda params: [sentence() for sentence in sentences]


# What was too little, where nothing in somebody's reach would have changed a refusal.
LIMITS: Final[dict[str, Callable[[], str]]] = {
    "money": lambda: _("There was too little money for it."),
    "edition": lambda: _("There were too few places on that date."),
    "cap": lambda: _("The limit for one school or training left no room for it."),
}

WHY: Final[dict[str, Callable[[Params], list[str]]]] = {
    # decisions of a round
    "awarded": _awarded,
    "awarded_part": _awarded_part,
    "given_by_board": lambda params: [
        _("The board looked at your request itself."),
        _("It decided that you get the training."),
        *_in_its_own_words(params),
    ],
    "below_cutoff": _below_cutoff,
    "lot_lost": _lot_lost,
    "edition_full": _edition_full,
    "other_choice_awarded": _fixed(lambda: _("You already get another training that you chose.")),
    "cap_reached": _cap_reached,
    "amount_too_large": _amount_too_large,
    "kept_as_before": _fixed(
        lambda: _("The board decided on a request itself."),
        lambda: _("After that it kept the outcome the same for as many people as it could."),
        lambda: _("With a training for you, more people would get another outcome."),
    ),
    "withheld_by_board": lambda params: [
        _("The board looked at your request itself."),
        _("It decided not to pay for this training."),
        *_in_its_own_words(params),
        _("Call us if you want to know more about it."),
    ],
    # requests that are not possible
    "too_young": lambda params: [
        _("You have to be %(age)s or older to ask the fund.") % {"age": params.get("age", 18)},
        _("Your school or municipality can help you."),
    ],
    "pension_age": lambda params: [
        _("The fund is for people younger than %(age)s.") % {"age": params.get("age", 67)},
    ],
    "outside_region": _fixed(
        lambda: _("You do not live in this region."),
        lambda: _("Your own region has a fund or a counter too."),
    ),
    "not_flex": _fixed(
        lambda: _("You have a permanent contract with fixed hours."),
        lambda: _("This fund is for flex workers. Ask your employer for training."),
    ),
    "self_employed": _fixed(
        lambda: _("You work for yourself. This fund is for people in paid flex work."),
        lambda: _("The counter knows other help for the self-employed."),
    ),
    "study_finance": _fixed(
        lambda: _("You get study finance. Then the fund may not pay for training."),
    ),
    "not_for_work": _fixed(
        lambda: _("The training is not meant for work."),
        lambda: _("The fund pays only for training that helps you in work."),
    ),
    "not_a_training": _fixed(
        lambda: _("We could not find the training that you wrote down."),
        lambda: _("Choose a training from the list, or call us."),
    ),
    "excluded": lambda params: [
        _("The fund does not pay for training for you until %(day)s.") % {"day": _day(params)},
        _("Call us if you want to know why, or if this is wrong."),
    ],
    "provider_excluded": _fixed(
        lambda: _("The fund does not work with this school now."),
        lambda: _("You can ask for the same training at another school in the next round."),
    ),
    "filed_twice": _fixed(
        lambda: _("There is another request with your name and date of birth."),
        lambda: _("One request per person counts in a round."),
    ),
}

EDUCATION: Final[dict[str, Callable[[], str]]] = {
    "none": lambda: _("You have no diploma."),
    "vmbo": lambda: _("Your highest diploma is vmbo."),
    "mbo1": lambda: _("Your highest diploma is mbo 1."),
    "mbo2": lambda: _("Your highest diploma is mbo 2."),
    "mbo3": lambda: _("Your highest diploma is mbo 3."),
    "mbo4": lambda: _("Your highest diploma is mbo 4."),
    "havo_vwo": lambda: _("Your highest diploma is havo or vwo."),
    "hbo": lambda: _("Your highest diploma is hbo."),
    "wo": lambda: _("Your highest diploma is from a university."),
}

CONTRACT: Final[dict[str, Callable[[], str]]] = {
    "on_call": lambda: _("You work on call."),
    "agency": lambda: _("You work through a temp agency."),
    "temp_prospect": lambda: _("You have a temporary contract that may become permanent."),
    "temp_long": lambda: _("You have a temporary contract of a year or more."),
    "temp_short": lambda: _("You have a temporary contract of less than a year."),
    "no_fixed_hours": lambda: _("You have no fixed hours."),
    "permanent": lambda: _("You have a permanent contract."),
    "self_employed": lambda: _("You work for yourself."),
}


def _hours(hours: Any) -> str:
    if not int(hours):
        return _("You had no training in the last two years.")
    return ngettext(
        "You had %(hours)s hour of training in the last two years.",
        "You had %(hours)s hours of training in the last two years.",
        int(hours),
    ) % {"hours": hours}


def _refused(rounds: Any) -> str:
    if not int(rounds):
        return _("We did not refuse you in an earlier round.")
    return ngettext(
        "We refused you in %(rounds)s earlier round.",
        "We refused you in %(rounds)s earlier rounds.",
        int(rounds),
    ) % {"rounds": rounds}


FACTS: Final[dict[str, Callable[[Any], str]]] = {
    "education": lambda code: EDUCATION[code](),
    "contract": lambda code: CONTRACT[code](),
    "hours_trained": _hours,
    "refused_rounds": _refused,
}
