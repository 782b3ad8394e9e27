"""A gunicorn worker that lets no slow client hold a thread.

One loop per process receives every request, however slowly it comes, and hands it to a thread
only when it is whole; a thread's answer is sent by the same loop. Gunicorn starts, watches and
replaces the processes, waitress does the receiving and sending.
"""

import os
import time
from typing import Any, Final

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.server import create_server

# A bank statement may have 100 MB; each view bounds what it takes itself.
MOST_BYTES: Final = 128 * 1024 * 1024
# What is larger waits on disk, so that a thousand half-sent files do not fill the memory.
MOST_BYTES_IN_MEMORY: Final = 64 * 1024
# Who says nothing for so long is let go.
IDLE_SECONDS: Final = 30
WAKES: Final = 1.0


class PatientWorker(Worker):
    """Receives requests in one loop and answers them with `--threads` threads."""

    def run(self) -> None:
        """Serve until the arbiter asks to stop; then finish what was begun."""
        sockets: dict[int, Any] = {}
        server = create_server(
            self.wsgi,
            map=sockets,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            connection_limit=self.cfg.worker_connections,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_body_size=MOST_BYTES,
            inbuf_overflow=MOST_BYTES_IN_MEMORY,
            # The settings say how many proxies are trusted.
            clear_untrusted_proxy_headers=False,
            ident=None,
            asyncore_use_poll=True,
        )
        while self.alive and self._has_parent():
            self._turn(sockets)
        self._finish(server, sockets)

    def _turn(self, sockets: dict[int, Any]) -> None:
        self.notify()
        wasyncore.loop(timeout=WAKES, map=sockets, use_poll=True, count=1)

    def _has_parent(self) -> bool:
        return bool(self.ppid == os.getppid())

    def _finish(self, server: Any, sockets: dict[int, Any]) -> None:
        """Take no new connection, answer every request that has come in whole, and let go."""
        listening = [one for one in sockets.values() if hasattr(one, "active_channels")]
        for one in listening:
            one.accepting = False
        until = time.monotonic() + self.cfg.graceful_timeout
        while any(_busy(one) for one in listening) and time.monotonic() < until:
            self._turn(sockets)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


def _busy(listener: Any) -> bool:
    """Whether somebody's request is being answered, or an answer is still on its way."""
    return any(
        channel.requests or channel.total_outbufs_len
        for channel in listener.active_channels.values()
    )
