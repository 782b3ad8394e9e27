"""The copied database is never an old one."""

from tests import database


def test_the_name_of_the_migrated_database_follows_from_all_that_makes_its_tables():
    ours = {
        str(file.relative_to(database.ROOT))
        for file in database.files_of_migrations()
        if file.is_relative_to(database.ROOT)
    }
    assert {
        "budgetpool/fund/migrations/0001_initial.py",
        "budgetpool/fund/guards.py",
        "budgetpool/immutability.py",
        "allocation/guards.py",
    } <= ours
