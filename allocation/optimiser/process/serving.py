"""The other side of client.py: read one model, solve it, answer on a pipe."""

import pickle
import resource
import traceback
from typing import Any

from allocation.optimiser.backend import Backend
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.process import wire
from allocation.optimiser.stages import order


def serve(receive: int, send: int) -> None:
    """Solve what comes in on the descriptor `receive`; write the answers to `send`.

    The answers (wire.py) are `progress` with an event, `outcome`, and `stopped` with a reason and
    what is known of it.
    """
    with open(receive, "rb") as task:
        model, solver, memory_bytes, seconds, lots = pickle.load(task)  # noqa: S301
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))

    def answer(kind: str, content: Any) -> None:
        wire.send(send, kind, content)

    try:
        backend = Backend(solver, seconds)
        outcome = order.solve(model, backend, lambda event: answer("progress", event), lots)
    except StoppedEarly as stop:
        answer("stopped", (stop.reason, stop.progress))
    except MemoryError:
        answer("stopped", ("memory_limit", {}))
    except Exception as error:  # whatever it is, the other side must hear of it
        known = {"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}
        answer("stopped", ("unexpected_error", known))
    else:
        answer("outcome", outcome)
