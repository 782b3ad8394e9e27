"""What the laboratory found, in words and pictures: one chart per question, each with its table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from allocation.laboratory.plan import FIRST_COME, HONEST, RULES, Plan
from allocation.laboratory.plan import OPTIMISER as OURS
from allocation.models import Scenario
from budgetpool.jobs.models import Job
from budgetpool.portals.components import charts, numbers, working
from budgetpool.portals.components.tables import Column, Table

ENDINGS: Final = ("at_once", "later", "gave_up", "left", "waiting")
LEVELS: Final = ("low", "middle", "high")

Summary = dict[str, Any]
Write = Callable[[Any], str]


@dataclass(frozen=True)
class Run:
    """One run in words; `percent` is how much is done, None where that is not known."""

    job: Job
    plan: Plan
    policy_name: str
    size: str
    lines: list[str]
    percent: int | None


def shown(job: Job) -> Run:
    """A run in words."""
    plan = Plan.from_json(job.arguments["plan"])
    done, total = job.progress.get("done"), job.progress.get("total")
    lines = working.waiting(job) if job.state == Job.State.QUEUED else []
    if total:
        lines.append(
            _("%(done)s of %(total)s divisions")
            % {"done": numbers.count(done), "total": numbers.count(total)}
        )
    return Run(
        job=job,
        plan=plan,
        policy_name=job.arguments["policy_name"],
        size=_(
            "%(regions)s regions, %(years)s years, %(rounds)s rounds a year, %(requests)s requests "
            "a round"
        )
        % {
            "regions": numbers.count(len(plan.seeds)),
            "years": numbers.count(plan.years),
            "rounds": numbers.count(plan.rounds),
            "requests": numbers.count(plan.requests),
        },
        lines=lines,
        percent=100 * done // total if total and not job.is_over else None,
    )


def pictures(summary: Summary) -> list[charts.Chart]:
    """All charts, the known failure first."""
    return [
        low_educated(summary),
        _chart(
            summary, "target_money",
            _("How much of the money goes to people up to MBO 4 without training?"),
            _("This is the group that most rules promise a part of the money."),
        ),
        _chart(
            summary, "awards_per_round", _("How many people get a training?"),
            _("In each round, from the same money."), write=_people,
        ),
        _chart(
            summary, "largest_money", _("How much of the money goes to the 20 largest schools?"),
            _("In 2022 the STAP budget paid them more than half."),
        ),
        _gaming(summary),
    ]  # fmt: skip


def low_educated(summary: Summary) -> charts.Chart:
    """The known failure: who is reached by a race, and by the other rules."""
    people = summary["worlds"][HONEST][OURS]["low_people"]["median"]
    return _chart(
        summary,
        "low_awards",
        _("How many of the trainings go to people with VMBO or MBO 1 at most?"),
        _("Under the STAP budget they got about 10%, and they are 23% of all people."),
        line=people,
        line_name=_("of all people"),
    )


def sentences(summary: Summary) -> list[str]:
    """What came out, said plainly: about need, minutes and gaming."""
    honest = summary["worlds"][HONEST]
    lines = [
        {
            "lifts": _("This rule helps people with little school more often than they ask."),
            "lowers": _("This rule helps people with little school less often than they ask."),
            "neither": _("This rule does not look at need: people with little school get no more."),
        }[summary["need"][OURS]]
    ]
    minutes = honest[FIRST_COME]["minutes"]
    if minutes is not None:
        lines.append(
            _("With first come, first served the money is gone after about %(minutes)s minutes.")
            % {"minutes": numbers.count(round(minutes["median"]))}
        )
    return lines


def waiting(summary: Summary) -> Table:
    """Who waits how long under the rule that was tried, and under first come, first served."""
    rows = []
    for rule in (OURS, FIRST_COME):
        figures = summary["worlds"][HONEST][rule]
        for level in LEVELS:
            parts = [figures[f"{level}:{ending}"] for ending in ENDINGS]
            before = figures[f"{level}:refusals_before"]
            rows.append(
                [
                    f"{name_of(rule)}: {_level(level)}",
                    *(numbers.percent(part["median"]) if part else "–" for part in parts),
                    numbers.decimal(before["median"], 2) if before else "–",
                ]
            )
    return Table(
        [
            Column(_("Rule and level")),
            Column(_("Training at once"), numeric=True),
            Column(_("Training later"), numeric=True),
            Column(_("Gave up"), numeric=True),
            Column(_("Left the region's work"), numeric=True),
            Column(_("Still waits"), numeric=True),
            Column(_("Refusals before a training"), numeric=True),
        ],
        rows,
    )


def name_of(rule: str) -> str:
    """A rule in words."""
    return _("This rule") if rule == OURS else capfirst(str(Scenario.Rule(rule).label))


def _gaming(summary: Summary) -> charts.Chart:
    return charts.ranges(
        _("What does it bring a school to raise prices and recruit?"),
        _(
            "Ten large schools raise low prices towards %(amount)s and recruit people by gifts. "
            "So much more money they get than without."
        )
        % {"amount": numbers.euros(100_000)},
        _rows(summary["gaming_pays"]),
        group_name=_("Way of dividing"),
        names=_names(),
        write=_percent,
    )


def _chart(
    summary: Summary,
    measure: str,
    title: str,
    sentence: str,
    *,
    write: Write | None = None,
    line: float | None = None,
    line_name: str = "",
) -> charts.Chart:
    honest = summary["worlds"][HONEST]
    return charts.ranges(
        title,
        sentence,
        _rows({rule: honest[rule][measure] for rule in RULES}),
        group_name=_("Way of dividing"),
        names=_names(),
        write=write or _percent,
        line=line,
        line_name=line_name,
    )


def _rows(bands: dict[str, dict[str, float] | None]) -> list[charts.Range]:
    return [
        charts.Range(name_of(rule), band["low"], band["median"], band["high"], chosen=rule == OURS)
        for rule in RULES
        if (band := bands[rule])
    ]


def _names() -> tuple[str, str, str]:
    return _("Low"), _("Middle"), _("High")


def _percent(value: float) -> str:
    return numbers.percent(value)


def _people(value: float) -> str:
    return numbers.count(round(value))


def _level(code: str) -> str:
    return {
        "low": _("up to MBO 1"),
        "middle": _("MBO 2 to MBO 4"),
        "high": _("HBO or university"),
    }[code]
