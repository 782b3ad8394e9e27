"""A draft rule before the public, in words: what each lever does, and what changed after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from allocation.models import Comment, Consultation
from budgetpool.portals.components import numbers, policy
from budgetpool.portals.components.tables import Column, Table


@dataclass(frozen=True)
class Shown:
    """One lever in a sentence, with what it did on the requests that it was tried on."""

    code: str
    name: str
    text: str
    effect: str


def levers(consultation: Consultation) -> list[Shown]:
    """Each lever of the draft with its effect; empty where it was not measured, or cannot be."""
    measured = (consultation.effects or {}).get("levers", {})
    return [
        Shown(lever.code, lever.name, lever.text, _effect(measured.get(lever.code)))
        for lever in policy.levers(consultation.policy.rules)
    ]


def basis(consultation: Consultation) -> str:
    """On which requests the effects were measured; empty while they are not."""
    found = consultation.effects
    if found is None:
        return ""
    people = numbers.count(found["requests"])
    if found["round"]:
        words = _("Measured on the %(people)s requests of round %(code)s, divided again.")
        return words % {"people": people, "code": found["round"]}
    return _("Measured on %(people)s invented requests: no round of the fund fits.") % {
        "people": people
    }


def about(consultation: Consultation, comment: Comment) -> str:
    """Which part of the rule a comment is about."""
    names = {lever.code: lever.name for lever in policy.levers(consultation.policy.rules)}
    return names.get(comment.lever, "") or _("The whole rule")


def choices(consultation: Consultation) -> list[tuple[str, str]]:
    """The parts of the rule that a comment can be about."""
    parts = [(lever.code, lever.name) for lever in policy.levers(consultation.policy.rules)]
    return [("", _("The whole rule")), *parts]


def changes(consultation: Consultation) -> Table | None:
    """What the version after the consultation says otherwise; None where there is none yet."""
    if consultation.outcome is None:
        return None
    return Table(
        [Column(_("Part of the rule")), Column(_("Draft"), long=True), Column(_("Now"), long=True)],
        list(_changed(consultation.policy.rules, consultation.outcome.rules)),
        empty=_("Nothing changed."),
    )


def _changed(before: dict[str, Any], after: dict[str, Any]) -> Iterator[list[str]]:
    old = {lever.code: lever for lever in policy.levers(before)}
    new = {lever.code: lever for lever in policy.levers(after)}
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        texts = [lever.text if lever else "–" for lever in (was, now)]
        if texts[0] != texts[1]:
            yield [(was or now).name, *texts]  # type: ignore[union-attr]


def matching(found: QuerySet[Comment], words: str, lever: str = "") -> QuerySet[Comment]:
    """The comments that say these words, or whose answer does, about one part of the rule."""
    if words.strip():
        found = found.filter(Q(text__icontains=words.strip()) | Q(answer__icontains=words.strip()))
    return found.filter(lever=lever) if lever else found


def _effect(figures: dict[str, Any] | None) -> str:
    if figures is None:
        return ""
    words = {
        "share": _("With it %(now)s of the money goes to this group, without it %(then)s."),
        "smallest": _(
            "With it %(now)s of the group with the smallest chance gets a training, "
            "without it %(then)s."
        ),
        "people": _("This way %(now)s people get a training, the other way %(then)s."),
        "first": _("With it %(now)s of them get their first choice, without it %(then)s."),
        "largest": _("With it at most %(now)s of the money goes to one, without it %(then)s."),
        "most": _("With it the largest has %(now)s people, without it %(then)s."),
    }[figures["kind"]]
    now, then = (
        numbers.count(int(figures[key]))
        if figures["kind"] in ("people", "most")
        else numbers.percent(figures[key])
        for key in ("with", "without")
    )
    return words % {"now": now, "then": then}
