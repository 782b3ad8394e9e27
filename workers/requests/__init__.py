"""Requests for training: from a first draft to the moment the window closes.

`draft` and `change`, the choices and their cost lines, `gaps`, then `submit`, `withdraw` and
`reopen`. Every verb checks who acts, then the state, and writes in one transaction.
"""

from workers.requests.choices import (
    catalogue_cents,
    choose,
    drop,
    move,
    propose,
    propose_gap_year,
    require_on_offer,
    require_price,
    require_start,
    set_cost,
)
from workers.requests.drafts import change, draft, met, tried
from workers.requests.gaps import Gap, gaps, gaps_of_worker
from workers.requests.reading import latest_of, mine, repairs_pending, seen
from workers.requests.sending import (
    finish_window,
    judge,
    mark_ineligible,
    reopen,
    submit,
    withdraw,
)

__all__ = [
    "Gap",
    "catalogue_cents",
    "change",
    "choose",
    "draft",
    "drop",
    "finish_window",
    "gaps",
    "gaps_of_worker",
    "judge",
    "latest_of",
    "mark_ineligible",
    "met",
    "mine",
    "move",
    "propose",
    "propose_gap_year",
    "reopen",
    "repairs_pending",
    "require_on_offer",
    "require_price",
    "require_start",
    "seen",
    "set_cost",
    "submit",
    "tried",
    "withdraw",
]
