"""What every test may use: the cast, a PostgreSQL server where one is named, the shared data."""

import os
import uuid
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.cast import *  # noqa: F403
from tests.flushing import flush_lifts_guards  # noqa: F401

POSTGRES_URL = os.environ.get("TEST_DATABASE_URL", "")


def pytest_collection_modifyitems(items):
    """Tests that need PostgreSQL say so when there is none, instead of passing on SQLite."""
    if POSTGRES_URL.startswith("postgres"):
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of bank statements and benchmark rounds that nobody here wrote."""
    root = Path(__file__).resolve().parent.parent
    folder = Path(os.environ.get("BUDGETPOOL_SHARED_DATA", root.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: set BUDGETPOOL_SHARED_DATA")
    return folder


@pytest.fixture
def own_database():
    """The address of an empty PostgreSQL database, for tests that drive whole processes."""
    name = f"own_{uuid.uuid4().hex[:12]}"
    server = make_conninfo(POSTGRES_URL)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield POSTGRES_URL.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
