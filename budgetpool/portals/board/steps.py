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
from allocation.rounds import steps, tasks
from budgetpool.portals import access
from budgetpool.portals.board import jobs, rounds
from budgetpool.portals.board.forms import (
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
LONG = ("baselines", "compute", "price", "explain", "propose")
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
    allowed = steps.possible(round)
    votes = not rounds.own(round, member)
    shown = []
    if "open" in allowed:
        shown.append("open")
    # Before that the page's next step says from when: every day of the window counts alike.
    if "close" in allowed and timezone.now() >= round.window.closes_at:
        shown.append("close")
    if votes and "record_draw" in allowed and not round.draw_outcome:
        shown.append("draw")
    if votes and "compute" in allowed and round.draw_outcome:
        if not round.scenarios.filter(rule__in=BASELINES).exists():
            shown.append("baselines")
        shown.append("compute")
    if votes and "price" in allowed and round.draw_outcome and round.policy.rules.get("coverage"):
        shown.append("price")
    if votes and "propose" in allowed and rounds.verified(round).exists():
        shown.append("propose")
    signed = round.signatures.filter(signer=member, withdrawn_at__isnull=True).exists()
    if votes and "sign" in allowed and not signed:
        shown.append("sign")
    waits = jobs.waits_for_explanation(round)
    if votes and "explain" in allowed and waits:
        shown.append("explain")
    if votes and "publish" in allowed and not waits:
        shown.append("publish")
    if votes and "send_back" in allowed:
        shown.append("send-back")
    if "finish" in allowed:
        shown.append("finish")
    if "cancel" in allowed:
        shown.append("cancel")
    return shown


def form_of(verb: str, round: Round, data: Any = None) -> forms.Form:
    """The form of a verb, filled from a request where there is one."""
    # Several forms stand on one page, so each prefixes its ids.
    options: dict[str, Any] = {"auto_id": f"{verb}_%s"}
    if verb == "propose":
        options["scenarios"] = rounds.verified(round)
    if verb == "sign" and round.proposal:
        options["initial"] = {"sha256": round.proposal.sha256}
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
    services.record_draw(round=round, member=member, outcome=data["outcome"])
    return _("The draw is filled in. Everybody has a lot number now.")


def _baselines(round: Round, member: User, data: Data) -> str:
    wanted: list[tasks.Wanted] = [
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
    wanted: list[tasks.Wanted] = [
        {"name": data["name"], "rule": data["rule"], "variation": data["variation"]}
    ]
    tasks.ask_scenarios(round=round, member=member, wanted=wanted)
    return _("“%(name)s” is being computed and checked.") % {"name": data["name"]}


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
    services.publish(round=round, member=member)
    return _("The outcome is published. The letters are on their way.")


def _send_back(round: Round, member: User, data: Data) -> str:
    services.send_back(round=round, member=member, question=data["text"])
    return _("The proposal went back. The scenarios are kept.")


def _finish(round: Round, member: User, data: Data) -> str:
    services.finish(round=round, member=member)
    return _("The round is finished. What was left is back in the pool.")


def _cancel(round: Round, member: User, data: Data) -> str:
    services.cancel(round=round, member=member, reason=data["text"])
    return _("The round is cancelled. Its money is back in the pool.")


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
        "draw": (
            _("The public draw"),
            _("From it and the frozen requests everybody’s lot number follows."),
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
            _("The signatures go. The scenarios stay."),
            _("Send back"),
            "secondary",
        ),
        "finish": (
            _("Finish the round"),
            _("What is left goes back to the pool."),
            _("Finish the round"),
            "primary",
        ),
        "cancel": (
            _("Cancel the round"),
            _("Nobody gets a training from this round. The money goes back to the pool."),
            _("Cancel the round"),
            "secondary",
        ),
    }[verb]


FORMS: dict[str, type[forms.Form]] = {
    "open": ConfirmForm,
    "close": ConfirmForm,
    "draw": DrawForm,
    "baselines": ConfirmForm,
    "compute": ComputeForm,
    "price": ConfirmForm,
    "explain": ConfirmForm,
    "propose": ProposeForm,
    "sign": SignForm,
    "publish": ConfirmForm,
    "send-back": QuestionForm,
    "finish": ConfirmForm,
    "cancel": ReasonForm,
}
TAKE: dict[str, Callable[[Round, User, Data], str]] = {
    "open": _open,
    "close": _close,
    "draw": _draw,
    "baselines": _baselines,
    "compute": _compute,
    "price": _price,
    "explain": _explain,
    "propose": _propose,
    "sign": _sign,
    "publish": _publish,
    "send-back": _send_back,
    "finish": _finish,
    "cancel": _cancel,
}
