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
    "follow_up": Kind(),
    "reflection_month": Kind(),
    "mandate_given": Kind(),
    "mandate_revoked": Kind(),
    "data_erased": Kind(),
    # The words of these stand with the employers.
    "employer_invitation": Kind(),
    "contribution_asked": Kind(),
    "contribution_reminder": Kind(),
}
