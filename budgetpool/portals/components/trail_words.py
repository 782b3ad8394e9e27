"""What the trail says, in words: a step by the last part of its code, and what it was done to."""

from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgetpool.audit.models import AuditEvent

STEPS: Final[dict[str, Promise]] = {
    "acceptance_asked": _("acceptance asked"),
    "acceptance_confirmed": _("acceptance confirmed"),
    "acceptance_withdrawn": _("acceptance withdrawn"),
    "accepted": _("accepted"),
    "added": _("added"),
    "adjusted": _("decided otherwise"),
    "adjustment_withdrawn": _("other decision taken back"),
    "advanced": _("advance paid"),
    "agreed": _("agreed"),
    "announced": _("announced"),
    "answered": _("answered"),
    "approved": _("approved"),
    "arranged": _("arranged"),
    "asked": _("asked"),
    "asked_again": _("asked again"),
    "assigned": _("assigned"),
    "attendance_written": _("attendance written down"),
    "bank_account_added": _("bank account added"),
    "begun": _("begun"),
    "booked": _("booked"),
    "cancelled": _("cancelled"),
    "changed": _("changed"),
    "changed_by_partner": _("changed by a partner"),
    "choice_added": _("choice added"),
    "choice_dropped": _("choice taken out"),
    "choices_ordered": _("choices put in order"),
    "closed": _("closed"),
    "close": _("closed"),
    "close_asked": _("asked to close"),
    "comment_seen": _("comment read"),
    "commented": _("comment given"),
    "completed": _("completed"),
    "computed": _("computed"),
    "concluded": _("concluded"),
    "confirmed": _("confirmed"),
    "consent_withdrawn": _("consent taken back"),
    "consented": _("agreed as one of two"),
    "corrected": _("corrected"),
    "cost_set": _("costs written down"),
    "data_taken": _("data taken along"),
    "decided": _("decided"),
    "declared": _("stated"),
    "declined": _("declined"),
    "determined": _("determined"),
    "dismissed": _("dismissed"),
    "done": _("was done"),
    "drafted": _("drafted"),
    "drawn": _("draw recorded"),
    "draft": _("a draft again"),
    "dropped_out": _("dropped out"),
    "ended": _("ended"),
    "enrolled": _("enrolled"),
    "entered": _("entered"),
    "erased": _("erased"),
    "exact_lines_taken": _("exact lines taken along"),
    "explained": _("explained"),
    "exported": _("list taken along"),
    "fetched": _("fetched"),
    "file_added": _("file added"),
    "file_removed": _("file removed"),
    "file_seen": _("file looked at"),
    "filed": _("filed"),
    "filed_by_partner": _("filed by a partner"),
    "finished": _("finished"),
    "forgotten": _("forgotten after its term"),
    "given": _("given"),
    "granted": _("granted"),
    "hearing_planned": _("hearing planned"),
    "held": _("held back"),
    "imported": _("brought in"),
    "inadmissible": _("not admissible"),
    "ineligible": _("not possible"),
    "interest_declared": _("own interest stated"),
    "invitation_withdrawn": _("invitation taken back"),
    "invited": _("invited"),
    "is_somebody_else": _("is somebody else"),
    "issued": _("issued"),
    "joined": _("joined"),
    "judged_unseen": _("judged without the outcome"),
    "left": _("has left"),
    "lifted": _("lifted"),
    "limit_changed": _("limit changed"),
    "limited": _("given until a day"),
    "made": _("made"),
    "matched": _("matched"),
    "may_be_known": _("is perhaps known already"),
    "moved": _("moved"),
    "name_taken_back": _("name taken back"),
    "no_show": _("did not come"),
    "not_shown": _("not shown"),
    "odds_computed": _("chances computed"),
    "opened": _("opened"),
    "paid": _("paid"),
    "paid_undone": _("payment undone"),
    "paired": _("paired"),
    "payment_undone": _("payment undone"),
    "place_confirmed": _("place confirmed"),
    "planned": _("planned"),
    "prepared": _("made ready"),
    "price_announced": _("price announced"),
    "proposed": _("proposed"),
    "published": _("published"),
    "received": _("received"),
    "record_taken": _("record taken along"),
    "recovered": _("asked back"),
    "refused": _("refused"),
    "registered": _("registered"),
    "rejected": _("rejected"),
    "reminded": _("reminded"),
    "removed": _("removed"),
    "reopen": _("opened again"),
    "reopen_asked": _("asked to open again"),
    "reopened": _("opened again"),
    "return_undone": _("return undone"),
    "returned": _("sent back"),
    "revoked": _("withdrawn"),
    "role_changed": _("role changed"),
    "rotated": _("replaced by a new one"),
    "school_asked": _("school asked"),
    "school_says_gone": _("school says that somebody is gone"),
    "searched": _("searched"),
    "seen": _("looked at"),
    "sent": _("sent"),
    "sent_back": _("sent back with a question"),
    "set_right": _("set right"),
    "set_up": _("set up"),
    "settled": _("settled"),
    "shared": _("shared"),
    "sharing_stopped": _("sharing stopped"),
    "sheet_sent": _("sheet sent"),
    "shown": _("shown"),
    "signed": _("signed"),
    "signed_in": _("signed in"),
    "started": _("begun"),
    "stopped": _("stopped"),
    "submitted": _("sent"),
    "taken": _("taken up"),
    "taken_back": _("taken back"),
    "told": _("was told"),
    "training_replaced": _("training replaced"),
    "undone": _("undone"),
    "unmatched": _("uncoupled"),
    "upheld": _("upheld"),
    "verified": _("verified"),
    "waiting": _("waits again"),
    "withdrawn": _("withdrawn"),
    "withheld": _("not shown"),
    "written": _("written"),
    "written_off": _("given up"),
}
# What has a short name of its own, which people write and say.
REFERENCES: Final = {"workers.trainingrequest": "R-", "workers.worker": "W-"}


def step(event: AuditEvent) -> str:
    """What was done."""
    words = STEPS.get(event.action.rpartition(".")[2])
    return str(words) if words is not None else gettext("another step")


def kind_of(subject_type: str) -> str:
    """What kind of thing it was done to; the name of a table that is gone stays as it was."""
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type


def subject(event: AuditEvent) -> str:
    """To what: its kind, with the number by which people or the database know it."""
    before, number = REFERENCES.get(event.subject_type, ""), event.subject_id
    if before == "R-":
        number = number.zfill(4)
    return f"{kind_of(event.subject_type)} {before}{number}"
