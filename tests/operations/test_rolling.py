"""Old and new programs share the tables during an upgrade: no migration since the last release
takes anything away from the old ones.
"""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.operations.rolling import faults

RELEASED = Path(settings.BASE_DIR) / "docs" / "migrations-released.json"


def ours():
    loader = MigrationLoader(None)
    labels = {
        config.label
        for config in apps.get_app_configs()
        if config.name.partition(".")[0] in settings.OUR_PACKAGES
    }
    return {key: each for key, each in loader.disk_migrations.items() if key[0] in labels}


def test_what_was_released_is_still_there():
    there = {f"{app}.{name}" for app, name in ours()}
    assert set(json.loads(RELEASED.read_text())) <= there


def test_no_migration_since_the_release_disturbs_the_programs_of_before():
    released = set(json.loads(RELEASED.read_text()))
    if not released:
        return  # before the first release nobody runs a program of before
    found = [
        fault
        for (app, name), migration in sorted(ours().items())
        if f"{app}.{name}" not in released
        for fault in faults(migration)
    ]
    assert found == []


def made_of(*operations, **more):
    return type("Migration", (migrations.Migration,), {"operations": list(operations), **more})(
        "0099_try", "fund"
    )


def backwards(apps, schema_editor):
    pass


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.RemoveField("fund", "name"), "one release later"),
        (migrations.RenameField("fund", "name", "title"), "one release later"),
        (migrations.DeleteModel("Fund"), "one release later"),
        (migrations.RenameModel("Fund", "Pot"), "one release later"),
        (migrations.AddField("fund", "new", models.CharField(default="x")), "db_default"),
        (
            migrations.AlterField("fund", "name", models.CharField(), preserve_default=False),
            "leave it so",
        ),
        (migrations.RunPython(backwards), "reverse_code"),
        (
            migrations.SeparateDatabaseAndState([migrations.RemoveField("fund", "name")], []),
            "one release later",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_disturb_them_is_named(operation, words):
    [fault] = faults(made_of(operation))
    assert words in fault
    assert "fund.0099_try" in fault


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("fund", "new", models.CharField(null=True)),
        migrations.AddField("fund", "new", models.IntegerField(db_default=0)),
        migrations.AddField("fund", "new", models.ManyToManyField("fund.Region")),
        migrations.RunPython(backwards, backwards),
        migrations.AlterModelOptions("fund", {"ordering": ["name"]}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_they_do_not_notice_is_allowed(operation):
    assert not list(faults(made_of(operation)))


def test_a_new_table_may_be_finished_in_its_own_migration():
    made = migrations.CreateModel("New", [("id", models.AutoField(primary_key=True))])
    added = migrations.AddField("new", "name", models.CharField(default=""))
    assert not list(faults(made_of(made, added)))


def test_what_the_last_release_used_no_longer_may_go():
    assert not list(faults(made_of(migrations.RemoveField("fund", "name"), unused_since="0.2.0")))
