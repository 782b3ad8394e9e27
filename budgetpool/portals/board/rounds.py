"""What the board sees of its rounds: their figures, and the one step to take now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from allocation import money_flow
from allocation.models import Consent, Round, Scenario
from allocation.rounds import ending, four_eyes, scenarios
from allocation.rounds import pot as allocation_pot
from allocation.rounds.pot import Pot
from allocation.rules import access, draws
from budgetpool.fund.models import Fund
from budgetpool.money import to_cents
from budgetpool.portals.board import changes, jobs
from budgetpool.portals.components import charts, divisions, groups, numbers
from budgetpool.portals.components.parts import Figure, Station, stations
from budgetpool.portals.components.tables import Column, Table
from budgetpool.users.models import User
from budgetpool.written import until
from workers.models import TrainingRequest

Status = Round.Status
BADGES = {
    Status.DRAFT: "inactive",
    Status.OPEN: "success",
    Status.CLOSED: "warning",
    Status.PROPOSED: "warning",
    Status.SIGNED: "warning",
    Status.PUBLISHED: "success",
    Status.FINISHED: "inactive",
    Status.CANCELLED: "error",
}
LIFE = (
    Status.DRAFT,
    Status.OPEN,
    Status.CLOSED,
    Status.PROPOSED,
    Status.SIGNED,
    Status.PUBLISHED,
    Status.FINISHED,
)
# What most pages read none of.
FILES = (*Scenario.FILES, "result", "measures", "problems")
COVERAGE = ("education_level", "contract", "sector")


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now; without an address there is nothing that this member can do.

    `barred` says why others have to do it, where it is somebody else's turn.
    """

    title: str
    text: str
    url: str = ""
    button: str = ""
    barred: str = ""


@dataclass(frozen=True)
class Waiting:
    """Something that one member asked, and that a second has to ask too."""

    what: str
    by: str
    since: datetime
    reason: str
    url: str = ""


def of_fund(fund: Fund) -> QuerySet[Round]:
    """All rounds of a fund, the newest first."""
    return (
        Round.objects.filter(fund=fund)
        .select_related("window", "policy", "fund__region", "proposal")
        .defer(*(f"proposal__{name}" for name in FILES))
        .order_by("-window__opens_at", "-pk")
    )


def find(fund: Fund, code: str) -> Round:
    """The fund's round of this name; 404 when there is none."""
    return get_object_or_404(of_fund(fund), code=code)


def find_bare(fund: Fund, code: str) -> Round:
    """The same without its window, rule and proposal, for a page that reads none of them."""
    found = get_object_or_404(Round, fund=fund, code=code)
    found.fund = fund
    return found


def known_by_name(round: Round) -> list[Scenario]:
    """The scenarios with decisions, of each only what a line names."""
    return list(round.scenarios.exclude(decisions_csv="").only("round", "name", "rule"))


def life(round: Round) -> list[Station]:
    """The stages of a round, with the one it is in."""
    if round.status == Status.CANCELLED:
        return [Station(capfirst(Status.CANCELLED.label), "current")]
    return stations([(s.value, capfirst(s.label)) for s in LIFE], round.status)


