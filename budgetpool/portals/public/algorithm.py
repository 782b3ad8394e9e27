"""The record of a round's algorithm, after the publication standard of the Dutch register.

Source: Publicatiestandaard Algoritmeregister 1.0 (MinBZK), chapter 2, with its 32 fields; the keys
are those of the register's own schema of that version: 26 fields have a key each, and three
`…_grouping` hold the title and the link of the other six. `lars` is not among them: the register
gives it. The record is in Dutch, whatever the reader's language.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allocation.models import Round
from budgetpool.portals.components import policy

STANDARD = "1.0"
AWB = "https://wetten.overheid.nl/BWBR0005537"


def record(round: Round) -> dict[str, Any]:
    """All fields of the standard for this round; what is not known is empty."""
    with translation.override("nl"):
        return _record(round)


def fields(round: Round) -> list[tuple[str, str]]:
    """The same record for reading: the name of each field that has a value, and the value."""
    with translation.override("nl"):
        made = _record(round)
        names = _names()
    return [(names[key], _spoken(made[key])) for key in names if made[key]]


def _spoken(value: Any) -> str:
    if isinstance(value, list):
        rows = [row if isinstance(row, str) else " – ".join(row.values()) for row in value]
        return "; ".join(rows)
    return str(value)


def _record(round: Round) -> dict[str, Any]:
    fund, scenario = round.fund, round.proposal
    page = settings.SITE_URL + reverse("public-round", args=[fund.region.slug, round.code])
    levers = [f"{lever.name}: {lever.text}" for lever in policy.levers(round.policy.rules)]
    solver = scenario.solver if scenario else ""
    began = timezone.localdate(round.opened_at) if round.opened_at else None
    ended = timezone.localdate(round.finished_at) if round.finished_at else None
    return {
        "name": _("Dividing the training money of %(fund)s") % {"fund": fund.name},
        "description_short": _(
            "More people ask for training than the fund can pay. This calculation proposes who "
            "gets a training, by a rule that was published beforehand. The board decides."
        ),
        "organization": fund.name,
        # Names of the government's list of themes.
        "category": ["Werk", "Onderwijs en wetenschap"],
        "status": _("Out of use") if ended else _("In use"),
        "begin_date": f"{began:%Y-%m}" if began else "",
        "end_date": f"{ended:%Y-%m}" if ended else "",
        "contact_email": fund.contact_email,
        "website": page,
        "publication_category": _("Algorithms with impact"),
        "url": f"{page}/algorithm.json",
        "goal": _(
            "Goal: to divide the money of a round fairly among flex workers who ask for training. "
            "Impact: somebody gets a training paid, or does not. Who is refused gets extra points "
            "in the next round, can object within six weeks, and is told what would have changed "
            "the outcome."
        ),
        "proportionality": _(
            "First come, first served reached people with much training and fast internet. A "
            "lottery alone gives nobody priority. Handling by hand is slow and differs from one "
            "person to the next. The rule uses few facts, no BSN, no sex, no age, no nationality, "
            "and it learns nothing from the past. Each outcome stands beside the old way of "
            "dividing on this page."
        ),
        "human_intervention": _(
            "The calculation proposes, the board decides. Board members can give or withhold each "
            "request, with a reason. Two different members sign, and each states to have no "
            "interest of their own. How often the board deviates is on this page."
        ),
        "risks": _(
            "Risks: wrong facts in a request, a group that does not know the fund, a rule that "
            "works out badly for a group. Measures: facts can be seen and corrected before "
            "sending, chances are published per group, groups under 10 people are not shown, "
            "a second program checks each outcome without the first, and the board can change the "
            "rule for the next round."
        ),
        "lawful_basis": _("Awb, articles 4:25 to 4:27, and the fund's own rule: %(rule)s")
        % {"rule": fund.rule_name},
        "lawful_basis_grouping": [
            {"title": "Algemene wet bestuursrecht", "link": AWB},
            *([{"title": fund.rule_name, "link": fund.rule_url}] if fund.rule_url else []),
        ],
        "process_index_url": "",
        "impacttoetsen": _(
            "No impact assessment is published here yet. The fund makes a data protection impact "
            "assessment (DPIA) and one of human rights and algorithms (IAMA) for its own use."
        ),
        "impacttoetsen_grouping": [],
        "source_data": _(
            "From the worker: highest diploma, kind of contract, hours of training in the last "
            "two years, sector, the chosen trainings and their costs. From the register: schools, "
            "prices and places. From earlier rounds: how often somebody was refused."
        ),
        "source_data_grouping": [
            {
                "title": _("The frozen requests, under made-up numbers"),
                "link": settings.SITE_URL + reverse("check", args=[fund.region.slug, round.code]),
            }
        ]
        if round.published_at
        else [],
        "methods_and_models": " ".join(
            [
                _(
                    "An exact calculation (integer linear programming), no machine learning. The "
                    "steps in order: promises, groups, points, number of people, lots."
                ),
                *levers,
                _("Policy %(policy)s, fingerprint %(sha)s.")
                % {"policy": round.policy, "sha": round.policy.sha256},
                _("Solver: %(solver)s.") % {"solver": solver} if solver else "",
                _("The program is free software under the licence EUPL-1.2."),
            ]
        ).strip(),
        "provider": "Budgetpool",
        "publiccode": settings.SOURCE_CODE_URL,
        "lang": "nld",
        "standard_version": STANDARD,
        "source_id": f"budgetpool-{fund.region.slug}-{round.code}",
        "tags": ", ".join([_("training"), _("flex work"), _("dividing money"), _("lottery")]),
    }


def _names() -> dict[str, str]:
    return {
        "name": _("Name"),
        "description_short": _("Short description"),
        "organization": _("Organisation"),
        "category": _("Theme"),
        "status": _("Status"),
        "begin_date": _("Begin"),
        "end_date": _("End"),
        "contact_email": _("E-mail"),
        "website": _("Public page"),
        "publication_category": _("Category"),
        "url": _("This record for machines"),
        "goal": _("Goal and impact"),
        "proportionality": _("Considerations"),
        "human_intervention": _("What people decide"),
        "risks": _("Risks"),
        "lawful_basis": _("Legal basis"),
        "lawful_basis_grouping": _("Link to the legal basis"),
        "process_index_url": _("Link to the processing register"),
        "impacttoetsen": _("Impact assessments"),
        "impacttoetsen_grouping": _("Links to impact assessments"),
        "source_data": _("Data"),
        "source_data_grouping": _("Links to sources of data"),
        "methods_and_models": _("How it works"),
        "provider": _("Supplier"),
        "publiccode": _("Source code"),
        "lang": _("Language"),
        "standard_version": _("Version of the standard"),
        "source_id": _("Identity"),
        "tags": _("Tags"),
    }
