"""What goes over the pipes and sockets between program, host and solving process.

Numbers (pid, exit code) take four bytes. A message is its length in eight bytes and a pickled
(kind, content). Both sides read and write by this file and need nothing of each other.
"""

import os
import pickle
from typing import Any

WORD_BYTES = 4
_HEADER_BYTES = 8


def send(descriptor: int, kind: str, content: Any) -> None:
    """Write one message to a pipe."""
    message = pickle.dumps((kind, content), protocol=pickle.HIGHEST_PROTOCOL)
    data = len(message).to_bytes(_HEADER_BYTES, "big") + message
    while data:
        data = data[os.write(descriptor, data) :]


def messages(buffer: bytearray) -> list[tuple[str, Any]]:
    """Take every complete message out of the buffer."""
    found = []
    while len(buffer) >= _HEADER_BYTES:
        end = _HEADER_BYTES + int.from_bytes(buffer[:_HEADER_BYTES], "big")
        if len(buffer) < end:
            break
        found.append(pickle.loads(bytes(buffer[_HEADER_BYTES:end])))  # noqa: S301
        del buffer[:end]
    return found


def word(number: int) -> bytes:
    """A number as it goes over a socket."""
    return number.to_bytes(WORD_BYTES, "big", signed=True)


def number(word: bytes) -> int:
    """A number as it came over a socket."""
    return int.from_bytes(word, "big", signed=True)