def next_step(round: Round, member: User) -> NextStep:
    """What this member should do now, by the round's state."""
    url = reverse("board-round", args=[round.fund.region.slug, round.code])
    if round.status in (Status.CLOSED, Status.PROPOSED, Status.SIGNED) and own(round, member):
        why = _("You said that you have an interest of your own. Other members decide.")
        return NextStep(_("You cannot decide on this round"), why, barred=why)
    match round.status:
        case Status.DRAFT:
            return NextStep(
                _("Open the round"),
                _("Then the rule is public and fixed, and the money is set apart."),
                f"{url}#decide",
                _("Open the round"),
            )
        case Status.OPEN if timezone.now() < round.window.closes_at:
            return NextStep(
                _("People can ask now"),
                _("They can up to and including %(end)s. After that you can close the round.")
                % {"end": until(round.window.closes_at)},
            )
        case Status.OPEN:
            return NextStep(
                _("Close the round"),
                _("Then the requests are frozen. After that you fill in the draw."),
                f"{url}#decide",
                _("Close the round"),
            )
        case Status.CLOSED if not round.draw_outcome and not draws.of(round).is_due:
            return NextStep(
                _("Wait for the draw"),
                _("It is on %(day)s: %(draw)s.")
                % {"day": numbers.day(draws.of(round).on), "draw": round.seed_source},
            )
        case Status.CLOSED if not round.draw_outcome and _entered(round, member):
            why = _("You filled in the draw. Another member fills it in too, apart from you.")
            return NextStep(_("Wait for the second member"), why, barred=why)
        case Status.CLOSED if not round.draw_outcome:
            return NextStep(
                _("Fill in the draw"),
                _("The lots follow from it: %(draw)s.") % {"draw": round.seed_source},
                f"{url}#decide",
                _("Fill in the draw"),
            )
        case Status.CLOSED if not choosable(round).exists() and before_decisions(round).exists():
            return NextStep(
                _("Compute what your decision changes"),
                _("The scenarios are from before it. See who gets another outcome, and choose."),
                f"{url}#small-change",
                _("Compute what your decision changes"),
            )
        case Status.CLOSED if not choosable(round).exists():
            return NextStep(
                _("Compute a scenario"),
                _("A scenario is one way to divide the money. Compare a few."),
                f"{url}#decide",
                _("Compute a scenario"),
            )
        case Status.CLOSED:
            return NextStep(
                _("Choose a scenario"),
                _("Compare them first. You sign as the one who proposes."),
                f"{url}#decide",
                _("Choose a scenario"),
            )
        case Status.PROPOSED if _signed(round, member):
            why = _("You signed. Another board member has to sign too.")
            return NextStep(_("Wait for the second signature"), why, barred=why)
        case Status.PROPOSED:
            return NextStep(
                _("Sign as the second"),
                _("Look at the outcome first. You can also send it back with a question."),
                f"{url}#decide",
                _("Look and sign"),
            )
        case Status.SIGNED if jobs.explanation_failed(round):
            return NextStep(
                _("Look again for the explanation"),
                _("The search for what would have changed each refusal did not end well."),
                f"{url}#explain",
                _("Look again for the explanation"),
            )
        case Status.SIGNED if jobs.waits_for_explanation(round):
            return NextStep(
                _("Wait for the explanation"),
                _("What would have changed each refusal is being found. Then you can publish."),
                reverse("board-work", args=[round.fund.region.slug, round.code]),
                _("See how far it is"),
            )
        case Status.SIGNED:
            return NextStep(
                _("Publish the outcome"),
                _("Everybody hears at the same moment. This cannot be undone."),
                f"{url}#publish",
                _("Publish the outcome"),
            )
        case Status.PUBLISHED if ending.missing_to_finish(round) is None and not own(round, member):
            return NextStep(
                _("Finish the round"),
                _("All objections have an answer. What is left goes back to the pools."),
                f"{url}#publish",
                _("Finish the round"),
            )
        case Status.PUBLISHED:
            return NextStep(
                _("The outcome is published"),
                _("Finish the round when all objections have an answer."),
                reverse("public-round", args=[round.fund.region.slug, round.code]),
                _("Look at the public page"),
            )
        case _other:
            return NextStep(_("This round is over"), _("There is nothing to do any more."))


def figures(round: Round) -> list[Figure]:
    """The round's four figures."""
    sent = TrainingRequest.Status.SUBMITTED
    requests = TrainingRequest.objects.filter(window=round.window_id, status=sent).count()
    shown = [
        Figure(_("To divide"), numbers.euros(to_cents(round.ceiling))),
        Figure(_("Kept for objections"), numbers.euros(to_cents(round.reserve))),
        Figure(_("Requests"), numbers.count(requests)),
    ]
    if round.status == Status.DRAFT:
        free = allocation_pot.of(round.fund, but=round).free
        shown.append(Figure(_("Free in the pot"), numbers.euros(free)))
    if round.proposal:
        shown.append(
            Figure(
                _("Get a training"),
                numbers.count(round.proposal.people),
                _("for %(spent)s") % {"spent": numbers.euros(round.proposal.spent_cents)},
            )
        )
    return shown


