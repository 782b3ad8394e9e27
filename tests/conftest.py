"""What every test may use: the cast, a PostgreSQL server where one is named, the shared data."""

import hashlib
import os
import threading
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as drawing
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api.oauth import access
from budgetpool.limits import shares
from tests import database, sharing
from tests.cast import *  # noqa: F403
from tests.flushing import flush_lifts_guards, monkeypatch_session  # noqa: F401
from tests.object_store import bucket, store  # noqa: F401

POSTGRES_URL = os.environ.get("TEST_DATABASE_URL", "")
# A slow or busy machine fails no test; a test that says more of its own keeps this.
drawing.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
drawing.load_profile("any_machine")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "own_database"}


def pytest_configure(config):
    config.pluginmanager.register(sharing)
    one_connection_per_thread()


def one_connection_per_thread():
    """Django gives code inside a running event loop connections of its own, and Playwright keeps
    such a loop running in the thread of the tests, as long as its program lives. A test's database
    must not be another one before, during and after that."""
    connections._connections = threading.local()


def pytest_addoption(parser):
    parser.addoption(
        "--part",
        metavar="N/OF",
        help="run every OF-th case only, from the N-th on",
    )


def pytest_collection_modifyitems(config, items):
    """Which tests run: a part where `--part` asks for one, and on PostgreSQL what uses a database.

    Tests that need PostgreSQL say so when there is none, instead of passing on SQLite.

    Where there is one, only tests that use a database are run, without those marked `any_database`:
    the others would do the same again. Those marked `tool` may have been skipped before.
    """
    if config.getoption("--part"):
        number, of = map(int, config.getoption("--part").split("/"))
        leave_out(config, items, lambda item: not in_part(item, number, of))
    if POSTGRES_URL.startswith("postgres"):
        leave_out(config, items, lambda item: not uses_database(item))
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


def leave_out(config, items, is_left_out):
    other = [item for item in items if is_left_out(item)]
    left_out = {id(item) for item in other}
    config.hook.pytest_deselected(items=other)
    items[:] = [item for item in items if id(item) not in left_out]


def in_part(item, number, of) -> bool:
    """Each case falls into one part, and its name says which: whatever the machine and the year."""
    digest = hashlib.sha256(item.nodeid.encode()).digest()
    return (int.from_bytes(digest[:4]) - number) % of == 0


def uses_database(item) -> bool:
    """Whether the test asks for a database, by a marker or by a fixture, however far off; or for a
    tool that may have come since."""
    if item.get_closest_marker("tool"):
        return True
    if item.get_closest_marker("any_database"):
        return False
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked) or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)


@pytest.fixture(autouse=True)
@sharing.harmless
def nothing_remembered():
    """Each test is a new process: without shares of limits, and without tokens seen before."""
    shares.forget()
    access.forget()


@pytest.fixture(scope="session")
def migrated_folder(pytestconfig) -> Path:
    """Where migrated databases are kept from one run to the next."""
    return pytestconfig.cache.mkdir("budgetpool")


@pytest.fixture(scope="session")
def migrated_file(migrated_folder, tmp_path_factory) -> Path:
    """A migrated SQLite database to copy, for tests that drive whole processes."""
    target = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    database.copy_migrated(migrated_folder, target)
    return target


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, request):
    """The tests' database starts as a copy of a migrated one."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = database.migrated_template(POSTGRES_URL)
        yield
        return
    name = connection.creation._get_test_db_name()
    with closing(database.fill(name, request.getfixturevalue("migrated_file"))):
        yield


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
    """The address of a migrated PostgreSQL database, for tests that drive whole processes."""
    template = sql.Identifier(database.migrated_template(POSTGRES_URL))
    name = f"own_{uuid.uuid4().hex[:12]}"
    server = make_conninfo(POSTGRES_URL)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template)
        )
    try:
        yield POSTGRES_URL.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
