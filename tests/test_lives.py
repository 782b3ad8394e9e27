"""The lives of things: the table itself, and the page that is written from it."""

from pathlib import Path

import pytest

from allocation.lives import LIVES
from allocation.management.commands.lives import page
from budgetpool.lifecycle import Lifecycle
from tests.refusing import refuses

PAGE = Path(__file__).resolve().parents[1] / "docs" / "lives.md"
CASES = [
    pytest.param(life, step, state, id=f"{life.name}-{step}-{state}")
    for life in LIVES
    for step in life.steps
    for state in life.states.values
]


@pytest.mark.parametrize(("life", "step", "state"), CASES)
def test_a_step_is_refused_from_every_state_that_the_table_does_not_name(life, step, state):
    if state in life.steps[step].allowed_from:
        to = life.steps[step].to
        assert life.after(step, state) == (state if to is None else to)
        assert step in life.possible(state)
    else:
        with refuses("wrong_step") as refused:
            life.check(step, state)
        assert refused.value.params["allowed_from"] == list(life.before(step))
        assert step not in life.possible(state)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.name)
def test_every_step_has_somebody_who_takes_it(life: Lifecycle):
    assert [name for name, step in life.steps.items() if not step.who] == []


def test_the_page_about_lives_says_what_the_tables_say():
    """When this fails: `python manage.py lives > docs/lives.md`."""
    assert PAGE.read_text() == page()
