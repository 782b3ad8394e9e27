"""Where a request stands, in a few words, with the reason, and what can be done now."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.decisions import objections, proofs, starting
from allocation.models import Award, Decision, Objection, Replacement
from allocation.payouts import replacing
from budgetpool.mail import reasons
from budgetpool.portals.components.numbers import day, euros
from budgetpool.portals.components.parts import Station, stations
from budgetpool.written import until
from workers.models import TrainingRequest


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now: a title, a sentence and, where it is a page, its address' name."""

    title: str
    text: str = ""
    button: str = ""
    url: str = ""


@dataclass(frozen=True)
class Standing:
    """What a page says about a request.

    Attributes:
        code: a lower-case code, for the badge's colour and for tests.
        words: the status in a few words.
        why: two or three sentences.
        change: what would have changed it.
        now: what can be done now.
    """

    code: str
    words: str
    kind: str
    why: list[str] = field(default_factory=list)
    change: list[str] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    next: NextStep | None = None


def decision_of(asked: TrainingRequest) -> Decision | None:
    """The published decision on a request, with its round; None before publication."""
    return (
        Decision.objects.filter(request=asked)
        .select_related("round__policy", "round__fund", "choice__training__provider")
        .first()
    )


def award_of(asked: TrainingRequest) -> Award | None:
    """The award of a request, whatever became of it."""
    return (
        Award.objects.filter(request=asked)
        .select_related("choice__training__provider", "choice__edition")
        .first()
    )


def objection_of(decision: Decision | None) -> Objection | None:
    """The objection against a decision, where there is one."""
    return Objection.objects.filter(decision=decision).first() if decision else None


def standing(asked: TrainingRequest) -> Standing:
    """Where a request stands now."""
    decision, award = decision_of(asked), award_of(asked)
    if award is not None:
        to_choose = replacing.open_for(award)
        if to_choose is not None:
            return _to_choose(to_choose)
        said = AWARDS[Award.Status(award.status)](asked, decision, award)
        return _moved(said, replacing.latest(award))
    if decision is not None:
        return _refused(asked, decision)
    return STATES[TrainingRequest.Status(asked.status)](asked)


def can_object(decision: Decision | None, objection: Objection | None) -> bool:
    """Whether the page offers to object: every decision, once; late is asked for a reason."""
    return decision is not None and objection is None


def object_until(decision: Decision) -> Any:
    """The last day on which an objection is in time."""
    return objections.deadline(decision)


JOURNEY: Final = [
    ("draft", gettext_lazy("Fill in")),
    ("submitted", gettext_lazy("Sent")),
    ("decided", gettext_lazy("Decided")),
    ("training", gettext_lazy("Training")),
    ("done", gettext_lazy("Done")),
]


def journey(asked: TrainingRequest, where: Standing) -> list[Station]:
    """The stations from a draft to a certificate."""
    place = {
        "draft": "draft",
        "withdrawn": "draft",
        "ineligible": "submitted",
        "submitted": "submitted",
        "deciding": "submitted",
        "accepted": "training",
        "advanced": "training",
        "replacing": "training",
        "completed": "done",
        "determined": "done",
    }.get(where.code, "decided")
    return stations(JOURNEY, place)


def _draft(asked: TrainingRequest) -> Standing:
    sent = asked.sent_copy is not None
    return Standing(
        "draft",
        _("You are changing your request") if sent else _("Not sent yet"),
        "warning",
        why=[_("What you sent counts until you send it again.")] if sent else [],
        next=NextStep(
            _("Go on with your request"),
            _("You can send it up to and including %(end)s.")
            % {"end": until(asked.window.closes_at)},
            _("Go on"),
            "apply:go-on",
        )
        if asked.window.is_open() or asked.repair_until
        else NextStep(
            _("This round is closed"),
            _("You did not send this request. You can ask in the next round."),
        ),
    )


