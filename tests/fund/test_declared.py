"""What is compared with the declared rules, and what is not."""

import pytest
from django.apps import apps
from django.db import connection

from budgetpool.declared import tables


def test_only_tables_of_our_own_packages_are_compared():
    """The packages of others lie in a folder of the project where somebody made one there."""
    ours = {"budgetpool", "allocation", "employers", "workers", "api"}
    compared = tables._models()
    assert {apps.get_app_config(m._meta.app_label).name.split(".")[0] for m in compared} == ours
    assert not [m for m in compared if m._meta.app_label in {"auth", "account", "mfa", "django_ox"}]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_rule_may_be_told_as_before_a_restore_or_as_after_one():
    """PostgreSQL words some conditions otherwise when it makes them from its own words."""
    tellings = [telling for rules in tables._postgres_wanted().values() for telling in rules]
    assert max(map(len, tellings)) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        assert cursor.fetchone() == (0,)
    assert not list(tables.differing())
