"""What can be wrong with a posting: a code with parameters; the edge translates it."""

from typing import Any, ClassVar


class LedgerError(Exception):
    """A posting that was refused. Nothing of it was written."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "The ledger refused this posting."

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.sentence.format(**params))


class NotEnoughMoney(LedgerError):
    """Parameters: `account`, `available_cents`, `amount_cents`, `reference`."""

    code = "not_enough_money"
    sentence = (
        "Account {account} holds {available_cents} cents, {reference} asks for "
        "{amount_cents}. Put money into the account first, or ask for less."
    )


class ReferenceTaken(LedgerError):
    """Parameters: `reference`."""

    code = "reference_taken"
    sentence = (
        "There is a transfer {reference} with other facts. Transfers never change: "
        "use another reference, or correct the first transfer."
    )


class OtherFund(LedgerError):
    """Parameters: `debit`, `credit`, `reference`."""

    code = "other_fund"
    sentence = (
        "{reference}: accounts {debit} and {credit} belong to different funds. "
        "Money moves within one fund only."
    )


class SameAccount(LedgerError):
    """Parameters: `account`, `reference`."""

    code = "same_account"
    sentence = "{reference}: account {account} cannot pay itself. Name two accounts."


class NotPositive(LedgerError):
    """Parameters: `amount_cents`, `reference`."""

    code = "not_positive"
    sentence = (
        "{reference}: {amount_cents} cents is not more than zero. To move money back, "
        "swap the two accounts."
    )


class AccountTaken(LedgerError):
    """Parameters: `account`, `kind`."""

    code = "account_taken"
    sentence = "Account {account} exists and is of kind {kind}. Choose another code."


class AlreadyCorrected(LedgerError):
    """Parameters: `reference`, `correction`."""

    code = "already_corrected"
    sentence = "Transfer {reference} was corrected before, by {correction}."
