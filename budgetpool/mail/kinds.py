"""Every kind of message there is; each has its words in `templates/mail/KIND.txt`.

A kind with `letter` also becomes a tagged PDF: attached to an e-mail, or printed for the post.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Kind:
    """What a kind of message needs beyond its words."""

    letter: bool = False


KINDS: Final = {
    "request_received": Kind(),
    "request_not_possible": Kind(letter=True),
    "request_withdrawn": Kind(),
    "request_reopened_reminder": Kind(),
    "help_offered": Kind(),
    "decision_awarded": Kind(letter=True),
    "decision_refused": Kind(letter=True),
    "award_accept_reminder": Kind(),
    "award_offered_next": Kind(letter=True),
    "training_replacement": Kind(letter=True),
    "objection_received": Kind(letter=True),
    "objection_hearing": Kind(letter=True),
    "objection_decided": Kind(letter=True),
    "start_reminder": Kind(),
    "proof_reminder": Kind(),
    "proof_accepted": Kind(),
    "proof_refused": Kind(),
    "place_confirmed": Kind(),
    "edition_moved": Kind(),
    "edition_cancelled": Kind(letter=True),
    "wish_cancelled": Kind(),
    "school_says_absent": Kind(),
    "school_says_stopped": Kind(),
    "follow_up": Kind(),
    "first_step_agreed": Kind(),
    "reflection_month": Kind(),
    "mandate_given": Kind(),
    "mandate_revoked": Kind(),
    "helper_invited": Kind(),
    "data_erased": Kind(),
    # To the people of a school
    "school_seat": Kind(),
    "school_new_person": Kind(),
    "school_new_place": Kind(),
    "school_person_left": Kind(),
    "school_did_it_begin": Kind(),
    "school_set_right": Kind(),
    "school_completed": Kind(),
    "school_proof_refused": Kind(),
    # About money that leaves
    "account_changed": Kind(),
    "money_step": Kind(),
    # To everybody with a desk
    "what_waits": Kind(),
    "seat": Kind(),
    # The words of these stand with the employers.
    "employer_invitation": Kind(),
    "contribution_asked": Kind(),
    "contribution_reminder": Kind(),
}
