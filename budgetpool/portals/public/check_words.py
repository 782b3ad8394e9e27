"""What the check in the visitor's browser says, in words: one sentence per check and outcome.

The script of the page fills `{figures}` in. A name is `KIND-PART` where it holds, and
`KIND-PART-wrong` where it does not; the parts are those of static/check/coarse.js and exact.js.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_RULE = _("The rule is the one that this outcome was made with: its fingerprint was made again.")
_OTHER_RULE = _("The rule is not the one that this outcome was made with.")

WORDS: dict[str, str | Promise] = {
    "yes": _("Right"),
    "no": _("Not right"),
    "not": _("Not checked"),
    "busy": _("Your device is adding it up …"),
    "holds": _("Everything that was checked holds."),
    "open": _("Everything that was checked holds, but a better division is not excluded."),
    "wrong": _("Something does not hold. Do not trust these files: ask the fund how this can be."),
    "unreadable": _("A file is missing or cannot be read, so nothing can be said."),
    "broken": _("The check stopped. Use the command on this page."),
    "coarse-files": _RULE,
    "coarse-files-wrong": _OTHER_RULE,
    "coarse-limits": _("{spent} was spent, and the round had {ceiling}: not too much."),
    "coarse-limits-wrong": _("{spent} was spent, and the round had {ceiling}: too much."),
    "coarse-hidden": _(
        "The {people} lines stand in {groups} groups, the smallest of {smallest} people. "
        "In each at least five people got a training and at least five did not."
    ),
    "coarse-hidden-wrong": _("The lines are not those of the groups, or a group hides nobody."),
    "coarse-sums": _("The groups add up to what was stated: {awarded} people and {spent}."),
    "coarse-sums-wrong": _("The groups do not add up to what was stated."),
    "coarse-proof": _(
        "The outcome is worth {value} and no other division can have more than {bound}: "
        "{stages} sums of the proof were added up again, in whole numbers."
    ),
    "coarse-proof-wrong": _("The proof is wrong: it does not show that no division is better."),
    "coarse-small": _("The round is too small to publish lines: they would not hide anybody."),
    "coarse-not": _(
        "Whether each line is true was not checked here: that needs the exact lines. The auditor "
        "has them, with this fingerprint: {snapshot}, and checks them with python verify.py input "
        "outcome."
    ),
    "exact-files": _("These are the requests and the rule of this outcome: {snapshot}."),
    "exact-files-wrong": _("The requests or the rule are not those of this outcome."),
    "exact-one": _("Each of the {requests} requests of {people} people has exactly one decision."),
    "exact-one-wrong": _("Not every request has exactly one decision that it may have."),
    "exact-limits": _(
        "All limits hold: the money ({spent} of {ceiling}), the pots, the places, the limits per "
        "school and what one person may get."
    ),
    "exact-limits-wrong": _("A limit is passed: of money, places, or what one person may get."),
    "exact-lots": _(
        "The lots were made again from the public draw, and among equal requests the best lot won."
    ),
    "exact-lots-given": _(
        "Among equal requests the best lot won. The lots stand in the file and were not made again."
    ),
    "exact-lots-wrong": _("Among equal requests the best lot did not win."),
    "exact-proof": _(
        "The outcome is worth {value} and no other division can have more than {bound}. Promises, "
        "shares of groups and each step of the proof were added up again, in whole numbers."
    ),
    "exact-proof-wrong": _("The proof is wrong: it does not show that no division is better."),
    "exact-sums": _("Every stated figure is what the decisions add up to: {awarded} people."),
    "exact-sums-wrong": _("A stated figure is not what the decisions add up to."),
    "exact-other": _("This outcome was made by another rule, which proves no bound."),
    "exact-not": _(
        "Two things were not checked here: the words of each reason, and whether two people could "
        "change places. The program does: python verify.py input outcome."
    ),
    "line-awarded": _(
        "Your line is {name}: awarded. It stands in a group of {people} people, of whom {of} got a "
        "training."
    ),
    "line-refused": _(
        "Your line is {name}: not awarded. It stands in a group of {people} people, of whom {of} "
        "got a training."
    ),
    "line-none": _("There is no line with this key."),
}
