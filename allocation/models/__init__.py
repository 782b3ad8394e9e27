"""Policies, rounds, scenarios, decisions, awards and objections."""

from allocation.models.decision import Award, Decision
from allocation.models.objection import Objection
from allocation.models.policy import Policy
from allocation.models.round import Interest, PseudonymKey, Round, RoundPool, Signature, Snapshot
from allocation.models.scenario import Adjustment, Scenario

__all__ = [
    "Adjustment",
    "Award",
    "Decision",
    "Interest",
    "Objection",
    "Policy",
    "PseudonymKey",
    "Round",
    "RoundPool",
    "Scenario",
    "Signature",
    "Snapshot",
]
