"""Machines of one's own on this machine: network namespaces that reach us through a bad line.

A namespace has no road to anything but a relay, which passes bytes on to one port of this machine.
The relay may be slow, may break what is open, and may refuse for a while, as a network does.
"""

import random
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Passes what comes in at an address on to a port of this machine, as well as it wants to."""

    def __init__(self, address: str, target: tuple[str, int], *, port: int = 0) -> None:
        self.target, self.refuses, self.delay_seconds = target, False, 0.0
        self.chance, self.open = random.Random(1), set()
        self.server = socket.create_server((address, port))
        self.address, self.port = self.server.getsockname()[:2]
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self.server.close()
        self.cut()

    def cut(self) -> None:
        """Break every connection that is open, without a good-bye."""
        for one in list(self.open):
            with suppress(OSError):
                # A reset instead of an end: whoever reads is not told that all was sent.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _take(self) -> None:
        while True:
            try:
                caller, _ = self.server.accept()
            except OSError:
                return
            if self.refuses:
                caller.close()
                continue
            threading.Thread(target=self._pass_on, args=[caller], daemon=True).start()

    def _pass_on(self, caller: socket.socket) -> None:
        with suppress(OSError), caller, socket.create_connection(self.target) as there:
            self.open |= {caller, there}
            try:
                while True:
                    for one in select.select([caller, there], [], [])[0]:
                        block = one.recv(65536)
                        if not block:
                            return
                        if self.delay_seconds:
                            time.sleep(self.chance.uniform(0, self.delay_seconds))
                        (there if one is caller else caller).sendall(block)
            finally:
                self.open -= {caller, there}


def are_possible() -> bool:
    """Whether this machine lets us make network namespaces (root, and a kernel that can)."""
    try:
        _ip("netns", "add", "budgetpool-try")
    except (OSError, subprocess.CalledProcessError):
        return False
    _ip("netns", "delete", "budgetpool-try")
    return True


@contextmanager
def namespace(number: int, target: tuple[str, int]) -> Iterator[tuple[list[str], Relay]]:
    """A namespace: what stands before a command to run it there, and the relay that it reaches.

    Args:
        number: from 1 to 250, unlike that of any other that is open on this machine.
    """
    name, ours, theirs = f"budgetpool-{number}", f"bp{number}a", f"bp{number}b"
    with suppress(subprocess.CalledProcessError):
        _ip("netns", "delete", name)
    _ip("netns", "add", name)
    try:
        _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name)
        _ip("address", "add", f"10.77.{number}.1/24", "dev", ours)
        _ip("link", "set", ours, "up")
        inside = ["ip", "netns", "exec", name]
        _run(*inside, "ip", "address", "add", f"10.77.{number}.2/24", "dev", theirs)
        _run(*inside, "ip", "link", "set", theirs, "up")
        _run(*inside, "ip", "link", "set", "lo", "up")
        relay = Relay(f"10.77.{number}.1", target)
        try:
            yield inside, relay
        finally:
            relay.close()
    finally:
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
