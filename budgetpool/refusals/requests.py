"""What is refused around a person and their request."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "not_yours": _("You may not do this for this person. Ask for a mandate first."),
    "known_already": _("This person is known already. Look in the caseload."),
    "window_not_open": _("You cannot ask yet. You can from %(opens_at)s."),
    "window_closed": _(
        "You are too late. You could ask up to and including %(closed_at)s. Ask in the next round."
    ),
    "one_request_per_window": _("There is a request already: %(request)s. You can change it."),
    "reference_used": _(
        "You filed a request with the reference %(reference)s in this window before."
    ),
    "incomplete": _("Something is still missing. Look at the list below."),
    "too_many_choices": _("You can choose three trainings. Remove one first."),
    "chosen_already": _("You chose this training with this start already."),
    "not_on_offer": _("You cannot ask for this training now. Choose another one."),
    "starts_too_early": _(
        "This training starts on %(starts_on)s. That is too early. Choose a start from "
        "%(first_on)s: until then people can still say yes or no."
    ),
    "holds_seat": _("You hold a place that others count on: %(seats)s. Hand it over first."),
    "above_norm": _("You can ask %(most_cents)s at most for this."),
    "above_catalogue_price": _("The school asks %(price_cents)s. You cannot ask more than that."),
}
