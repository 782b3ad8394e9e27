"""Django's storage on an object store, and what to do when a file cannot be removed at once."""

import io
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from budgetpool.files.bucket import Bucket

HOW = (
    "Set BUDGETPOOL_FILES to s3://KEY:SECRET@HOST/BUCKET, or to s3+http:// inside a closed network."
)


@deconstructible
class ObjectStorage(Storage):
    """Files in a bucket. A name is never used twice, so that nothing is overwritten."""

    def __init__(self, url: str) -> None:
        self.bucket = bucket_of(url)

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        if mode != "rb":
            raise ValueError("Files in an object store are opened for reading only.")
        return File(io.BytesIO(self.bucket.get(name)), name=name)

    def _save(self, name: str, content: "File[Any] | IO[Any]") -> str:
        content.seek(0)
        self.bucket.put(name, content.read())
        return name

    def delete(self, name: str) -> None:
        self.bucket.delete(name)

    def exists(self, name: str) -> bool:
        return self.bucket.has(name)

    def size(self, name: str) -> int:
        return self.bucket.size(name)


def bucket_of(url: str) -> Bucket:
    """The bucket that a setting names.

    >>> bucket_of("s3://key:secret@store.example.nl/files?region=nl-1").address
    'https://store.example.nl/files'

    Raises:
        ImproperlyConfigured: something is missing; the text does not repeat the secret.
    """
    parts = urlsplit(url)
    schemes = {"s3": "https", "s3+http": "http"}
    bucket = parts.path.strip("/")
    if parts.scheme not in schemes or not parts.hostname or not bucket or "/" in bucket:
        raise ImproperlyConfigured(f"BUDGETPOOL_FILES names no bucket. {HOW}")
    if not parts.username or not parts.password:
        raise ImproperlyConfigured(f"BUDGETPOOL_FILES names no key and secret. {HOW}")
    place = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return Bucket(
        address=f"{schemes[parts.scheme]}://{place}/{bucket}",
        key_id=unquote(parts.username),
        secret=unquote(parts.password),
        **({"region": options["region"]} if "region" in options else {}),
    )