def pot_figures(pot: Pot) -> list[Figure]:
    """How the fund's pot stands, beside every amount that a round asks of it."""
    return [
        Figure(_("Free to divide"), numbers.euros(pot.free)),
        Figure(_("In the pools now"), numbers.euros(pot.holds)),
        Figure(_("Planned in other drafts"), numbers.euros(pot.planned)),
        Figure(_("Set apart for rounds"), numbers.euros(pot.set_apart)),
        Figure(_("Promised to people"), numbers.euros(pot.promised)),
    ]


def own(round: Round, member: User) -> bool:
    """Whether the member has an interest of their own in the round."""
    return bool(access.own_requests(member, round))


def known(round: Round) -> list[Scenario]:
    """The scenarios with decisions, without the files that grow with the round."""
    return list(round.scenarios.exclude(decisions_csv="").defer(*FILES))


def choosable(round: Round) -> QuerySet[Scenario]:
    """The scenarios among which the board can choose: checked, and not from before a decision."""
    return _verified(round).exclude(pk__in=scenarios.outdated(round))


def before_decisions(round: Round) -> QuerySet[Scenario]:
    """The checked scenarios from before a decision of the board, the newest first."""
    return _verified(round).filter(pk__in=scenarios.outdated(round)).order_by("-pk")


def comparison(round: Round) -> dict[str, Any]:
    """The first three steps: scenarios, what fairness costs, who pays and who gets."""
    sides = divisions.of_round(round, old=scenarios.outdated(round))
    ours = [d for d in sides if not d.scenario.is_baseline]
    chosen = next((d for d in ours if d.scenario.pk == round.proposal_id), None)
    shown = chosen or (ours[-1] if ours else None)
    old = next((d for d in sides if d.scenario.rule == Scenario.Rule.FCFS), None)
    context: dict[str, Any] = {
        "sides": sides,
        "shown": shown,
        "comparison": divisions.comparison(sides, chosen=chosen.scenario if chosen else None),
        "faulty": round.scenarios.filter(rule=Scenario.Rule.OPTIMISER, verified=False).defer(
            *Scenario.FILES
        ),
        "changes": changes.of(round),
    }
    if shown is None:
        return context
    rows = jobs.curve_rows(round)
    cost = [price_chart(rows) if rows else divisions.fairness_chart(sides, chosen=shown.scenario)]
    cost.append(divisions.lorenz_chart(shown, old=old))
    coverage = [
        divisions.coverage_chart(shown, column, old=old, hide_small=False) for column in COVERAGE
    ]
    return context | {
        "cost_charts": [chart for chart in cost if chart],
        "coverage_charts": [chart for chart in coverage if chart],
        "flow": flow_chart(shown),
        "give_back": give_back_table(shown),
    }


def price_chart(rows: list[dict[str, Any]]) -> charts.Chart:
    """What serving every group costs in points: the same round at five strengths."""
    fair = rows[-1]
    # Strengths that give the same division are one point, so that no label hides another.
    places: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for row in rows:
        at = (round(row["smallest_share"], 3), round(row["price"], 3))
        places.setdefault(at, []).append(row)
    return charts.curve(
        _("What does sharing fairly cost?"),
        _(
            "If the smallest group counts fully, %(share)s of it gets a training. "
            "It costs %(cost)s of the points."
        )
        % {
            "share": numbers.percent(fair["smallest_share"]),
            "cost": numbers.percent(fair["price"], 1),
        },
        [
            charts.Point(
                "–".join(
                    dict.fromkeys(numbers.percent(row["fairness"]) for row in (here[0], here[-1]))
                ),
                "; ".join(_strength(row) for row in here),
                here[0]["smallest_share"],
                here[0]["price"],
            )
            for here in places.values()
        ],
        x_name=_("Smallest group: share that gets"),
        y_name=_("Points less than the most"),
        write_x=numbers.percent,
        write_y=lambda value: numbers.percent(value, 1),
        point_name=_("How strongly it counts"),
    )


