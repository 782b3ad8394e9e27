"""The other side of client.py: read one task, do it, answer on a pipe."""

import pickle
import resource
import time
import traceback
from typing import Any

from allocation.optimiser.backend import Backend
from allocation.optimiser.errors import StoppedEarly
from allocation.optimiser.process import wire
from allocation.optimiser.stages import order


def serve(receive: int, send: int) -> None:
    """Do what comes in on the descriptor `receive`; write the answers to `send`.

    Without a function a model is divided; else the function is called with its arguments and with
    what tells of progress.

    The answers (wire.py) are `progress` with an event, `outcome`, and `stopped` with a reason and
    what is known of it.
    """
    with open(receive, "rb") as task:
        function, arguments, memory_bytes, seconds = pickle.load(task)  # noqa: S301
    begun = time.monotonic()
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))

    def answer(kind: str, content: Any) -> None:
        wire.send(send, kind, content)

    def tell(event: dict[str, Any]) -> None:
        answer("progress", event)

    try:
        if function is None:
            model, solver, lots = arguments
            outcome: Any = order.solve(model, Backend(solver, seconds, begun), tell, lots)
        else:
            outcome = function(*arguments, tell)
    except StoppedEarly as stop:
        answer("stopped", (stop.reason, stop.progress))
    except MemoryError:
        answer("stopped", ("memory_limit", {}))
    except Exception as error:  # whatever it is, the other side must hear of it
        known = {"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}
        answer("stopped", ("unexpected_error", known))
    else:
        answer("outcome", outcome)
