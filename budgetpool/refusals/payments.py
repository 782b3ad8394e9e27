"""What is refused on the way from an invoice to the bank, and on the way back."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    # To whom
    "how_missing": _("Write how you made sure that the account is right."),
    "too_few_words": _("Write it in a sentence of at least %(words)s words: what, and from whom."),
    "evidence_unknown": _("Choose from the list what you saw."),
    "evidence_date": _(
        "Write the day on which you saw it: not later than today, nor longer ago "
        "than %(days)s days."
    ),
    "warnings_unanswered": _("Look out. %(warnings)s Write why the account is right all the same."),
    "warnings_new": _(
        "Look out: this came up after the account was entered. %(warnings)s %(who)s enters it "
        "again, with an answer."
    ),
    "own_iban": _("This is an account of the fund itself (it ends in %(last)s)."),
    "other_account": _(
        "The bank shows that this money went to, or came from, an account that ends in %(last)s. "
        "It should be the one that ends in %(meant)s."
    ),
    "nobody_to_tell": _(
        "Nobody else in %(region)s could be told of this. Ask the administrator to give a third "
        "person a seat, or to set an overseer."
    ),
    "payee_ended": _(
        "A bank account was changed since. Withdraw the batch, or the payment, and plan it again."
    ),
    "payee_not_verified": _("Nobody has verified the bank account yet."),
    "payee_waits": _("The bank account is new. Money may go there from %(until_at)s."),
    "no_payee": _("There is no bank account to pay to. Enter it first."),
    # For what
    "no_training": _("This award has no training in the register now."),
    "vat_wrong": _("The VAT does not fit this provider. Expected: %(expected_cents)s."),
    "above_register_price": _(
        "This is above the price in the register. At most %(most_cents)s is left."
    ),
    "above_award": _("This is above the award. At most %(most_cents)s is left."),
    "above_own_costs": _(
        "This is above the own costs of the award. At most %(most_cents)s is left."
    ),
    "has_payouts": _("A part of this invoice is planned or paid already."),
    "invoice_withdrawn": _("This invoice was withdrawn."),
    "nothing_left": _("Nothing is left of this invoice."),
    "award_is_spent": _(
        "The money of this award is planned or paid already. %(left_cents)s is left."
    ),
    # When
    "too_early": _("The first part is paid from %(from_on)s, three weeks before the start."),
    "not_started": _("This training has no fixed day. The first part is paid once it has begun."),
    "retried_before": _("This payment was made again before."),
    "report_of_no_file": _(
        "This answer of the bank is about the file %(file)s, and the fund sent no such file."
    ),
    "no_proof_of_failure": _(
        "Nothing proves that the bank did not pay this. Import its answer (pain.002) or the "
        "statement on which the money came back."
    ),
    "statement_to_come": _(
        "Import the statement of %(execution_on)s first. Then it is certain that the bank did not "
        "pay this after all."
    ),
    # The batch
    "date_passed": _("Choose today or a later day."),
    "nothing_to_pay": _("No payment is ready. See below what each one waits for."),
    "no_bank_account": _("The fund has no bank account yet. Ask the administrator."),
    "other_file": _("The file is not the one that you saw. Load the page again."),
    "file_gone": _("This file was destroyed after seven years. Its total is kept."),
    "batch_not_approved": _("The batch is not approved yet. Withdraw it instead."),
    "other_amount": _("The amounts differ, so this cannot be the same payment."),
    # The end of an award
    "payments_open": _("A payment is planned or at the bank. Wait for it first."),
    "not_paid_yet": _("Only %(paid_cents)s was paid. Pay the rest first, or write less."),
    "award_ended": _("The costs of this award are fixed, so what was paid for it stays."),
    # Back
    "nobody_to_reclaim_from": _(
        "Only %(most_cents)s can be reclaimed from the provider. Is the worker to blame?"
    ),
    "limitation": _("Too late: until %(deadline_on)s this could be reclaimed."),
    "more_than_owed": _("This is more than is owed: %(open_cents)s. Pay a part back first."),
    "settled": _("Nothing is owed any more."),
    # A provider that stops
    "choose_by": _("Choose a day after today, so that people have time."),
    "training_closed": _("This training is not on offer now. Choose another one."),
    "same_provider": _("This is the provider that stops. Choose another one."),
    "other_training": _("This start belongs to another training. Choose one of this training."),
    "edition_full": _("This start is full: it has %(seats)s places. Choose another one."),
    "payments_at_bank": _(
        "A payment to this provider is at the bank. Import the next statement first."
    ),
}
