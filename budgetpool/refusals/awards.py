"""What is refused after the outcome: answers, proofs, objections, starts and exclusions."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    # The answer and the start
    "accept_by_passed": _("You are too late. You could answer until %(deadline_on)s. Call us."),
    "has_started": _(
        "This training began on %(started_on)s. It can be stopped, but not refused any more."
    ),
    "started_before": _("We know already that the training began on %(started_on)s."),
    "day_to_come": _("This day is still to come. Tell us when the training has begun."),
    "before_award": _(
        "The training was given on %(granted_on)s. The first lesson must be later. "
        "Is it wrong? Call us."
    ),
    # The proof
    "proof_waits": _("You sent a proof already. Somebody looks at it."),
    "no_document": _("First add a photo of the paper. Then you can send it."),
    "attendance_too_low": _("It must be %(least)s percent or more. Were you ill? Call us."),
    "signatures_missing": _("Three people sign this paper. Fill in all three names and days."),
    "sent_it": _("You sent this yourself. Let a colleague look at it."),
    "unknown_reason": _("Choose a reason of the list."),
    # The objection
    "grounds_missing": _("Tell us why you do not agree."),
    "late_reason_missing": _("You could object until %(deadline_on)s. Tell us why you are late."),
    "objected_before": _("You objected already. You get an answer to that."),
    "took_part": _(
        "You decided on this round yourself. Somebody else has to handle the objection."
    ),
    "filed_it": _("You filed this objection. Somebody else has to handle it."),
    "not_the_handler": _("Somebody else handles this objection."),
    "hearing_in_the_past": _("Choose a moment that is still to come."),
    "unknown_fact": _("The file holds no such fact: %(facts)s."),
    "replay_failed": _("The new division did not come to an end. Try it again."),
    "unknown_outcome": _("Choose an answer of the list."),
    "answer_missing": _("Write the decision with its reasons."),
    "lateness_not_judged": _("Say whether it came too late for a good reason."),
    "late_not_excused": _("It came too late without a good reason. Then it cannot be handled."),
    "other_request": _("This training belongs to another request."),
    # Exclusion of somebody who gave false facts
    "term_too_long": _("Two years at most: until %(most_on)s."),
    "excluded_before": _("A term is running already. End that one first."),
}
