"""What can be wrong with pledges, deposits and people: a code with parameters."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class EmployerError(Exception):
    """A step that was refused. Nothing of it was stored."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str | Promise] = _("This was refused.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        """The reason in the active language."""
        return str(self.sentence) % self.params


class NotAllowed(EmployerError):
    """The person has no such role at this employer or in this region."""

    code = "not_allowed"
    sentence = _("You may not do this here. Ask a manager of your organisation.")


class NotTreasurer(EmployerError):
    """Parameters: `region`."""

    code = "not_treasurer"
    sentence = _("Only a treasurer of %(region)s can do this.")


class AlreadyMatched(EmployerError):
    """Parameters: `employer`."""

    code = "already_matched"
    sentence = _("This deposit belongs to %(employer)s already. Undo that first.")


class NotMatched(EmployerError):
    code = "not_matched"
    sentence = _("This deposit is not matched, so there is nothing to undo.")


class AlreadySpent(EmployerError):
    """Parameters: `account`."""

    code = "already_spent"
    sentence = _(
        "The money of this deposit is no longer in %(account)s, so it cannot be taken back."
    )


class OtherFund(EmployerError):
    code = "other_fund"
    sentence = _("This belongs to the fund of another region.")


class NothingLeft(EmployerError):
    code = "nothing_left"
    sentence = _("All of this deposit is being paid back already.")


class TooMuch(EmployerError):
    """Parameters: `most` (a written amount)."""

    code = "too_much"
    sentence = _("At most %(most)s can be paid back.")


class NoIban(EmployerError):
    code = "no_iban"
    sentence = _("The bank does not say where this deposit came from. Give an IBAN to pay it to.")


class SamePerson(EmployerError):
    code = "same_person"
    sentence = _("You asked for this yourself. Another person must approve it.")


class WrongState(EmployerError):
    code = "wrong_state"
    sentence = _("This step is not possible now. Load the page again to see why.")


class NotBoard(EmployerError):
    """Parameters: `region`."""

    code = "not_board"
    sentence = _("Only the board of %(region)s can do this.")


class UnknownEarmarkRule(EmployerError):
    """Parameters: `rule`."""

    code = "unknown_earmark_rule"
    sentence = _("No round knows the rule “%(rule)s”. Choose one of the list.")


class EarmarkTaken(EmployerError):
    """Parameters: `earmark`."""

    code = "earmark_taken"
    sentence = _("%(earmark)s has this rule already. Change its limit instead.")


class EarmarkFull(EmployerError):
    """Parameters: `earmark`, `limit`, `asked` (written amounts)."""

    code = "earmark_full"
    sentence = _(
        "The board lets at most %(limit)s be earmarked for %(earmark)s; with this pledge it would "
        "be %(asked)s. Promise less, or leave the earmark out."
    )


class LimitBelowPromised(EmployerError):
    """Parameters: `earmark`, `promised` (a written amount)."""

    code = "limit_below_promised"
    sentence = _("%(promised)s is promised to %(earmark)s already. Set that limit or a higher one.")


class RuleForbidsOtherSectors(EmployerError):
    """Parameters: `rule`."""

    code = "rule_needs_earmark"
    sentence = _("%(rule)s pays for its own sector only. Choose an earmark for that sector.")


class ContributionPaid(EmployerError):
    code = "contribution_paid"
    sentence = _("This contribution was paid, wholly or in part, so it cannot be withdrawn.")


class LastManager(EmployerError):
    code = "last_manager"
    sentence = _("An organisation keeps at least one manager. Make somebody else manager first.")


class InvitationEnded(EmployerError):
    code = "invitation_ended"
    sentence = _("This invitation is used or too old. Ask for a new one.")


class OtherAddress(EmployerError):
    """Parameters: `email`."""

    code = "other_address"
    sentence = _("This invitation is for %(email)s. Sign in with that address.")


class AlreadyMember(EmployerError):
    """Parameters: `email`."""

    code = "already_member"
    sentence = _("%(email)s belongs to your organisation already.")