def _submitted(asked: TrainingRequest) -> Standing:
    if asked.window.is_open():
        return Standing(
            "submitted",
            _("We have your request"),
            "success",
            now=[
                _("You can change it up to and including %(end)s.")
                % {"end": until(asked.window.closes_at)},
                _("It does not matter who is first. Every day counts the same."),
                _("After that the board divides the money. You get a letter by %(day)s.")
                % {"day": day(asked.window.decision_by)},
            ],
        )
    return Standing(
        "deciding",
        _("The board decides now"),
        "neutral",
        now=[
            _("The round is closed. The board divides the money."),
            _("You get a letter by %(day)s. You also see the decision here.")
            % {"day": day(asked.window.decision_by)},
        ],
    )


def _withdrawn(asked: TrainingRequest) -> Standing:
    now = (
        [
            _("You can open it again up to and including %(end)s.")
            % {"end": until(asked.window.closes_at)}
        ]
        if asked.window.is_open()
        else [_("You can ask again in the next round.")]
    )
    return Standing("withdrawn", _("You took it back"), "inactive", now=now)


def _ineligible(asked: TrainingRequest) -> Standing:
    now = [_("Talk with an adviser. That costs nothing.")]
    if asked.repair_until:
        now.insert(
            0,
            _("Is a fact wrong? You can change it until %(day)s.")
            % {"day": day(asked.repair_until)},
        )
    return Standing(
        "ineligible",
        _("Not possible like this"),
        "error",
        why=reasons.why(asked.reason, asked.reason_params),
        now=now,
    )


def _refused(asked: TrainingRequest, decision: Decision) -> Standing:
    return Standing(
        "refused",
        _("Not this time"),
        "error",
        why=reasons.why_refused(decision.reason, decision.params),
        change=reasons.what_would_change(decision.params),
        now=reasons.what_now(decision.reason),
    )


def _granted(asked: TrainingRequest, decision: Decision | None, award: Award) -> Standing:
    return Standing(
        "granted",
        _("You get your training"),
        "success",
        why=_why(decision, award),
        next=NextStep(
            _("Do you want this training?"),
            _("Tell us before the end of %(day)s. After that somebody else gets the place.")
            % {"day": day(award.accept_by)},
            _("Give an answer"),
            "apply:answer",
        ),
    )


def _why(decision: Decision | None, award: Award) -> list[str]:
    said = [
        _("You can do %(training)s. The fund pays %(amount)s.")
        % {"training": award.choice.title, "amount": euros(award.amount)}
    ]
    if award.origin == Award.Origin.NEXT_IN_LINE:
        return [*said, _("Somebody gave a place back. You were next in line.")]
    if award.origin == Award.Origin.OBJECTION:
        return [*said, _("You objected, and you were right.")]
    if decision is not None:
        return [*said, *reasons.why(decision.reason, decision.params)]
    return said


def _to_choose(replacement: Replacement) -> Standing:
    award, by = replacement.award, replacement.choose_by
    cause = (
        _("The start of %(training)s was cancelled. You keep your award.")
        if replacement.dropout is None
        else _("The school of %(training)s stopped. You keep your award.")
    )
    return Standing(
        "replacing",
        _("Choose a different training"),
        "warning",
        why=[
            cause % {"training": award.choice.title},
            _("The fund still pays %(amount)s.") % {"amount": euros(award.amount)},
        ],
        next=NextStep(
            _("Which training do you want now?"),
            _("Choose before %(day)s. An adviser can help you.") % {"day": day(by)},
            _("Choose a training"),
            "apply:replacement",
        ),
    )


def _moved(said: Standing, moved: Replacement | None) -> Standing:
    """The same, about the training that was chosen instead."""
    if moved is None or moved.training is None:
        return said
    why = [
        _("You now do %(training)s at %(school)s.")
        % {"training": moved.training.title, "school": moved.training.provider}
    ]
    return replace(said, why=why)


