"""The steps that a member can take on a round's page: each a form and the service behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allocation import rounds as services
from allocation.models import Round, Scenario
from allocation.rounds import changing, four_eyes, odds, steps, tasks
from allocation.rounds.scenarios import Wanted
from allocation.rules import access as access_rules
from allocation.rules import draws
from budgetpool.portals import access
from budgetpool.portals.board import jobs, rounds
from budgetpool.portals.board.forms import (
    ChangeForm,
    ComputeForm,
    ConfirmForm,
    DrawForm,
    ProposeForm,
    QuestionForm,
    ReasonForm,
    SignForm,
)
from budgetpool.users.models import User

type Data = dict[str, Any]

# Steps whose work is done elsewhere, while a page shows how far it is.
LONG = ("odds", "baselines", "compute", "small-change", "price", "explain", "propose", "publish")
# Steps that ask for the second factor again.
RISKY = ("propose", "sign", "publish")
BASELINES = (Scenario.Rule.FCFS, Scenario.Rule.LOTTERY, Scenario.Rule.RANKING)


@dataclass(frozen=True)
class StepForm:
    """A step with its form, ready to be shown; `proof_url` when the second factor comes first."""

    verb: str
    title: str
    text: str
    button: str
    form: forms.Form
    kind: str = "primary"
    proof_url: str = ""


def possible(round: Round, member: User) -> list[str]:
    """The verbs that this member can use on the page now, in the order of the page."""
    allowed = [
        step for step in steps.possible(round) if not access_rules.is_barred(member, round, step)
    ]
    shown = []
    if "open" in allowed:
        shown.append("open")
    # Before that the page's next step says from when: every day of the window counts alike.
    if "close" in allowed and timezone.now() >= round.window.closes_at:
        shown.append("close")
    if "odds" in allowed and not round.draw_outcome and odds.current(round) is None:
        shown.append("odds")
    if "record_draw" in allowed and not round.draw_outcome and draws.of(round).is_due:
        shown.append("draw")
    if "compute" in allowed and round.draw_outcome:
        if not round.scenarios.filter(rule__in=BASELINES).exists():
            shown.append("baselines")
        if rounds.before_decisions(round).exists():
            shown.append("small-change")
        shown.append("compute")
    if "price" in allowed and round.draw_outcome and round.policy.rules.get("coverage"):
        shown.append("price")
    if "propose" in allowed and rounds.choosable(round).exists():
        shown.append("propose")
    signed = round.signatures.filter(signer=member, withdrawn_at__isnull=True).exists()
    if "sign" in allowed and not signed:
        shown.append("sign")
    waits = jobs.waits_for_explanation(round)
    if "explain" in allowed and waits:
        shown.append("explain")
    if "publish" in allowed and not waits:
        shown.append("publish")
    own = {one.step for one in four_eyes.standing(round) if one.member_id == member.pk}
    for step in ("send_back", "finish", "cancel"):
        if step in allowed and step not in own:
            shown.append(step.replace("_", "-"))
    if "take_back" in allowed and own:
        shown.append("take-back")
    return shown


def form_of(verb: str, round: Round, data: Any = None) -> forms.Form:
    """The form of a verb, filled from a request where there is one."""
    # Several forms stand on one page, so each prefixes its ids.
    options: dict[str, Any] = {"auto_id": f"{verb}_%s"}
    if verb == "propose":
        options["scenarios"] = rounds.choosable(round)
    if verb == "small-change":
        options["scenarios"] = rounds.before_decisions(round)
    if verb in ("cancel", "send-back"):
        asked = four_eyes.standing(round, verb.replace("-", "_"))
        options["initial"] = {"text": asked[0].reason if asked else ""}
    if verb in ("sign", "send-back") and round.proposal:
        options.setdefault("initial", {})["sha256"] = round.proposal.sha256
    return FORMS[verb](data, **options)


def show(
    verb: str, round: Round, form: forms.Form | None = None, *, proven: bool = True
) -> StepForm:
    """A step as the page shows it; a risky one not before the member is `proven`."""
    title, text, button, kind = _texts(verb)
    proof = "" if proven or verb not in RISKY else access.proof_url(page_of(round, verb))
    return StepForm(verb, title, text, button, form or form_of(verb, round), kind, proof)


def page_of(round: Round, verb: str) -> str:
    """The address of a step on the round's page."""
    return f"{reverse('board-round', args=[round.fund.region.slug, round.code])}#{verb}"


