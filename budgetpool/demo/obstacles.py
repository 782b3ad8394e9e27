"""What stands in the way of a demo, each in one sentence with the remedy, before all else."""

import os
import socket
import tempfile
from pathlib import Path

from django.conf import settings


class Obstacle(Exception):
    """The demo cannot be built or served here; the text says what to do."""


def look(address: str, *, serving: bool) -> None:
    """Look at the folders, and at the address where pages are to be served.

    Raises:
        Obstacle: a folder cannot be written, or the address is taken or no address.
    """
    for folder in _folders():
        _writable(folder)
    if serving:
        _free(address)


def _folders() -> set[Path]:
    """Where the demo writes: its own folder, and that of an SQLite database."""
    folders = {Path(settings.VAR_DIR)}
    database = settings.DATABASES["default"]
    if str(database["ENGINE"]).endswith("sqlite3"):
        folders.add(Path(str(database["NAME"])).absolute().parent)
    return folders


def _writable(folder: Path) -> None:
    there = folder
    while not there.exists():
        there = there.parent
    try:
        # Rights alone do not tell: root may do anything, and a file system may refuse.
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise Obstacle(
            f"The folder {folder} cannot be written. Name one that can: "
            "BUDGETPOOL_VAR=/tmp/budgetpool uv run --no-dev manage.py demo."
        ) from error


def _free(address: str) -> None:
    host, _, port = address.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise Obstacle(f"{address} is no address. Write one such as --address 127.0.0.1:8001.")
    try:
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host or "127.0.0.1", int(port)))
    except OSError as error:
        raise Obstacle(
            f"Nothing can be served on {address}: {os.strerror(error.errno or 0).lower()}. "
            f"Another program may serve there; choose another port: "
            f"manage.py demo --address {host or '127.0.0.1'}:{int(port) % 65_535 + 1}."
        ) from error
