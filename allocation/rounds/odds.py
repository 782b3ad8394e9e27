"""Odds beforehand: the window closed, the draw still to come, and the chance of each class."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from allocation.models import Odds, OddsClass, Round
from allocation.optimiser import StoppedEarly
from allocation.rounds import scenarios, snapshot, steps
from allocation.rounds.lock import locked
from allocation.rules import access, policies
from budgetpool import lazily
from budgetpool.audit import trail
from budgetpool.jobs import work
from budgetpool.refusals import NotReady
from budgetpool.register.models import Edition
from budgetpool.users.models import User

if TYPE_CHECKING:
    import pandas as pd

    from allocation.optimiser import odds as counting
    from allocation.optimiser.division import Progress
else:
    counting = lazily.module("allocation.optimiser.odds")

STEP = "odds"


def compute(
    *,
    round: Round,
    member: User,
    progress: Progress | None = None,
    cancelled: scenarios.Stop | None = None,
) -> Odds:
    """Count the chance of each class, and keep it; asking again gives what was counted.

    The solver runs outside any transaction. Decisions of the board that stand are counted in.

    Args:
        progress: called with {"stage", "value", …}; in the stage `odds` the value is the draw.
        cancelled: set it to stop.

    Raises:
        NotAllowed: no seat, or an own interest.
        WrongStep: the round is not closed.
        NotReady: `drawn_before`: what is drawn is no chance any more; `rules_invalid`.
        StoppedEarly: a limit came before the end. Cancelled: it was stopped; nothing is kept.
    """
    require(round=round, member=member)
    round = Round.objects.select_related("fund__region", "policy", "snapshot").get(pk=round.pk)
    known = current(round)
    if known is not None:
        return known
    basis = _basis(round)
    adjusted = list(round.adjustments.filter(pk__in=basis["adjusted"]).order_by("pk"))
    problem = scenarios.problem_of(round, {}, adjusted)
    try:
        table = counting.odds(problem, progress=progress, cancelled=cancelled)
    except StoppedEarly as stop:
        if stop.reason == "cancelled":
            raise work.Cancelled from None
        raise
    return _keep(round, member, basis, table)


def require(*, round: Round, member: User) -> None:
    """Refuse who may not ask now; raises what `compute` raises."""
    access.require_step(member, round, STEP)
    steps.check(round, STEP)
    if round.draw_outcome:
        raise NotReady("drawn_before", outcome=round.draw_outcome)
    policies.rule_of(round)


def newest(round: Round) -> Odds | None:
    """The odds that were counted last, old or not; None where there are none."""
    return round.odds.defer("csv").order_by("pk").last()


def current(round: Round) -> Odds | None:
    """The odds for what is asked, the rule and the board's decisions as they stand now."""
    found = newest(round)
    return None if found is None or is_old(found) else found


def is_old(odds: Odds) -> bool:
    """Whether something that they were counted for is otherwise by now."""
    return any(getattr(odds, name) != value for name, value in _basis(odds.round).items())


def _basis(round: Round) -> dict[str, Any]:
    """What the odds follow from: requests, rule (the same before and after the draw), decisions."""
    rule = replace(policies.rule_of(round), seed=round.seed_source)
    standing = round.adjustments.filter(withdrawn_at__isnull=True).order_by("pk")
    return {
        "snapshot_sha256": round.snapshot.sha256,
        "rule_sha256": rule.sha256(),
        "adjusted": list(standing.values_list("pk", flat=True)),
    }


def _keep(round: Round, member: User, basis: dict[str, Any], table: pd.DataFrame) -> Odds:
    """Write the table down, unless the draw was filled in meanwhile."""
    rows = table.to_dict("records")
    with transaction.atomic():
        fresh = locked(round)
        require(round=fresh, member=member)
        known = current(fresh)
        if known is not None:  # somebody else counted meanwhile
            return known
        odds = Odds(
            round=fresh,
            **basis,
            csv=table.to_csv(index=False, lineterminator="\n"),
            classes=len(rows),
            exact=sum(row["basis"] == OddsClass.Basis.EXACT for row in rows),
            computed_by=member,
        )
        odds.full_clean()
        odds.save()
        OddsClass.objects.bulk_create(_classes(odds, rows), batch_size=500)
        trail.record(
            actor=member,
            action="round.odds_computed",
            subject=fresh,
            region_code=fresh.fund.region.code,
            odds=odds.pk,
            classes=odds.classes,
            exact=odds.exact,
        )
    return odds


def _classes(odds: Odds, rows: list[dict[Any, Any]]) -> list[OddsClass]:
    asked = [json.loads(row["asked"]) for row in rows]
    named = _titles(one["edition_id"] for choices in asked for one in choices)
    return [
        OddsClass(
            odds=odds,
            number=number,
            members=row["members"],
            chance_millionths=row["chance_millionths"],
            basis=row["basis"],
            draws=row["draws"],
            amount_cents=choices[0]["amount_cents"],
            points=choices[0]["points"],
            asked=[{**one, "title": named.get(one["edition_id"], ("", ""))[0]} for one in choices],
            words=" ".join(" ".join(named.get(one["edition_id"], ())) for one in choices),
        )
        for number, (row, choices) in enumerate(zip(rows, asked, strict=True), start=1)
    ]


def _titles(editions: Any) -> dict[str, tuple[str, str]]:
    """Of each edition in the frames its training and school."""
    key_of = {name: snapshot.edition_key(name) for name in editions if name}
    found = Edition.objects.filter(pk__in=key_of.values())
    rows = found.values_list("pk", "training__title", "training__provider__name")
    told = {pk: (title, school) for pk, title, school in rows}
    return {name: told[key] for name, key in key_of.items() if key in told}