def take(verb: str, *, round: Round, member: User, data: Data) -> str:
    """Take a step through its service; gives what to tell the member.

    Raises: whatever the service refuses.
    """
    return TAKE[verb](round, member, data)


def _open(round: Round, member: User, data: Data) -> str:
    services.open(round=round, member=member)
    return _("The round is open. The rule is public now.")


def _close(round: Round, member: User, data: Data) -> str:
    services.close(round=round, member=member)
    return _("The round is closed. The requests are frozen.")


def _draw(round: Round, member: User, data: Data) -> str:
    drawn = services.record_draw(round=round, member=member, outcome=data["outcome"])
    if drawn.draw_outcome:
        return _("The draw is filled in. Everybody has a lot number now.")
    return _("Your numbers are kept. Now another member fills them in, apart from you.")


def _baselines(round: Round, member: User, data: Data) -> str:
    wanted: list[Wanted] = [
        {
            "name": str(Scenario.Rule(rule).label).capitalize(),
            "rule": rule.value,
            "variation": {},
        }
        for rule in BASELINES
    ]
    tasks.ask_scenarios(round=round, member=member, wanted=wanted)
    return _("The old rules are being computed.")


def _compute(round: Round, member: User, data: Data) -> str:
    wanted: list[Wanted] = [
        {"name": data["name"], "rule": data["rule"], "variation": data["variation"]}
    ]
    tasks.ask_scenarios(round=round, member=member, wanted=wanted)
    return _("“%(name)s” is being computed and checked.") % {"name": data["name"]}


def _small_change(round: Round, member: User, data: Data) -> str:
    name, most = data["name"], data["most"]
    few = name if most is not None else _("%(name)s, fewest changes") % {"name": name}
    wanted: changing.Wanted = {
        "instead_of": data["instead_of"].pk,
        "best": name if most is None else "",
        "small": few,
        "most": most,
    }
    tasks.ask_change(round=round, member=member, wanted=wanted)
    return _("“%(name)s” is being computed and checked.") % {"name": name}


def _odds(round: Round, member: User, data: Data) -> str:
    tasks.ask_odds(round=round, member=member)
    return _("Everybody’s chance before the draw is being computed.")


def _price(round: Round, member: User, data: Data) -> str:
    tasks.ask_curve(round=round, member=member)
    return _("What sharing fairly costs is being computed.")


def _explain(round: Round, member: User, data: Data) -> str:
    tasks.ask_explanation(round=round, member=member)
    return _("What would have changed each refusal is being looked for.")


def _propose(round: Round, member: User, data: Data) -> str:
    services.propose(
        round=round,
        member=member,
        scenario=data["scenario"],
        motivation=data["motivation"],
        no_interest=data["no_interest"],
    )
    return _("You signed. Now another board member has to sign.")


def _sign(round: Round, member: User, data: Data) -> str:
    services.sign(
        round=round, member=member, sha256=data["sha256"], no_interest=data["no_interest"]
    )
    return _("You signed as the second. The outcome can be published.")


def _publish(round: Round, member: User, data: Data) -> str:
    tasks.ask_publication(round=round, member=member)
    return _("The outcome is being published. Everybody hears at the same moment.")


def _send_back(round: Round, member: User, data: Data) -> str:
    back = services.send_back(
        round=round, member=member, sha256=data["sha256"], question=data["text"]
    )
    if back.status == Round.Status.CLOSED:
        return _("The proposal went back. The scenarios are kept.")
    return asked_first()


def _finish(round: Round, member: User, data: Data) -> str:
    finished = services.finish(round=round, member=member)
    if finished.status == Round.Status.FINISHED:
        return _("The round is finished. What was left is back in the pool.")
    return asked_first()


def asked_first() -> str:
    """What the first of two people is told."""
    return _("You asked for it. Nothing changes until a second member asks the same.")


def _cancel(round: Round, member: User, data: Data) -> str:
    cancelled = services.cancel(round=round, member=member, reason=data["text"])
    if cancelled.status == Round.Status.CANCELLED:
        return _("The round is cancelled. Its money is back in the pool.")
    return _("You asked to cancel the round. Nothing changes until a second member does too.")


