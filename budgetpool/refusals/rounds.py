"""What the steps of a round refuse."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    # Who
    "no_seat": _(
        "Your account has no role here that may do this. Ask the administrator of your region."
    ),
    "own_interest": _("You have an interest of your own here. So somebody else has to do this."),
    "interest_not_stated": _("Tick that you have no interest of your own."),
    "same_person": _("You did the first step yourself. Another person has to do the second."),
    "not_giver": _("Only the board or an administrator of %(region)s can ask for this."),
    "own_seat": _("This is about your own seat. Two other people have to do it."),
    "seat_held": _("%(name)s has this seat already, and for as long."),
    "seat_waits": _("A change of this seat of %(name)s waits for a second person already."),
    "too_few_left": _(
        "Then fewer than two people of %(region)s are left who can give a seat. Give one to "
        "somebody else first."
    ),
    # In which state
    "wrong_step": _("This is not possible now: it is “%(now)s”. It is possible at: %(states)s."),
    "no_consent": _("You did not ask for a second person here."),
    "wrong_state": _("This is not possible now. Load the page again to see how it stands."),
    # The plan
    "no_pool": _("The fund has no pool yet. Ask the treasurer."),
    "no_legal_rule": _("The fund names no legal rule yet. Let the administrator fill it in first."),
    "other_fund": _("This belongs to the fund of another region."),
    "pools_do_not_add_up": _(
        "The pools have to give as much as the ceiling: %(ceiling_cents)s. "
        "Now they give %(pools_cents)s."
    ),
    "rules_invalid": _("The rule has a fault: %(faults)s"),
    "window_opened_before": _(
        "People could already ask. The rule has to be known before: choose a later start."
    ),
    # The requests
    "window_still_open": _("People can still ask. Close the round when that is over."),
    "repair_term_runs": _(
        "Somebody may still mend their request, until %(until_on)s. Close the round after that day."
    ),
    "no_requests": _("Nobody asked in this round. You can cancel it."),
    "without_amount": _("Some requests cost nothing. Let the counter look at them."),
    # The draw
    "not_drawn": _("First fill in the outcome of the public draw."),
    "drawn_before": _("The draw was filled in before: %(outcome)s."),
    "starts_in_the_past": _(
        "The first day is tomorrow at the earliest: the rule has to be known before."
    ),
    "window_used": _("Somebody asked in these days already. Plan a new round."),
    "draw_form_wrong": _(
        "No draw looks like this. Write 1 to %(most)s numbers, from a range that holds more."
    ),
    "draw_before_end": _("The draw has to come after the last day to ask, which is %(closes_at)s."),
    "draw_to_come": _("The draw is on %(draw_on)s. You can fill it in from that day."),
    "other_form": _(
        "Announced are %(count)s numbers from %(lowest)s to %(highest)s. Fill in those."
    ),
    "draws_differ": _(
        "Your numbers are kept. But they differ from what another member filled in. "
        "Look both at the source again, and fill in the right numbers."
    ),
    "no_outcome": _("Write the numbers as they were published, for instance: 4 11 19 27 33 41."),
    # A neutral look
    "blind_not_now": _(
        "Members judge cases by themselves after the draw, and before the second signature."
    ),
    "not_to_judge": _("You judged this case before, or it is not one of those to judge."),
    # Scenarios
    "computing": _("Scenarios of this round are being computed. Wait until they are ready."),
    "ceiling_not_varied": _("A scenario cannot change the ceiling or the draw."),
    "name_taken": _("There is a scenario with this name. Choose another name."),
    "too_many_scenarios": _(
        "At most %(most)s scenarios by the fund’s rule can stand side by side."
    ),
    "no_groups": _("The rule of this round names no groups that must all be served."),
    "other_round": _("This request or scenario belongs to another round."),
    "reason_too_short": _("Write a reason of at least %(least)s characters."),
    "adjusted_before": _("The board already decided on this request itself."),
    "withdrawn_before": _("This was taken back before."),
    # The proposal
    "baseline": _("This is an old rule, for comparison. Choose one by the fund’s rule."),
    "not_verified": _(
        "The check of this scenario found a fault. Choose another, or compute it again."
    ),
    "adjustments_changed": _(
        "The board decided on requests after this scenario was computed. Compute it again."
    ),
    "motivation_missing": _("Write why the board chooses this scenario."),
    "other_outcome": _(
        "The proposal changed while you read it. Look at the new outcome before you sign."
    ),
    "question_missing": _("Write your question, so that the others know what to do."),
    # Publication and the end
    "not_two_signatures": _("Two board members have to sign first."),
    "not_explained": _(
        "What would have changed each refusal is not found yet. The letters need it."
    ),
    "above_ceiling": _("The outcome costs more than the ceiling. Compute it again."),
    "requests_missing": _("The outcome does not decide on every request."),
    "not_published": _("The outcome of this round is not published yet."),
    "objections_possible": _("People can still object. Finish the round after that."),
    "objections_open": _("There are objections without an answer."),
    "awards_unanswered": _("Some people have not said yes or no yet."),
    "reason_missing": _("Write the reason."),
}
