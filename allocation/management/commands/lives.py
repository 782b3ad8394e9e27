"""`manage.py lives`: the tables of `allocation/lives.py` as the page `docs/lives.md`."""

from collections.abc import Iterable
from typing import Any

from django.core.management import BaseCommand

from allocation.lives import LIVES
from budgetpool.lifecycle import Lifecycle

HEAD = """# Lives

Written by `manage.py lives > docs/lives.md` from `allocation/lives.py`, which guards, buttons and
tests read too. A step from any other state is refused as `wrong_step`. *People* is how many
different people a step needs; *bars* and *asks* are the codes of refusals, whose words stand in
`budgetpool/refusals/`. Where the state after a step hangs on what was decided, `to` says
`the same`:
an objection that is assigned is `assigned`, and its answer is `upheld`, `dismissed` or
`inadmissible`.
"""
TABLE_HEAD = (
    "| step | from | to | who | people | bars | asks |\n| --- | --- | --- | --- | --- | --- | --- |"
)


class Command(BaseCommand):
    help = "Print the page about the lives of rounds, awards, objections and payments."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *(_section(life) for life in LIVES)])


def _section(life: Lifecycle) -> str:
    rows = [
        f"| `{name}` | {_words(step.allowed_from)} | {step.to or 'the same'} | {_words(step.who)} "
        f"| {step.people} | {_codes(step.barred)} | {_codes(step.needs)} |"
        for name, step in life.steps.items()
    ]
    return "\n".join([f"## {life.name.capitalize()}", "", TABLE_HEAD, *rows, ""])


def _words(values: Iterable[str]) -> str:
    return ", ".join(str(value) for value in values)


def _codes(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)
