"""Requests for training: from a first draft to the moment the window closes.

`draft` and `change`, the choices and their cost lines, `gaps`, then `submit`, `withdraw` and
`reopen`. Every verb checks who acts, then the state, and writes in one transaction.
"""

from workers.requests.choices import choose, drop, move, propose, set_cost
from workers.requests.drafts import change, draft
from workers.requests.gaps import Gap, gaps
from workers.requests.reading import latest_of, mine, of_window, repairs_pending, seen
from workers.requests.sending import (
    finish_window,
    mark_ineligible,
    reopen,
    submit,
    withdraw,
)

__all__ = [
    "Gap",
    "change",
    "choose",
    "draft",
    "drop",
    "finish_window",
    "gaps",
    "latest_of",
    "mark_ineligible",
    "mine",
    "move",
    "of_window",
    "propose",
    "reopen",
    "repairs_pending",
    "seen",
    "set_cost",
    "submit",
    "withdraw",
]