def _accepted(asked: TrainingRequest, decision: Decision | None, award: Award) -> Standing:
    return Standing(
        "accepted",
        _("You are in training") if award.started_on else _("You said yes"),
        "success",
        why=_why(None, award),
        now=[
            _("The fund pays the school. You pay nothing in advance."),
            _("After the training you send a photo of your certificate."),
        ],
        next=_next_of_training(award),
    )


def _advanced(asked: TrainingRequest, decision: Decision | None, award: Award) -> Standing:
    said = _accepted(asked, decision, award)
    words = said.words if award.started_on else _("The school is being paid")
    return Standing("advanced", words, "success", why=said.why, next=said.next)


def _next_of_training(award: Award) -> NextStep:
    """Wait for the start, say that it began, send the proof, mend it, or wait for a look."""
    today, starts_on = timezone.localdate(), starting.planned_on(award)
    sent = proofs.latest(award)
    if sent is not None and sent.status == "sent":
        return NextStep(
            _("We have your proof"),
            _("Somebody looks at it within a week. You get a message."),
        )
    if sent is not None and sent.status == "refused":
        return NextStep(
            _("Something is missing in your proof"), sent.answer, _("Send it again"), "apply:proof"
        )
    if award.started_on is None:
        if starts_on is not None and starts_on > today:
            return NextStep(
                _("Your training starts on %(day)s") % {"day": day(starts_on)},
                _("The school tells you where and when. Have fun!"),
            )
        return NextStep(
            _("Did your training begin?"),
            _("Tell us on which day the first lesson was."),
            _("My training began"),
            "apply:start",
        )
    ends_on = starting.ends_on(award)
    if ends_on is not None and ends_on > today:
        return NextStep(
            _("Your training goes on until %(day)s") % {"day": day(ends_on)},
            _("Keep what you get: a diploma or certificate. You send a photo of it."),
        )
    return NextStep(
        _("Are you ready with the training?"),
        _("Send a photo of your diploma or certificate."),
        _("Send the proof"),
        "apply:proof",
    )


def _ended(code: str, words: Callable[[], str], *now: Callable[[], str]) -> Any:
    def said(asked: TrainingRequest, decision: Decision | None, award: Award) -> Standing:
        kind = "success" if code in {"completed", "determined"} else "inactive"
        return Standing(code, words(), kind, now=[sentence() for sentence in now])

    return said


STATES: Final[dict[TrainingRequest.Status, Callable[[TrainingRequest], Standing]]] = {
    TrainingRequest.Status.DRAFT: _draft,
    TrainingRequest.Status.SUBMITTED: _submitted,
    TrainingRequest.Status.WITHDRAWN: _withdrawn,
    TrainingRequest.Status.INELIGIBLE: _ineligible,
}

AWARDS: Final[dict[Award.Status, Callable[[TrainingRequest, Decision | None, Award], Standing]]] = {
    Award.Status.GRANTED: _granted,
    Award.Status.ACCEPTED: _accepted,
    Award.Status.ADVANCED: _advanced,
    Award.Status.COMPLETED: _ended(
        "completed",
        lambda: _("You finished your training"),
        lambda: _("Congratulations! Your proof is right. We pay the school the rest."),
    ),
    Award.Status.DETERMINED: _ended(
        "determined",
        lambda: _("Everything is done"),
        lambda: _("Your training is paid. You have nothing more to do."),
    ),
    Award.Status.DECLINED: _ended(
        "declined",
        lambda: _("You said no"),
        lambda: _("Somebody else got the place. You can ask again in the next round."),
    ),
    Award.Status.CANCELLED: _ended(
        "cancelled",
        lambda: _("The training stopped"),
        lambda: _("You pay nothing for that."),
        lambda: _("You can ask again in the next round. An adviser can help you."),
    ),
    Award.Status.NO_SHOW: _ended(
        "no_show",
        lambda: _("You were not there"),
        lambda: _("Did you have a good reason? Tell us. Then it has no consequence."),
    ),
    Award.Status.RECOVERED: _ended(
        "recovered",
        lambda: _("The money is paid back"),
        lambda: _("Call us if you have a question about this."),
    ),
}
