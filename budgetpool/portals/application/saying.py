"""What a service refused, in a sentence that says what to do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from allocation.errors import AllocationError
from budgetpool.mail.amounts import euros
from budgetpool.portals.components.numbers import day, moment
from workers.errors import WorkerError

type Params = dict[str, Any]


def say(error: WorkerError | AllocationError) -> str:
    """The error's sentence in the reader's language; a code without words gets a general one."""
    words = SENTENCES.get(error.code)
    if words is None:
        return _("This is not possible now. Call us if you need help.")
    return words(error.params)


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return day(datetime.fromisoformat(text))


FILES: Final[dict[str, Callable[[Params], str]]] = {
    "empty": lambda p: _("This file is empty. Choose another one."),
    "too_large": lambda p: _("This file is too large. It may be 10 MB at most."),
    "kind": lambda p: _("This is no photo and no PDF. Take a photo or choose a PDF."),
    "mislabelled": lambda p: _("The name does not fit the file. Take a new photo or scan."),
    "too_many_pixels": lambda p: _("This photo is too large. Take a new one with your phone."),
    "broken": lambda p: _("We cannot open this file. Take a new photo."),
    "too_many_pages": lambda p: _("This PDF has more than 100 pages. Choose a shorter one."),
    "locked": lambda p: _("This PDF has a password. Take a photo of the paper."),
    "virus": lambda p: _("This file is not safe. We did not keep it."),
    "bsn": lambda p: _("The name of the file holds a citizen service number. Change the name."),
    "too_many": lambda p: _("There are ten files already. Remove one first."),
}

SENTENCES: Final[dict[str, Callable[[Params], str]]] = {
    "not_yours": lambda p: _("You may not do this for this person. Ask for a mandate first."),
    "window_not_open": lambda p: (
        _("You cannot ask yet. You can from %(moment)s.") % {"moment": _moment(p["opens_at"])}
    ),
    "window_closed": lambda p: (
        _("You are too late. You could ask until %(moment)s. You can ask in the next round.")
        % {"moment": _moment(p["closed_at"])}
    ),
    "wrong_state": lambda p: _("This is not possible now. Look at the status of the request."),
    "one_request_per_window": lambda p: (
        _("There is a request already: %(request)s. You can change it.") % p
    ),
    "incomplete": lambda p: _("Something is still missing. Look at the list below."),
    "too_many_choices": lambda p: _("You can choose three trainings. Remove one first."),
    "chosen_already": lambda p: _("You chose this training with this start already."),
    "not_on_offer": lambda p: _("You cannot ask for this training now. Choose another one."),
    "above_catalogue_price": lambda p: (
        _("The school asks %(price)s. You cannot ask more than that.")
        % {"price": euros(p["price_cents"])}
    ),
    "own_interest": lambda p: (
        _("You have a tie with %(provider)s. Let a colleague do this request.") % p
        if "provider" in p
        else _("You have a tie here. Let a colleague do this.")
    ),
    "file_refused": lambda p: FILES[p["reason"]](p),
    "known_already": lambda p: _("This person is known already. Look in the caseload."),
    "wrong_step": lambda p: _("This is not possible now. Look at the status of the request."),
    "accept_by_passed": lambda p: (
        _("You are too late. You could answer until %(day)s. Call us.")
        % {"day": _day(p["deadline"])}
    ),
    "objected_before": lambda p: _("You objected already. You get an answer to that."),
    "late_reason_missing": lambda p: (
        _("You could object until %(day)s. Tell us why you are late.")
        % {"day": _day(p["deadline"])}
    ),
    "started_before": lambda p: (
        _("We know already that you began on %(day)s.") % {"day": _day(p["started_on"])}
    ),
    "day_to_come": lambda p: _("This day is still to come. Tell us when you have begun."),
    "before_award": lambda p: (
        _("You got the training on %(day)s. The first lesson must be later. Is it wrong? Call us.")
        % {"day": _day(p["granted_on"])}
    ),
    "has_started": lambda p: (
        _("Your training began on %(day)s. You can stop, but not say no any more.")
        % {"day": _day(p["started_on"])}
    ),
    "proof_waits": lambda p: _("You sent a proof already. Somebody looks at it."),
    "no_document": lambda p: _("First add a photo of the paper. Then you can send it."),
    "attendance_too_low": lambda p: _("It must be 80 percent or more. Were you ill? Call us."),
    "sent_it": lambda p: _("You sent this yourself. Let a colleague look at it."),
    "no_seat": lambda p: _("You may not do this. Ask the administrator of your region."),
    "reason_missing": lambda p: _("Write what is missing."),
    "grounds_missing": lambda p: _("Tell us why you do not agree."),
}
