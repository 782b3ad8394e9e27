"""Put a draft of a rule before the public, answer what people say, and say what it changed.

`begin` by a member of the board → anybody comments until the term ends by the clock → the board
reads, shows or withholds, and answers each comment → `conclude` says which version the board goes
on with. All of it stays public.
"""

from allocation.consultations.answering import answer, show, withhold
from allocation.consultations.beginning import begin
from allocation.consultations.commenting import comment, find_own, take_name_back
from allocation.consultations.concluding import conclude

__all__ = [
    "answer",
    "begin",
    "comment",
    "conclude",
    "find_own",
    "show",
    "take_name_back",
    "withhold",
]