def _take_back(round: Round, member: User, data: Data) -> str:
    services.take_back(round=round, member=member)
    return _("You took it back. The round goes on.")


def _texts(verb: str) -> tuple[str, str, str, str]:
    """Title, explanation, button and kind of button."""
    return {
        "open": (
            _("Open the round"),
            _("The rule becomes public and cannot change. The money is set apart."),
            _("Open the round"),
            "primary",
        ),
        "close": (
            _("Close the round"),
            _("The requests are frozen. Nobody can change them any more."),
            _("Close the round"),
            "primary",
        ),
        "odds": (
            _("Compute everybody’s chance before the draw"),
            _("How likely is a training for people who ask the same? Only now can this be said."),
            _("Compute the chances"),
            "secondary",
        ),
        "draw": (
            _("The public draw"),
            _("Two members fill it in, each without the other. Then everybody has a lot number."),
            _("Fill in the draw"),
            "primary",
        ),
        "baselines": (
            _("Compute the old rules"),
            _("First come, a lottery, and points in order. You see them beside each scenario."),
            _("Compute the old rules"),
            "secondary",
        ),
        "compute": (
            _("Compute a scenario"),
            _("The same requests and the same money. At most four by the fund’s rule."),
            _("Compute"),
            "secondary",
        ),
        "small-change": (
            _("What does your decision change?"),
            _(
                "You decided on a request. The division with the most points can then change "
                "for many people. Here you also get one that changes as few as possible."
            ),
            _("Compute both"),
            "primary",
        ),
        "price": (
            _("Compute what sharing fairly costs"),
            _("The same money is divided five times: from only points to fully fair."),
            _("Compute the curve"),
            "secondary",
        ),
        "explain": (
            _("Find what would have changed each refusal"),
            _("The letters tell it. Without it the outcome cannot be published."),
            _("Look for it again"),
            "secondary",
        ),
        "propose": (
            _("Choose a scenario and sign"),
            _("Another board member has to sign after you."),
            _("Sign and propose"),
            "primary",
        ),
        "sign": (
            _("Sign as the second"),
            _("You sign for the outcome that stands on this page."),
            _("Sign"),
            "primary",
        ),
        "publish": (
            _("Publish"),
            _("Everybody hears at the same moment. This cannot be undone."),
            _("Publish the outcome"),
            "primary",
        ),
        "send-back": (
            _("Send back with a question"),
            _("The signatures go. The scenarios stay. Two members have to want this."),
            _("Send back"),
            "secondary",
        ),
        "finish": (
            _("Finish the round"),
            _("What is left goes back to the pool. Two members have to want this."),
            _("Finish the round"),
            "primary",
        ),
        "cancel": (
            _("Cancel the round"),
            _("Nobody gets a training from this round. Two members have to want this."),
            _("Cancel the round"),
            "secondary",
        ),
        "take-back": (
            _("Take back what you asked"),
            _("You asked for a second member. You can still take that back."),
            _("Take it back"),
            "secondary",
        ),
    }[verb]


FORMS: dict[str, type[forms.Form]] = {
    "open": ConfirmForm,
    "close": ConfirmForm,
    "odds": ConfirmForm,
    "draw": DrawForm,
    "baselines": ConfirmForm,
    "compute": ComputeForm,
    "small-change": ChangeForm,
    "price": ConfirmForm,
    "explain": ConfirmForm,
    "propose": ProposeForm,
    "sign": SignForm,
    "publish": ConfirmForm,
    "send-back": QuestionForm,
    "finish": ConfirmForm,
    "cancel": ReasonForm,
    "take-back": ConfirmForm,
}
TAKE: dict[str, Callable[[Round, User, Data], str]] = {
    "open": _open,
    "close": _close,
    "odds": _odds,
    "draw": _draw,
    "baselines": _baselines,
    "compute": _compute,
    "small-change": _small_change,
    "price": _price,
    "explain": _explain,
    "propose": _propose,
    "sign": _sign,
    "publish": _publish,
    "send-back": _send_back,
    "finish": _finish,
    "cancel": _cancel,
    "take-back": _take_back,
}
