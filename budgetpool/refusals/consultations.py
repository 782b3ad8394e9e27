"""What a consultation on a draft rule refuses."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "rule_fixed": _("%(policy)s is fixed: a round uses it. Write a new version first."),
    "consulted_before": _("%(policy)s was before the public already. Write a new version first."),
    "consultation_term": _(
        "Choose a last day between %(least)s and %(most)s days from now, so that people hear of it."
    ),
    "consultation_over": _("You could comment up to and including %(closed_at)s. That is over."),
    "consultation_runs": _(
        "People can comment on %(policy)s up to and including %(closed_at)s. Wait until then."
    ),
    "not_consulted": _(
        "The region asks the public before a rule is fixed, for at least %(least)s days. "
        "%(policy)s was not before the public yet, or the board has not said what it does with "
        "the comments."
    ),
    "read_before": _("This stands like that already."),
    "answered_before": _("This comment has an answer already."),
    "comment_withheld": _("This comment is not shown. Show it first, then answer it."),
    "reply_missing": _("Write the answer."),
    "comments_unanswered": _(
        "Comments that still wait: %(count)s. Answer them first, or say why they are not shown."
    ),
    "concluded_before": _("The board said before what it does with the comments."),
    "older_rule": _("%(policy)s is older than the draft. Choose the draft or a later version."),
    "conclusion_missing": _("Write what the board does with the comments, and why."),
}
