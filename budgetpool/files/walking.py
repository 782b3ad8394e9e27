"""Every file that is kept, wherever that is: for backups."""

from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage

from budgetpool.files.storage import ObjectStorage


def names(storage: Storage) -> Iterator[str]:
    """The name of every file, in order."""
    match storage:
        case ObjectStorage():
            yield from (name for name, _ in storage.bucket.names())
        case FileSystemStorage():
            root = Path(storage.location)
            found = root.rglob("*") if root.exists() else ()
            yield from sorted(str(path.relative_to(root)) for path in found if path.is_file())
        case _:
            raise TypeError(f"{type(storage).__name__} cannot be listed.")
