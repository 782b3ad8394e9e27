"""Send to an address of somebody else, and never to a machine inside our own network.

The name is looked up once for each try; every address that it has must be public, and the
connection goes to the address that was checked, not to the name. A redirect is not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT_SECONDS: Final = 10
# The whole try, however slowly the other side talks.
LONGEST_SECONDS: Final = 20
# IPv6 addresses that carry an IPv4 address to another network.
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class NotSent(Exception):
    """There was no answer; `problem` is a code for the log of deliveries."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def parts_of(url: str) -> SplitResult:
    """The parts of an address that may be told something.

    Raises:
        NotSent: `not_https`, or `not_an_address`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotSent("not_an_address") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and _may_be_inside()):
        raise NotSent("not_https")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise NotSent("not_an_address")
    if port == 0 or any(ord(sign) <= 32 or ord(sign) >= 127 for sign in url):
        raise NotSent("not_an_address")
    return parts


def checked(parts: SplitResult) -> str:
    """The one address to connect to.

    Raises:
        NotSent: `name_unknown`; `address_not_public`, when any address of the name is not.
    """
    host, port = str(parts.hostname), parts.port or _port(parts)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent("name_unknown") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise NotSent("name_unknown")
    if not _may_be_inside() and not all(map(is_public, addresses)):
        raise NotSent("address_not_public")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet, and to no network of our own."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def post(url: str, body: str, headers: dict[str, str]) -> int:
    """Send a body once; gives the status of the answer, whose text nobody reads.

    Raises:
        NotSent: see above; `timeout`, `no_connection`, `no_answer`, `certificate`.
    """
    parts = parts_of(url)
    address = checked(parts)
    connection = _Pinned(parts, address)
    watchdog = threading.Timer(LONGEST_SECONDS, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body=body.encode(), headers=headers)
        return connection.getresponse().status
    except ssl.SSLError:
        raise NotSent("timeout" if connection.was_cut else "certificate") from None
    except TimeoutError:
        raise NotSent("timeout") from None
    except OSError:
        raise NotSent("timeout" if connection.was_cut else "no_connection") from None
    except (http.client.HTTPException, ValueError):
        raise NotSent("timeout" if connection.was_cut else "no_answer") from None
    finally:
        watchdog.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to a checked address, with the name for its certificate and `Host`."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(str(parts.hostname), parts.port or _port(parts), timeout=TIMEOUT_SECONDS)
        self.default_port = _port(parts)  # for `Host`
        self.parts, self.address, self.was_cut = parts, address, False

    def connect(self) -> None:
        # `create_connection` looks up nothing for an address; there is no proxy in between.
        plain = socket.create_connection((self.address, self.port), timeout=TIMEOUT_SECONDS)
        self.sock = plain
        if self.parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.parts.hostname)

    def cut(self) -> None:
        self.was_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _may_be_inside() -> bool:
    """Only tests, whose receivers are on this machine."""
    return bool(settings.WEBHOOKS_MAY_BE_INSIDE)
