"""The signature by which an S3-compatible object store knows who asks (AWS Signature Version 4).

Source: "Signing AWS API requests" in the AWS IAM user guide; its worked examples are our tests.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "s3"


def sha256(data: bytes) -> str:
    """The hash as the protocol writes it: 64 lower-case hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def quoted_path(path: str) -> str:
    """A path as it is sent and signed: everything but letters, digits and `-._~/` is escaped."""
    return quote(path, safe="/-._~")


def quoted_query(query: Mapping[str, str]) -> str:
    """The parameters as they are sent and signed: in the order of their names.

    >>> quoted_query({"prefix": "a b", "list-type": "2"})
    'list-type=2&prefix=a%20b'
    """
    return "&".join(
        f"{quote(name, safe='-._~')}={quote(query[name], safe='-._~')}" for name in sorted(query)
    )


def authorization(
    *,
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body_sha256: str,
    key_id: str,
    secret: str,
    region: str,
    at: datetime,
) -> str:
    """The value of the header `Authorization`.

    Args:
        path: not escaped, beginning with a slash.
        headers: all that are signed, names in lower case, `host` and `x-amz-date` among them.
        at: in UTC; the store refuses what is more than 15 minutes off.
    """
    names = sorted(headers)
    signed = ";".join(names)
    canonical = "\n".join(
        [
            method,
            quoted_path(path),
            quoted_query(query),
            *(f"{name}:{' '.join(headers[name].split())}" for name in names),
            "",
            signed,
            body_sha256,
        ]
    )
    day = at.strftime("%Y%m%d")
    scope = f"{day}/{region}/{SERVICE}/aws4_request"
    moment = at.strftime("%Y%m%dT%H%M%SZ")
    text = "\n".join([ALGORITHM, moment, scope, sha256(canonical.encode())])
    signing_key = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        signing_key = _hmac(signing_key, part)
    signature = _hmac(signing_key, text).hex()
    return f"{ALGORITHM} Credential={key_id}/{scope},SignedHeaders={signed},Signature={signature}"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
