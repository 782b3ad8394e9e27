"""The tables that the demo prints at its end."""

from typing import Any

from rich.console import Console
from rich.table import Table

from allocation.models import Scenario
from allocation.rounds import figures
from allocation.rounds.figures import ScenarioFigures
from budgetpool.bank.reasons import LEFT_OUT
from budgetpool.demo import cast
from budgetpool.demo.money import Imported
from budgetpool.demo.story import Story
from budgetpool.fund import checks

RULES = {
    Scenario.Rule.FCFS: "First come, first served",
    Scenario.Rule.LOTTERY: "Lottery",
    Scenario.Rule.RANKING: "Ranking by points",
}
# The board's own names of its divisions, which its pages show in Dutch.
IN_ENGLISH = {
    "Zoveel mogelijk mensen": "As many people as possible",
    "Ook dure opleidingen": "Dear trainings too",
}


def show(console: Console, story: Story) -> None:
    """Print statements, the divided round beside the old rules, the books, and who can sign in."""
    if story.imported:
        console.print(_statements(story.imported))
    if story.first is not None:
        console.print(_comparison(figures.comparison(story.first)))
        console.print(_round_line(story))
    console.print(_books())
    console.print(_logins(story.site))
    if story.program is not None:
        console.print(f"API token of a partner: {story.program.token}\nFile a request with it:")
        console.print(story.program.curl, soft_wrap=True, highlight=False)
        decided = ", ".join(story.program.decided)
        console.print(f"Decided already: {decided}", soft_wrap=True, highlight=False)
    if story.accountant is not None:
        own = story.accountant
        console.print(
            f"An accountant’s program, let in at the bank statements: client_id {own.client_id}, "
            f"client_secret {own.client_secret}\nBring the next statement in with it:",
            soft_wrap=True,
        )
        for line in own.curl:
            console.print(line, soft_wrap=True, highlight=False, markup=False)
    if story.sandbox is not None:
        made = story.sandbox
        console.print(
            f"Sandbox (region SANDBOX), to see a round decided by a call: token {made.token}\n"
            f"or OAuth 2: client_id {made.client_id}, client_secret {made.client_secret}",
            soft_wrap=True,
            highlight=False,
        )


def euros(cents: int) -> str:
    """Whole euros as the tables spell them, in English, with a non-breaking space.

    >>> euros(49830000)
    '€\\xa0498,300'
    """
    return f"€\u00a0{cents // 100:,}"


def _statements(imported: list[Imported]) -> Table:
    table = Table(title="Bank statements")
    for title in ("File", "New entries", "Recognised", "In suspense", "Left out"):
        table.add_column(title, justify="left" if title == "File" else "right")
    for one in imported:
        booked = one.report.booked
        left_out = [
            str(LEFT_OUT.get(stored.left_out, stored.left_out))
            for stored in one.report.stored
            if stored.left_out
        ]
        table.add_row(
            one.name,
            str(one.report.fresh_count),
            euros(sum(part.matched_cents for part in booked)),
            euros(sum(part.suspense_cents for part in booked)),
            "; ".join(sorted(set(left_out))),
        )
    return table


def _comparison(rows: list[ScenarioFigures]) -> Table:
    table = Table(title="Round 2027-1: 1,500 synthetic requests, ceiling € 500,000")
    table.add_column("Division")
    titles = (
        "People",
        "Spent",
        "Value",
        "At most MBO 1",
        "Target group",
        "First training",
        "Top 20 providers",
    )
    for title in titles:
        table.add_column(title, justify="right")
    for row in rows:
        table.add_row(
            _name(row),
            str(row.people),
            euros(row.spent_cents),
            f"{row.value_percent:.1f}",
            _share_of_awards(row, "education_level", "low"),
            _share_of_awards(row, "target", "yes"),
            _percent(row.first_timers),
            _percent(row.top_20_providers),
            style="bold" if row.is_proposed else None,
        )
    return table


def _name(row: ScenarioFigures) -> str:
    name = RULES.get(Scenario.Rule(row.scenario.rule), row.scenario.name)
    name = IN_ENGLISH.get(name, name)
    return f"{name} ← published" if row.is_proposed else name


def _share_of_awards(row: ScenarioFigures, column: str, group: str) -> str:
    groups: list[dict[str, Any]] = row.coverage.get(column, [])
    awarded = sum(one["awarded"] for one in groups)
    mine = sum(one["awarded"] for one in groups if one["group"] == group)
    return _percent(mine / awarded) if awarded else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}%"


def _round_line(story: Story) -> str:
    assert story.first is not None
    assert story.second is not None
    first, second = figures.key_figures(story.first), figures.key_figures(story.second)
    return (
        f"Round {story.first.code} is published: {first.awarded} people get "
        f"{euros(first.spent_cents)} of {euros(first.asked_cents)} asked. "
        f"Round {story.second.code} is open with {second.requests} requests."
    )


def _books() -> str:
    outcomes = checks.check_ledger()
    wrong = [outcome for outcome in outcomes if not outcome.ok]
    if not wrong:
        return f"The books are right: {len(outcomes)} checks."
    return "\n".join(str(finding) for outcome in wrong for finding in outcome.findings)


def _logins(site: str) -> Table:
    people = [person for person, _role in cast.SEATS]
    people += [cast.EMPLOYER, cast.PROVIDER, cast.PARTNER]
    people += [cast.AWARDED, cast.LEARNING, cast.REFUSED, cast.BEGUN, cast.ASKED]
    table = Table(title=f"Sign in at {site}/sign-in/password with password {cast.PASSWORD}")
    table.add_column("Role")
    table.add_column("E-mail address")
    for person in people:
        table.add_row(person.role, person.email)
    return table
