"""The codes that a program may build on: each with what it means. `docs/api.md` shows both lists.

A code that does not stand here is never sent: what is new below us comes out as a general code
until it was published.
"""

from typing import Final

# What an answer as a whole says.
PROBLEMS: Final[dict[str, str]] = {
    "bad_request": "The web server cannot read this request.",
    "conflict": "It does not go together with what is stored.",
    "invalid": "One or more values are not valid; `errors` names each.",
    "method_not_allowed": "This method is not possible at this address; see `Allow`.",
    "not_acceptable": "The format that `Accept` asks for is not available.",
    "not_authenticated": "This address needs a token.",
    "authentication_failed": "The token is unknown, withdrawn or out of date.",
    "precondition_required": "Say with `If-Match` which version you change.",
    "precondition_failed": "Somebody changed it since you read it; read it again.",
    "not_found": "Nothing is here, or it is not yours to see.",
    "not_published": "There is no outcome before the round is published.",
    "parse_error": "The body is no JSON that we take.",
    "permission_denied": "This is not yours to see or to do.",
    "refused": "It is not possible now; `detail` says why.",
    "unavailable": "We are away for a moment; come back after Retry-After seconds.",
    "server_error": "Something went wrong on our side; the same call may be sent again.",
    "throttled": "Too many calls; wait for `Retry-After` seconds.",
    "too_large": "The body is too large.",
    "unsupported_media_type": "The body is in a format that we do not take.",
    "uri_too_long": "The address with its query is too long.",
    "key_reused": "The `Idempotency-Key` came with another body before.",
    "insufficient_scope": "The token lacks the scope that `WWW-Authenticate` names.",
    "too_many_credentials": "So many secrets and keys of yours work already; withdraw one.",
    "key_known": "You gave this key before.",
    "too_many_webhooks": "So many addresses of yours get events already; end one.",
    "webhook_ended": "The address gets no events any more.",
    "too_many_tokens": "So many tokens of yours work already; withdraw one.",
    # Filing
    "other_region": "The region is not one of yours.",
    "no_window": "No window is open or announced in the region.",
    "window_not_open": "The window is not open yet.",
    "window_closed": "The window has closed.",
    "one_request_per_window": "The person has a request in this window.",
    "reference_used": "You used this reference in this window before.",
    "known_already": "The person is known through somebody else; the counter helps.",
    "not_yours": "You have no ground to act for this person.",
    "incomplete": "Something is still missing.",
    "wrong_state": "This is not possible in the present status.",
    # After the decision
    "no_award": "There is no award for this request.",
    "accept_by_passed": "The last day to answer has passed.",
    "has_started": "The training began; it can be stopped, but not refused any more.",
    "wrong_step": "This is not possible at the present step of the award.",
    "started_before": "The start was told before.",
    "day_to_come": "The day is still to come.",
    "before_award": "The day lies before the award.",
    "proof_waits": "A proof waits already.",
    "attendance_too_low": "The attendance is below what is needed.",
    "signatures_missing": "A practice declaration needs three signatures.",
    "no_decision": "There is no decision to object to yet.",
    "objected_before": "There is an objection against this decision already.",
    "late_reason_missing": "The six weeks are over; tell why it is late.",
    # Of a school
    "no_employer": "No employer that pays in has the KvK number of your organisation.",
    "no_school": "No school of the register has the KvK number of your organisation.",
    "not_your_school": "This person has no place at your school, or did not give their name.",
    "not_begun": "Nobody told yet on which day the first lesson was.",
    "more_than_lessons": "Nobody can be at more lessons than there were.",
    "number_used": "You sent this invoice for this award before.",
    "no_training": "The person has to choose another training first.",
    "has_payouts": "A part of the invoice is planned or paid already.",
    # Of a treasurer's system
    "not_admitted": "The fund did not let your program at its bank statements.",
}

# What one value is told.
ERRORS: Final[dict[str, str]] = {
    "required": "It is missing.",
    "null": "It may not be null.",
    "blank": "It may not be empty.",
    "empty": "The list may not be empty.",
    "unknown": "There is no such name, training or edition.",
    "repeated": "It was given more than once.",
    "invalid_choice": "It is none of the possible values.",
    "invalid": "It is of another form or type than asked.",
    "date": "It is no day.",
    "does_not_exist": "There is nothing of that name.",
    "max_length": "It is too long.",
    "min_length": "It is too short.",
    "max_value": "It is too large.",
    "min_value": "It is too small.",
    "null_characters_not_allowed": "It holds a null character.",
    "bsn": "It looks like a citizen service number, which we never need.",
    "not_in_the_past": "The moment is still to come.",
    "too_long_ago": "The moment lies too far back.",
    "no_living_age": "Nobody of that date of birth asks for training.",
    "before_birth": "The moment lies before the date of birth.",
    "not_a_phone_number": "It is no telephone number.",
    "unreachable": "Give an e-mail address, a telephone number or an address for letters.",
    "not_on_offer": "The training cannot be asked for now.",
    "chosen_already": "The same training and edition stand in the list before.",
    "above_catalogue_price": "The register asks less for this.",
    "no_amount": "The choice costs nothing.",
    "not_authorised": "Only who was asked by the worker does this.",
    "above_register_price": "The register asks less for this training.",
    "above_award": "The award is less than that.",
    "vat_wrong": "The VAT does not fit the school's status.",
    "not_base64": "It is no Base64.",
    "not_a_sheet": "It is no CSV or XLSX that we take.",
    "sheet_empty": "The sheet has no row below its head.",
    "sheet_too_large": "The sheet is larger than 2 MB, or unpacks to far more.",
    "sheet_too_long": "The sheet has more than 500 rows or 60 columns.",
    "sheet_without_columns": "A column of the sheet is unknown, or stands there twice.",
    "not_an_invoice": "It is no e-invoice in UBL 2.1 that can be right.",
    "other_supplier": "It is the invoice of another school.",
    "other_currency": "It is not in euros.",
    "not_a_statement": "It is no CAMT.053 or MT940 that can be trusted.",
    "other_account": "The statement is of no account of this fund.",
    "interim": "It is an interim report, which may still change.",
    "set_aside": "Two people of the fund set this file aside.",
    "balance_not_proven": "Opening balance and lines do not make the closing balance.",
    "control_total_wrong": "The file contradicts its own count or sum.",
    "no_date": "A line has no date.",
    "file_too_large": "The file is too large.",
    "url": "We send to HTTPS addresses on the public internet only.",
}

# Codes of the libraries below us, and what we publish them as.
OTHER_NAMES: Final = {
    "incorrect_type": "invalid",
    "not_a_list": "invalid",
    "max_string_length": "invalid",
    "make_aware": "invalid",
    "datetime": "invalid",
    "overflow": "invalid",
    "error": "bad_request",
    "surrogate_characters_not_allowed": "null_characters_not_allowed",
}


def problem(code: str) -> str:
    """The published code of a whole answer."""
    return code if code in PROBLEMS else "refused"


def error(code: str) -> str:
    """The published code of one value."""
    named = OTHER_NAMES.get(code, code)
    return named if named in ERRORS else "invalid"
