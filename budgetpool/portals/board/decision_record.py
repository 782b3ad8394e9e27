"""The record of a round's decision on paper: what was decided, by whom, on what grounds."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from allocation.models import Adjustment, Round, Snapshot
from budgetpool import written
from budgetpool.mail import paper
from budgetpool.money import to_cents
from budgetpool.portals.components import divisions, numbers
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.components.tables import Column, Table


def on_paper(round: Round) -> bytes:
    """The record of a signed or published round as a tagged PDF.

    Raises:
        NoPango: nothing can be drawn here.
    """
    sides = divisions.of_round(round)
    chosen = next(d for d in sides if d.scenario.pk == round.proposal_id)
    context = {
        "round": round,
        "fund": round.fund,
        "facts": _facts(round, chosen),
        "signatures": _signatures(round),
        "names": [side.name for side in sides],
        "comparison": _beside(sides),
        "deviations": _deviations(round),
        "fingerprints": _fingerprints(round, chosen),
        "moment": written.moment(timezone.now()),
    }
    return paper.pdf(render_to_string("board/pdf/record.html", context))


def _facts(round: Round, chosen: divisions.Division) -> list[Fact]:
    return [
        Fact(_("Rule"), str(round.policy)),
        Fact(_("To divide"), numbers.euros(to_cents(round.ceiling))),
        Fact(_("Kept for objections"), numbers.euros(to_cents(round.reserve))),
        Fact(_("Opened"), numbers.moment(round.opened_at)),
        Fact(_("Closed"), numbers.moment(round.closed_at)),
        Fact(_("Draw for the lots"), f"{round.seed_source}: {round.draw_outcome}"),
        Fact(_("Chosen division"), chosen.label),
        Fact(_("People with a training"), numbers.count(chosen.scenario.people)),
        Fact(_("Spent"), numbers.euros(chosen.scenario.spent_cents)),
        Fact(_("Why this scenario"), round.motivation),
        Fact(_("Published"), numbers.moment(round.published_at)),
    ]


def _signatures(round: Round) -> Table:
    rows = round.signatures.filter(withdrawn_at__isnull=True).select_related("signer")
    return Table(
        [Column(_("Name")), Column(_("As")), Column(_("Signed")), Column(_("Own interest"))],
        [
            [
                row.signer.name,
                capfirst(row.get_role_display()),
                numbers.moment(row.signed_at),
                _("Declared to have none"),
            ]
            for row in rows.order_by("signed_at")
        ],
    )


def _beside(sides: list[divisions.Division]) -> Table:
    """The comparison turned round: a page on paper has room for letters, not for long heads."""
    wide = divisions.comparison(sides)
    rows = [list(row) for row in wide.rows]
    return Table(
        [Column(wide.columns[0].name), *(Column(side.letter) for side in sides)],
        [
            [column.name, *(row[place] for row in rows)]
            for place, column in enumerate(wide.columns)
            if place
        ],
    )


def _deviations(round: Round) -> Table:
    rows = Adjustment.objects.filter(round=round, withdrawn_at__isnull=True)
    return Table(
        [Column(_("Request")), Column(_("Decided")), Column(_("Reason"), long=True)],
        [
            [row.request.reference, capfirst(row.get_kind_display()), row.reason]
            for row in rows.select_related("request").order_by("pk")
        ],
        empty=_("The board decided on no request against the rule."),
    )


def _fingerprints(round: Round, chosen: divisions.Division) -> list[Fact]:
    frozen = Snapshot.objects.defer(*Snapshot.FILES).get(round=round)
    return [
        Fact(_("Rule"), round.policy.sha256),
        Fact(_("Frozen requests"), frozen.sha256),
        Fact(_("Outcome"), chosen.scenario.sha256),
        Fact(_("Program"), round.code_sha256),
    ]
