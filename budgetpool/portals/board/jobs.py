"""The long work of a round as its page shows it: how far it is, and what went wrong."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from allocation.models import Explanation, Round, Scenario
from allocation.rounds import tasks
from budgetpool.jobs import work
from budgetpool.jobs.models import Job
from budgetpool.portals.components import numbers, working


@dataclass(frozen=True)
class Work:
    """One job in words.

    `percent` is how much is done, None where that is not known; `trouble` says what went wrong.
    """

    job: Job
    title: str
    lines: list[str]
    percent: int | None
    trouble: str

    @property
    def can_stop(self) -> bool:
        """Whether it can be stopped half-way; a publication happens whole or not at all."""
        return _kind(self.job) != "publish"


def active(round: Round) -> list[Work]:
    """What is waiting or running for this round."""
    return [shown(job) for job in work.latest_of(tasks.prefix(round)) if not job.is_over]


def stopped(round: Round) -> list[Work]:
    """The newest work of each kind that was cancelled or did not end well."""
    bad = (Job.State.FAILED, Job.State.CANCELLED)
    return [shown(job) for job in work.latest_of(tasks.prefix(round)) if job.state in bad]


def find(round: Round, pk: int) -> Job | None:
    """A job of this round; None where it is of another or does not exist."""
    return Job.objects.filter(pk=pk, key__startswith=tasks.prefix(round)).first()


def curve_rows(round: Round) -> list[dict[str, Any]]:
    """The price of fairness as it was last computed; nothing before that."""
    done = (
        Job.objects.filter(key=f"{tasks.prefix(round)}curve", state=Job.State.DONE)
        .order_by("-attempt")
        .first()
    )
    return done.result["rows"] if done else []


def shown(job: Job) -> Work:
    """A job in words."""
    return Work(
        job=job,
        title=_title(job),
        lines=_lines(job),
        percent=_percent(job),
        trouble=working.trouble(job),
    )


def _title(job: Job) -> str:
    return {
        "scenarios": _("Compute scenarios"),
        "change": _("Compute what a decision of the board changes"),
        "odds": _("Compute everybody’s chance before the draw"),
        "curve": _("Compute what sharing fairly costs"),
        "explain": _("Find what would have changed each refusal"),
        "publish": _("Publish the outcome"),
    }[_kind(job)]


def _kind(job: Job) -> str:
    return job.key.split(":")[2]


def _lines(job: Job) -> list[str]:
    if job.state == Job.State.QUEUED:
        return working.waiting(job)
    facts = job.progress
    lines = []
    if facts.get("requests"):
        lines.append(_("%(number)s requests") % {"number": numbers.count(facts["requests"])})
    if "name" in facts:
        lines.append(
            _("“%(name)s”, %(number)s of %(total)s")
            % {"name": facts["name"], "number": facts["done"] + 1, "total": facts["total"]}
        )
    if facts.get("stage"):
        lines.append(_("Step: %(step)s") % {"step": _stage(str(facts["stage"]))})
    if facts.get("gap") is not None:
        lines.append(
            _("At most %(gap)s below what is possible at all")
            % {"gap": numbers.percent(float(facts["gap"]), 2)}
        )
    if facts.get("seconds"):
        lines.append(
            _("Busy for %(seconds)s seconds") % {"seconds": numbers.count(int(facts["seconds"]))}
        )
    return lines


def _stage(code: str) -> str:
    """A step of the calculation in words; a number is a strength of the curve."""
    kind = code.partition(":")[0]
    known = {
        "waiting": _("who waited too long"),
        "floor": _("the promises"),
        "give_back": _("what comes back to those who paid"),
        "coverage": _("every group its share"),
        "unchanged": _("as few people as possible change"),
        "value": _("the most points"),
        "people": _("the most people"),
        "points": _("how many points would be enough"),
        "odds": _("try the lots, up to 1,000 times"),
        "ceiling": _("what more money would change"),
        "publish": _("decisions, money and letters, all at one moment"),
    }
    if kind in known:
        return known[kind]
    return _("the smallest group counts for %(share)s") % {"share": numbers.percent(float(code))}


def _percent(job: Job) -> int | None:
    facts = job.progress
    if job.is_over or not facts.get("total"):
        return None
    return 100 * int(facts["done"]) // int(facts["total"])


def waits_for_explanation(round: Round) -> bool:
    """Whether publication still waits for what would have changed each refusal."""
    proposal = round.proposal
    decided = round.status in (Round.Status.PROPOSED, Round.Status.SIGNED)
    return decided and proposal is not None and not _explained(proposal)


def explanation_failed(round: Round) -> Job | None:
    """The search for what would have changed each refusal, where it ended badly; else None."""
    if not waits_for_explanation(round):
        return None
    job = work.latest(f"{tasks.prefix(round)}explain:{round.proposal_id}")
    bad = (Job.State.FAILED, Job.State.CANCELLED)
    return job if job is not None and job.state in bad else None


def _explained(scenario: Scenario) -> bool:
    return Explanation.objects.filter(scenario=scenario).exists()
