"""What is refused to employers, and around their pledges, deposits and people."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "no_role": _("You may not do this here. Ask a manager of your organisation."),
    "not_treasurer": _("Only a treasurer of %(region)s can do this."),
    "not_board": _("Only the board of %(region)s can do this."),
    # Deposits
    "already_matched": _("This deposit belongs to %(employer)s already. Undo that first."),
    "not_matched": _("This deposit is not matched, so there is nothing to undo."),
    "already_spent": _(
        "The money of this deposit is no longer in %(account)s, so it cannot be taken back."
    ),
    "deposit_returned": _("All of this deposit is being paid back already."),
    "more_than_left": _("At most %(left_cents)s of this line is left to explain."),
    "no_such_part": _("This part is not there any more. Load the page again."),
    "undo_at_payment": _("This is a payment of ours that came back. Undo it at its line."),
    "same_bank_account": _("Both lines are of one bank account. Choose a line of another one."),
    "other_bank_account": _("The lines are of two bank accounts. Choose a line of this one."),
    "refund_too_large": _("At most %(most_cents)s can be paid back."),
    "no_iban": _("The bank does not say where this deposit came from. Give an IBAN to pay it to."),
    # Pledges
    "unknown_earmark_rule": _("No round knows the rule “%(rule)s”. Choose one of the list."),
    "earmark_taken": _("%(earmark)s has this rule already. Change its limit instead."),
    "earmark_full": _(
        "The board lets at most %(limit_cents)s be earmarked for %(earmark)s; with this pledge it "
        "would be %(asked_cents)s. Promise less, or leave the earmark out."
    ),
    "limit_below_promised": _(
        "%(promised_cents)s is promised to %(earmark)s already. Set that limit or a higher one."
    ),
    "rule_needs_earmark": _(
        "%(rule)s pays for its own sector only. Choose an earmark for that sector."
    ),
    "contribution_paid": _(
        "This contribution was paid, wholly or in part, so it cannot be withdrawn."
    ),
    # People
    "last_manager": _(
        "An organisation keeps at least one manager. Make somebody else manager first."
    ),
    "invitation_ended": _("This invitation is used or too old. Ask for a new one."),
    "other_address": _("This invitation is for %(email)s. Sign in with that address."),
    "already_member": _("%(email)s belongs to your organisation already."),
}
