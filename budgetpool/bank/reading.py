"""The door for statement files: finds out the format and gives the statements."""

from typing import BinaryIO

from budgetpool.bank import camt053, mt940
from budgetpool.bank.statement import Statement, StatementRefused

SNIFF_BYTES = 4_096


def read(stream: BinaryIO) -> list[Statement]:
    """Read all statements of an open file (binary, able to seek): CAMT.053 or MT940.

    All or nothing: one statement that cannot be trusted refuses the whole file.

    Raises:
        StatementRefused: the file is of no known format or cannot be trusted.
    """
    start = stream.read(SNIFF_BYTES)
    stream.seek(0)
    if not start.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise StatementRefused("empty_file", line=1)
    # Bytes of a UTF-16 file have a zero beside each letter.
    bare = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if bare.startswith(b"<"):
        return list(camt053.read(stream))
    if b":20:" in bare or b":25:" in bare or b":61:" in bare or b":86:" in bare:
        return list(mt940.read(stream))
    raise StatementRefused("unknown_format", line=1)
