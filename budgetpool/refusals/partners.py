"""What is refused around partners' programs and what they prove themselves with."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "too_many_tokens": _("At most %(most)s tokens work at one time. Withdraw one first."),
    "token_for_sandbox": _(
        "Only a sandbox has tokens that work for months. Use a client with a secret."
    ),
    "too_many_credentials": _(
        "At most %(most)s secrets and keys work at one time. Withdraw one first."
    ),
    "client_withdrawn": _("This program was shut out. Ask the board of the fund."),
    "key_known": _("This key stands in the list already."),
    "too_many_webhooks": _("At most %(most)s addresses get events at one time. End one first."),
    "webhook_ended": _("This address gets no events any more. Register it anew."),
    "no_sandbox_here": _("There is no sandbox here."),
    "real_money_here": _("This database holds a bank account. A sandbox needs one of its own."),
    "no_bank_in_sandbox": _("A sandbox has no bank account."),
    "no_such_program": _(
        "No program has this name. Copy it from what the organisation sent you: it begins with "
        "budgetpool_."
    ),
    "admitted_already": _(
        "The program of %(partner)s is in the list already. Withdraw that first."
    ),
    "own_program": _(
        "You manage the program of %(partner)s yourself. Others have to decide about it."
    ),
    "administers_already": _("This person is an administrator of the partner already."),
    "no_client": _("This organisation has no program yet. Ask the board of the fund."),
    "sheet_too_large": _("This file is too large. At most 2 MB, without pictures."),
    "sheet_too_long": _("This file has too many rows. Send at most %(most)s at one time."),
    "sheet_empty": _("There is nothing in this file. Fill in the template."),
    "not_a_sheet": _("We cannot read this file. Save it as Excel (xlsx) or as CSV."),
    "sheet_without_columns": _(
        "We do not know the column “%(column)s”, or it stands there twice. "
        "Leave the first row of the template as it is."
    ),
}
