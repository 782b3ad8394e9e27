"""What the fund refuses, for every app: a code, what it speaks about, its words and its status.

    raise NotReady("date_passed", date=day)

A service raises one of four kinds with a code. The words of a code stand once, in the tables of
this package, and `str(refusal)` gives them in the reader's language: pages, the API and commands
all say the same. A new refusal is one row there, and one test that provokes it.
"""

from budgetpool.refusals.kinds import NotAllowed, NotReady, Refusal, TooLate, WrongStep
from budgetpool.refusals.words import SENTENCES, say

__all__ = ["SENTENCES", "NotAllowed", "NotReady", "Refusal", "TooLate", "WrongStep", "say"]