def _strength(row: dict[str, Any]) -> str:
    if not row["verified"]:
        return _("The check found a fault")
    return _("The smallest group counts for %(share)s") % {
        "share": numbers.percent(row["fairness"])
    }


def flow_chart(division: divisions.Division) -> charts.Chart | None:
    """Who pays and who gets, by sector: a sector's money pays its own people first."""
    rows = division.scenario.measures.get("give_back") or []
    paid = {str(r["value"]): int(r["paid_cents"]) for r in rows if int(r["paid_cents"]) > 0}
    got = {str(r["value"]): int(r["returned_cents"]) for r in rows if int(r["returned_cents"]) > 0}
    if not paid or not got:
        return None
    found = money_flow.flows(paid, got)
    own = sum(cents for (payer, receiver), cents in found.items() if payer == receiver)
    links = [
        charts.Link(
            _sector(payer) if payer else _("Other money of the fund"),
            _sector(receiver) if receiver else _("Left in the pot"),
            cents,
        )
        for (payer, receiver), cents in found.items()
    ]
    return charts.flow(
        _("Who pays and who gets?"),
        _(
            "What a sector pays goes to its own people first: %(own)s stays in the sector that "
            "paid it. Only what is left goes to others. Most goes to people who work in "
            "“%(receiver)s”."
        )
        % {"own": numbers.euros_whole(own), "receiver": _sector(max(got, key=lambda k: got[k]))},
        links,
        source_name=_("Pays"),
        target_name=_("Gets"),
        amount_name=_("Amount"),
        others=_("Others"),
        write=lambda cents: numbers.euros_whole(int(cents)),
    )


def _sector(code: str) -> str:
    return groups.group("sector", code)


def give_back_table(division: divisions.Division) -> Table | None:
    """Per sector what was paid in, asked and given to its people."""
    rows = division.scenario.measures.get("give_back") or []
    if not rows:
        return None
    return Table(
        [
            Column(groups.column("sector")),
            Column(_("Paid in"), numeric=True),
            Column(_("Asked"), numeric=True),
            Column(_("Got"), numeric=True),
            Column(_("Got of what was paid in"), numeric=True),
        ],
        [
            [
                groups.group("sector", str(row["value"])),
                numbers.euros_whole(int(row["paid_cents"])),
                numbers.euros_whole(int(row["asked_cents"])),
                numbers.euros_whole(int(row["returned_cents"])),
                numbers.percent(row["ratio"]),
            ]
            for row in rows
        ],
    )


def _verified(round: Round) -> QuerySet[Scenario]:
    return round.scenarios.filter(rule=Scenario.Rule.OPTIMISER, verified=True).order_by("pk")


def waiting(round: Round, member: User) -> list[Waiting]:
    """The steps that wait for a second member, with who asked, since when, why and where.

    What is asked about a request in which this member has an interest stays hidden from them.
    """
    hidden = access.own_requests(member, round)
    return [
        Waiting(
            one.get_step_display(), one.member.name, one.given_at, one.reason, page_of(round, one)
        )
        for one in four_eyes.standing(round)
        if one.request_id not in hidden
    ]


def page_of(round: Round, consent: Consent) -> str:
    """Where a second member says yes to it too."""
    where = [round.fund.region.slug, round.code]
    if consent.request_id is not None:
        return reverse("board-request", args=[*where, consent.request_id]) + "#otherwise"
    return reverse("board-round", args=where) + "#decide"


def draw_form(round: Round) -> str:
    """The form of the round's draw in words; nothing where none was announced."""
    if round.draw_count is None:
        return ""
    return _("on %(day)s: %(count)s numbers from %(lowest)s to %(highest)s, %(order)s") % {
        "day": numbers.day(round.draw_on),
        "count": numbers.count(round.draw_count),
        "lowest": numbers.count(round.draw_lowest or 0),
        "highest": numbers.count(round.draw_highest or 0),
        "order": round.get_draw_order_display(),
    }


def _entered(round: Round, member: User) -> bool:
    return any(one.member_id == member.pk for one in four_eyes.standing(round, "record_draw"))


def _signed(round: Round, member: User) -> bool:
    return round.signatures.filter(signer=member, withdrawn_at__isnull=True).exists()
