"""What the services refuse, in words that say what to do."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.errors import AllocationError, WrongStep
from budgetpool.bank.reasons import sentence
from budgetpool.bank.statement import StatementRefused
from budgetpool.fund.ledger import NotEnoughMoney
from budgetpool.portals.components import numbers

type Params = dict[str, Any]


def refusal(error: Exception) -> str:
    """Why something was refused, and what to do about it."""
    if isinstance(error, StatementRefused):
        return sentence(error)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, NotEnoughMoney):
        return _("There is not enough money in account %(account)s: it holds %(cents)s.") % {
            "account": error.params["account"],
            "cents": numbers.euros_exact(error.params["available_cents"]),
        }
    if isinstance(error, WrongStep):
        return _("This is not possible in the present state. Load the page again.")
    if isinstance(error, AllocationError):
        told = WORDS.get(error.code)
        if told is not None:
            return told(error.params)
        return _("This is not possible now (%(code)s). Load the page again.") % {"code": error.code}
    return str(error)


def _most(text: Any) -> Callable[[Params], str]:
    return lambda p: str(text) % {"most": numbers.euros_exact(p["most_cents"])}


WORDS: Final[dict[str, Callable[[Params], str]]] = {
    "no_seat": lambda p: _("You have no seat for this in the region of this fund."),
    "same_person": lambda p: _("You did the first step yourself. Somebody else has to do this."),
    "how_missing": lambda p: _("Write how you made sure that the account is right."),
    "reason_missing": lambda p: _("Write the reason."),
    "payee_ended": lambda p: _("A bank account was changed since. Withdraw the batch."),
    "payee_not_verified": lambda p: _("Nobody has verified the bank account yet."),
    "payee_waits": lambda p: _("The bank account is new. Money may go there after 24 hours."),
    "no_payee": lambda p: _("There is no bank account to pay to. Enter it first."),
    "no_training": lambda p: _("This award has no training in the register now."),
    "above_register_price": _most(
        gettext_lazy("This is above the price in the register. At most %(most)s is left.")
    ),
    "above_award": _most(gettext_lazy("This is above the award. At most %(most)s is left.")),
    "above_own_costs": _most(
        gettext_lazy("This is above the own costs of the award. At most %(most)s is left.")
    ),
    "vat_wrong": lambda p: (
        _("The VAT does not fit this provider. Expected: %(vat)s.")
        % {"vat": numbers.euros_exact(p["expected_cents"])}
    ),
    "too_early": lambda p: _("The first part is paid from three weeks before the start."),
    "not_started": lambda p: _(
        "This training has no fixed day. The first part is paid once it has begun."
    ),
    "has_started": lambda p: _("This person was there: the training has begun."),
    "nothing_left": lambda p: _("Nothing is left of this invoice."),
    "invoice_withdrawn": lambda p: _("This invoice was withdrawn."),
    "award_is_spent": lambda p: _("All the money of this award is planned or paid already."),
    "has_payouts": lambda p: _("A part of this invoice is planned or paid already."),
    "retried_before": lambda p: _("This payment was made again before."),
    "nothing_to_pay": lambda p: _("No payment is ready. See below what each one waits for."),
    "no_bank_account": lambda p: _("The fund has no bank account yet. Ask the administrator."),
    "date_passed": lambda p: _("Choose today or a later day."),
    "other_file": lambda p: _("The file is not the one that you saw. Load the page again."),
    "batch_not_approved": lambda p: _("The batch is not approved yet. Withdraw it instead."),
    "file_gone": lambda p: _("This file was destroyed after seven years. Its total is kept."),
    "other_amount": lambda p: _("The amounts differ, so this cannot be the same payment."),
    "payments_open": lambda p: _("A payment is planned or at the bank. Wait for it first."),
    "not_paid_yet": lambda p: (
        _("Only %(paid)s was paid. Pay the rest first, or write less.")
        % {"paid": numbers.euros_exact(p["paid_cents"])}
    ),
    "nobody_to_reclaim_from": _most(
        gettext_lazy("Only %(most)s can be reclaimed from the provider. Is the worker to blame?")
    ),
    "more_than_owed": lambda p: (
        _("This is more than is owed: %(cents)s. Pay a part back first.")
        % {"cents": numbers.euros_exact(p["open_cents"])}
    ),
    "settled": lambda p: _("Nothing is owed any more."),
    "term_too_long": lambda p: (
        _("Two years at most: until %(day)s.") % {"day": numbers.day(date.fromisoformat(p["most"]))}
    ),
    "excluded_before": lambda p: _("A term is running already. End that one first."),
    "payments_at_bank": lambda p: _(
        "A payment to this provider is at the bank. Import the next statement first."
    ),
    "choose_by": lambda p: _("Choose a day after today, so that people have time."),
    "limitation": lambda p: (
        _("Too late: until %(day)s this could be reclaimed.")
        % {"day": numbers.day(date.fromisoformat(p["deadline"]))}
    ),
}

STUCK: Final[dict[str, tuple[Any, str]]] = {
    "unproven_statements": (gettext_lazy("statements to accept by a second person"), "statements"),
    "deposits": (gettext_lazy("deposits in suspense"), "deposits"),
    "refunds": (gettext_lazy("refunds to approve"), "deposits"),
    "payments": (gettext_lazy("payments on statements without explanation"), "statements"),
    "charges": (gettext_lazy("bank costs and interest to approve"), "charges"),
    "payees": (gettext_lazy("bank accounts to verify"), "payees"),
    "invoices": (gettext_lazy("invoices without a payment"), "payouts"),
    "batches": (gettext_lazy("batches to approve"), "payouts"),
    "not_confirmed": (gettext_lazy("payments at the bank for more than five days"), "payouts"),
    "rejected": (gettext_lazy("rejected payments"), "payouts"),
    "to_determine": (gettext_lazy("awards to determine"), "payouts"),
    "recoveries": (gettext_lazy("recoveries that are overdue"), "recoveries"),
    "lapsing": (gettext_lazy("recoveries that lapse within 90 days"), "recoveries"),
    "replacements": (gettext_lazy("people without another training"), "dropouts"),
}
