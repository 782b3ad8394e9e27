"""What the round's services refuse, in words that say what to do."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from allocation.errors import AllocationError, WrongStep
from allocation.models import Round
from budgetpool.portals.components import numbers

type Params = dict[str, Any]


def refusal(error: AllocationError) -> str:
    """Why a service refused, and what to do about it."""
    if isinstance(error, WrongStep) and error.params["status"] in Round.Status.values:
        states = [str(Round.Status(s).label) for s in error.params["allowed_from"]]
        return _(
            "The round is not in the right state for this: it is “%(now)s”. Needed: %(states)s."
        ) % {
            "now": Round.Status(error.params["status"]).label,
            "states": ", ".join(states),
        }
    told = WORDS.get(error.code)
    if told is None:
        return _("This is not possible now (%(code)s). Load the page again.") % {"code": error.code}
    return told(error.params)


WORDS: Final[dict[str, Callable[[Params], str]]] = {
    "no_seat": lambda p: _("You have no seat in the board of this region."),
    "own_interest": lambda p: _(
        "You have an interest of your own in this round. So you cannot decide on it."
    ),
    "interest_not_stated": lambda p: _("Tick that you have no interest of your own."),
    "same_person": lambda p: _(
        "You proposed this yourself. Another board member has to sign as the second."
    ),
    "other_outcome": lambda p: _(
        "The proposal changed while you read it. Look at the new outcome before you sign."
    ),
    "adjustments_changed": lambda p: _(
        "The board decided on requests after this scenario was computed. Compute it again."
    ),
    "not_verified": lambda p: _(
        "The check of this scenario found a fault. Choose another, or compute it again."
    ),
    "baseline": lambda p: _("This is an old rule, for comparison. Choose one by the fund’s rule."),
    "not_drawn": lambda p: _("First fill in the outcome of the public draw."),
    "drawn_before": lambda p: _("The draw was filled in before: %(outcome)s.") % p,
    "no_outcome": lambda p: _("Write the outcome as it was published: 4 11 19 27 33 41."),
    "motivation_missing": lambda p: _("Write why the board chooses this scenario."),
    "question_missing": lambda p: _("Write your question, so that the others know what to do."),
    "reason_missing": lambda p: _("Write why the round does not go on."),
    "reason_too_short": lambda p: _("Write a reason of at least %(least)s characters.") % p,
    "adjusted_before": lambda p: _("The board already decided on this request itself."),
    "withdrawn_before": lambda p: _("This was taken back before."),
    "computing": lambda p: _(
        "Scenarios of this round are being computed. Wait until they are ready."
    ),
    "no_groups": lambda p: _("The rule of this round names no groups that must all be served."),
    "not_explained": lambda p: _(
        "What would have changed each refusal is not found yet. The letters need it."
    ),
    "name_taken": lambda p: _("There is a scenario with this name. Choose another name."),
    "too_many_scenarios": lambda p: (
        _("At most %(most)s scenarios by the fund’s rule can stand side by side.") % p
    ),
    "rules_invalid": lambda p: (
        _("The rule has a fault: %(faults)s") % {"faults": " ".join(p.get("faults", []))}
    ),
    "ceiling_not_varied": lambda p: _("A scenario cannot change the ceiling or the draw."),
    "window_still_open": lambda p: _("People can still ask. Close the round when that is over."),
    "repair_term_runs": lambda p: (
        _("Somebody may still mend their request, until %(day)s. Close the round after that day.")
        % {"day": numbers.day(date.fromisoformat(p["until"]))}
    ),
    "window_opened_before": lambda p: _(
        "People could already ask. The rule has to be known before: choose a later start."
    ),
    "no_requests": lambda p: _("Nobody asked in this round. You can cancel it."),
    "without_amount": lambda p: _("Some requests cost nothing. Let the counter look at them."),
    "no_legal_rule": lambda p: _(
        "The fund names no legal rule yet. Let the administrator fill it in first."
    ),
    "no_pool": lambda p: _("The fund has no pool yet. Ask the treasurer."),
    "other_fund": lambda p: _("This rule or pool belongs to another fund."),
    "pools_do_not_add_up": lambda p: (
        _("The pools have to give as much as the ceiling: %(ceiling)s. Now they give %(pools)s.")
        % {
            "ceiling": numbers.euros(p["ceiling_cents"]),
            "pools": numbers.euros(p["pools_cents"]),
        }
    ),
    "not_two_signatures": lambda p: _("Two board members have to sign first."),
    "above_ceiling": lambda p: _("The outcome costs more than the ceiling. Compute it again."),
    "requests_missing": lambda p: _("The outcome does not decide on every request."),
    "objections_possible": lambda p: _("People can still object. Finish the round after that."),
    "objections_open": lambda p: _("There are objections without an answer."),
    "awards_unanswered": lambda p: _("Some people have not said yes or no yet."),
    "took_part": lambda p: _(
        "You decided on this round yourself. Somebody else has to handle the objection."
    ),
    "filed_it": lambda p: _("You filed this objection. Somebody else has to handle it."),
    "not_the_handler": lambda p: _("Somebody else handles this objection."),
    "hearing_in_the_past": lambda p: _("Choose a moment that is still to come."),
    "replay_failed": lambda p: _("The new division did not come to an end. Try it again."),
    "answer_missing": lambda p: _("Write the decision with its reasons."),
    "lateness_not_judged": lambda p: _("Say whether it came too late for a good reason."),
    "late_not_excused": lambda p: _(
        "It came too late without a good reason. Then it cannot be handled."
    ),
    "other_request": lambda p: _("This training belongs to another request."),
    "other_round": lambda p: _("This request or scenario belongs to another round."),
}
