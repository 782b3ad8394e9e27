"""The life of a round, one verb per step; `steps.py` is the table of what is possible when.

Read a call as a sentence: `rounds.open(round=..., member=...)`, `rounds.publish(...)`.
"""

from allocation.rounds.adjusting import adjust, withdraw_adjustment
from allocation.rounds.closing import close
from allocation.rounds.drafting import change, draft, plan
from allocation.rounds.drawing import record_draw
from allocation.rounds.ending import cancel, finish
from allocation.rounds.explaining import explain
from allocation.rounds.four_eyes import take_back
from allocation.rounds.opening import open
from allocation.rounds.publishing import publish
from allocation.rounds.scenarios import compute
from allocation.rounds.signing import declare_interest, propose, send_back, sign

__all__ = [
    "adjust",
    "cancel",
    "change",
    "close",
    "compute",
    "declare_interest",
    "draft",
    "explain",
    "finish",
    "open",
    "plan",
    "propose",
    "publish",
    "record_draw",
    "send_back",
    "sign",
    "take_back",
    "withdraw_adjustment",
]
