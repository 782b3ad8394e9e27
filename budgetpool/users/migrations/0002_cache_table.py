from django.core.management import call_command
from django.db import migrations


def make_tables(apps, schema_editor):
    """Make the tables of all caches that live in the database; those that exist are left."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]

    operations = [migrations.RunPython(make_tables, migrations.RunPython.noop)]
