"""What can be wrong with booking a statement: a code with parameters."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BankError(Exception):
    """A step that was refused. Nothing of it was stored."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str | Promise] = _("This was refused.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        """The reason in the active language."""
        return str(self.sentence) % self.params


class BalanceNotProven(BankError):
    """Parameters: `statement`, `opening`, `total`, `closing`, `difference` (written amounts)."""

    code = "balance_not_proven"
    sentence = _(
        "Statement %(statement)s does not add up: %(opening)s and entries of %(total)s do not "
        "make %(closing)s; the difference is %(difference)s. Download it again. If the bank "
        "confirms that it is right, accept it with a reason; a second person must confirm."
    )


class ControlTotalWrong(BankError):
    """Parameters: `statement`, `reason`."""

    code = "control_total_wrong"
    sentence = _(
        "Statement %(statement)s contradicts itself. %(reason)s Download it again. If the bank "
        "confirms that it is right, accept it with a reason; a second person must confirm."
    )


class SecondPersonNeeded(BankError):
    """Parameters: `asked_by`."""

    code = "second_person_needed"
    sentence = _(
        "%(asked_by)s asked to accept this file although it is not proven. "
        "Another treasurer must confirm it."
    )


class NotTreasurer(BankError):
    """Parameters: `region`."""

    code = "not_treasurer"
    sentence = _("Only a treasurer of %(region)s can do this.")


class NoDate(BankError):
    """Parameters: `statement`, `line`."""

    code = "no_date"
    sentence = _("Line %(line)s of statement %(statement)s has no date, so it cannot be booked.")


class NotAPayment(BankError):
    """Parameters: `entry`."""

    code = "not_a_payment"
    sentence = _("Bank entry %(entry)s is no payment of the fund.")


class MoreThanPaid(BankError):
    """Parameters: `entry`, `left_cents`, `asked_cents`."""

    code = "more_than_paid"
    sentence = _(
        "Of bank entry %(entry)s only %(left_cents)s cents are not explained yet; "
        "%(asked_cents)s were asked for."
    )
