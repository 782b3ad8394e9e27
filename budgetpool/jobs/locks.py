"""Locks that die with the process that holds them, on one machine or on many.

On PostgreSQL a lock is an advisory lock of a connection of its own, on SQLite a locked file beside
the database. Neither has a term: a process that is killed lets go at once, and a process that
lives keeps it, however long it takes.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import connection

# A machine that fell off the network is noticed by the server after so many seconds.
LOST_SECONDS: Final = 15
KEEPALIVE: Final = (
    f"SELECT set_config('tcp_keepalives_idle', '{LOST_SECONDS // 3}', false),"
    f" set_config('tcp_keepalives_interval', '{LOST_SECONDS // 3}', false),"
    " set_config('tcp_keepalives_count', '2', false)"
)


@contextmanager
def held(*names: str) -> Iterator[bool]:
    """Hold all these locks for a while, or none; gives whether they are ours."""
    wanted = sorted({name for name in names if name})
    if not wanted:
        yield True
        return
    if connection.vendor == "postgresql":
        with _own_connection() as own:
            # Closing the connection lets go of all of them.
            yield all(_locked_by(own, name) for name in wanted)
        return
    with ExitStack() as files:
        yield all(_locked_file(files, name) for name in wanted)


def _own_connection() -> "psycopg.Connection[Any]":
    parameters: dict[str, Any] = dict(connection.get_connection_params())
    for ours in ("cursor_factory", "context"):
        parameters.pop(ours, None)
    own = psycopg.connect(**parameters, autocommit=True)
    own.execute(KEEPALIVE)
    return own


def _locked_by(own: "psycopg.Connection[Any]", name: str) -> bool:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    row = own.execute("SELECT pg_try_advisory_lock(%s)", [number]).fetchone()
    return bool(row and row[0])


def _locked_file(files: ExitStack, name: str) -> bool:
    database = str(connection.settings_dict["NAME"])
    if "memory" in database:
        return True  # no other process can reach it
    folder = Path(f"{database}.locks")
    folder.mkdir(exist_ok=True)
    file = files.enter_context((folder / hashlib.sha256(name.encode()).hexdigest()).open("w"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
