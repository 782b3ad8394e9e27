"""The other side of process.py: read one model, solve it, answer on a pipe."""

import os
import pickle
import resource
import traceback
from typing import Any

from . import stages
from .core import Backend
from .errors import StoppedEarly

HEADER_BYTES = 8


def serve(receive: int, send: int) -> None:
    """Solve what comes in on the descriptor `receive`; write the answers to `send`.

    An answer is its length in eight bytes and a pickled (kind, content): `progress` with an
    event, `outcome`, or `stopped` with a reason and what is known of it.
    """
    with open(receive, "rb") as task:
        model, solver, memory_bytes, seconds = pickle.load(task)  # noqa: S301
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))

    def answer(kind: str, content: Any) -> None:
        message = pickle.dumps((kind, content), protocol=pickle.HIGHEST_PROTOCOL)
        data = len(message).to_bytes(HEADER_BYTES, "big") + message
        while data:
            data = data[os.write(send, data) :]

    try:
        backend = Backend(solver, seconds)
        outcome = stages.solve(model, backend, lambda event: answer("progress", event))
    except StoppedEarly as stop:
        answer("stopped", (stop.reason, stop.progress))
    except MemoryError:
        answer("stopped", ("memory_limit", {}))
    except Exception as error:  # whatever it is, the other side must hear of it
        known = {"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}
        answer("stopped", ("unexpected_error", known))
    else:
        answer("outcome", outcome)
