"""One bucket of an S3-compatible object store: put, get, delete and list, over plain HTTP.

Our own and small, because it is all that we ask of such a store: the usual client takes more
memory than everything else that a web process needs for a file (docs/decisions/0012).
"""

import http.client
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from budgetpool import lazily
from budgetpool.files import signing

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = lazily.module("lxml.etree")

TRIES: Final = 2
# So long one answer of the store may take.
ANSWER_SECONDS: Final = 5.0
# An answer that is more than any file of ours is not read to its end.
MOST_BYTES: Final = 256 * 1024 * 1024


class StoreAway(ConnectionError):
    """The object store does not answer, is full, or refuses us. It may pass by itself."""


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and body of one answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Bucket:
    """Where the bucket is and who we are there.

    Args:
        address: of the store with the bucket as its path, such as `https://s3.example.nl/files`.
        region: as the store calls it; most stores of one's own take any.
    """

    address: str
    key_id: str
    secret: str = field(repr=False)
    region: str = "us-east-1"

    def put(self, name: str, data: bytes) -> None:
        """Keep these bytes under this name; the store checks that they came over whole.

        Raises:
            StoreAway: they are not kept.
        """
        self._asked("PUT", name, body=data, wanted=(200, 201))

    def get(self, name: str) -> bytes:
        """The bytes under this name.

        Raises:
            FileNotFoundError: there is nothing under it.
            StoreAway: the store does not say.
        """
        return self._found(self._asked("GET", name, wanted=(200, 404)), name).body

    def size(self, name: str) -> int:
        """How many bytes there are under this name; raises as `get`."""
        answer = self._found(self._asked("HEAD", name, wanted=(200, 404)), name)
        return int(answer.headers["content-length"])

    def has(self, name: str) -> bool:
        """Whether there is something under this name; raises `StoreAway`."""
        return self._asked("HEAD", name, wanted=(200, 404)).status == 200

    def delete(self, name: str) -> None:
        """Forget what is under this name, if anything is; raises `StoreAway`."""
        self._asked("DELETE", name, wanted=(200, 204, 404))

    def names(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Every name that begins so, in order, with its size in bytes; raises `StoreAway`."""
        query = {"list-type": "2", "prefix": prefix}
        while True:
            page = _parsed(self._asked("GET", "", query=query, wanted=(200,)).body)
            for entry in page.iterfind("{*}Contents"):
                yield entry.findtext("{*}Key") or "", int(entry.findtext("{*}Size") or 0)
            following = page.findtext("{*}NextContinuationToken")
            if not following:
                return
            query["continuation-token"] = following

    def make(self) -> None:
        """Make the bucket where it is not there yet; raises `StoreAway`."""
        self._asked("PUT", "", wanted=(200, 204, 409))

    def _found(self, answer: Answer, name: str) -> Answer:
        if answer.status == 404:
            raise FileNotFoundError(name)
        return answer

    def _asked(
        self,
        method: str,
        name: str,
        *,
        wanted: tuple[int, ...],
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """One answer with a wanted status; every other is an outage, told without the name."""
        for last in (False, True):
            try:
                answer = self._sent(method, name, query or {}, body)
            except (OSError, http.client.HTTPException) as error:
                _lines.drop(self.address)
                # A connection that was kept open may have ended meanwhile: ask once more.
                if last:
                    raise StoreAway(f"the object store does not answer: {error}") from error
                continue
            if answer.status in wanted:
                return answer
            if answer.status < 500 or last:
                raise StoreAway(f"the object store answered {method} with {answer.status}")
        raise AssertionError("unreachable")

    def _sent(self, method: str, name: str, query: Mapping[str, str], body: bytes) -> Answer:
        there = urlsplit(self.address)
        path = there.path.rstrip("/") + (f"/{name}" if name else "")
        at = datetime.now(UTC)
        digest = signing.sha256(body)
        headers = {
            "host": there.netloc,
            "x-amz-content-sha256": digest,
            "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ"),
        }
        headers["authorization"] = signing.authorization(
            method=method,
            path=path or "/",
            query=query,
            headers=headers,
            body_sha256=digest,
            key_id=self.key_id,
            secret=self.secret,
            region=self.region,
            at=at,
        )
        line = _lines.to(self.address)
        target = signing.quoted_path(path or "/")
        if query:
            target += f"?{signing.quoted_query(query)}"
        # Bodies of files only: an empty PUT makes a bucket.
        line.request(method, target, body=body or None, headers=headers)
        response = line.getresponse()
        data = response.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError("an answer of the object store is too large")
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, data
        )


class Lines(threading.local):
    """A connection per thread and store, kept open."""

    lines: dict[str, http.client.HTTPConnection]

    def __init__(self) -> None:
        self.lines = {}

    def to(self, address: str) -> http.client.HTTPConnection:
        if address not in self.lines:
            there = urlsplit(address)
            kind = (
                http.client.HTTPSConnection
                if there.scheme == "https"
                else http.client.HTTPConnection
            )
            self.lines[address] = kind(there.netloc, timeout=ANSWER_SECONDS)
        return self.lines[address]

    def drop(self, address: str) -> None:
        line = self.lines.pop(address, None)
        if line is not None:
            line.close()


_lines = Lines()


def _parsed(body: bytes) -> "etree._Element":
    """A list that the store wrote; nothing of it is fetched or expanded."""
    try:
        return etree.fromstring(
            body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except etree.XMLSyntaxError as error:
        raise StoreAway("the object store answered with no list") from error
