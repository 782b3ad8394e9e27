"""Tables that are made in one step are those that are made one by one, and are drawn up once."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from budgetpool.first_tables import CreateModels

HANGING_TOGETHER = 6


def chain() -> list[migrations.CreateModel]:
    """Models of which each points to the one before."""
    made = []
    for number in range(HANGING_TOGETHER):
        fields = [("id", models.BigAutoField(primary_key=True))]
        if number:
            before = models.ForeignKey(f"things.thing{number - 1}", models.PROTECT)
            fields.append(("before", before))
        made.append(migrations.CreateModel(f"Thing{number}", fields))
    return made


class Statements:
    """A schema editor that writes down of which model a table is made or dropped."""

    def __init__(self) -> None:
        self.connection, self.said = connection, []

    def create_model(self, model: type[models.Model]) -> None:
        related = [field.related_model._meta.object_name for field in model._meta.fields[1:]]
        self.said.append(("create", model._meta.object_name, related))

    def delete_model(self, model: type[models.Model]) -> None:
        self.said.append(("delete", model._meta.object_name))


def after(*operations) -> tuple[list, ProjectState]:
    editor, state = Statements(), ProjectState()
    _ = state.apps
    for operation in operations:
        before = state.clone()
        operation.state_forwards("things", state)
        operation.database_forwards("things", editor, before, state)
    return editor.said, state


def test_one_step_makes_what_single_steps_make():
    together, state = after(CreateModels(chain()))
    one_by_one, other = after(*chain())
    assert together == one_by_one
    assert len(together) == HANGING_TOGETHER
    assert state == other


def test_the_way_back_drops_the_last_first():
    _said, state = after(CreateModels(chain()))
    editor = Statements()
    CreateModels(chain()).database_backwards("things", editor, state, ProjectState())
    assert [name for _, name in editor.said] == [
        f"Thing{number}" for number in reversed(range(HANGING_TOGETHER))
    ]


@pytest.fixture
def drawn(monkeypatch):
    """How often a model was drawn up."""
    names = []
    render = ModelState.render

    def counted(self, registry):
        names.append(self.name)
        return render(self, registry)

    monkeypatch.setattr(ModelState, "render", counted)
    return names


def test_each_model_is_drawn_up_once(drawn):
    after(*chain())
    one_by_one = len(drawn)
    drawn.clear()
    after(CreateModels(chain()))
    assert len(drawn) == HANGING_TOGETHER < one_by_one


def test_an_app_begins_with_all_its_tables_in_one_step():
    """A table that is created apart in a first migration costs every newcomer its time again."""
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.partition(".")[0] in settings.OUR_PACKAGES
    }
    apart = {
        f"{app}: {operation.name}"
        for (app, _), migration in MigrationLoader(None).disk_migrations.items()
        if app in ours and migration.initial
        for operation in migration.operations[1:]
        if isinstance(operation, migrations.CreateModel)
    }
    assert apart == set()
