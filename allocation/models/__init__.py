"""Policies, rounds, scenarios, decisions, awards, objections and payouts."""

from allocation.models.blind import BlindJudgement
from allocation.models.consent import Consent
from allocation.models.consultation import Comment, Consultation
from allocation.models.decision import Award, Decision
from allocation.models.objection import Objection
from allocation.models.odds import Odds, OddsClass
from allocation.models.payee import Payee
from allocation.models.payouts import Invoice, PaymentBatch, PaymentReport, Payout
from allocation.models.policy import Policy
from allocation.models.proof import PaperSignature, Proof
from allocation.models.recoveries import (
    Exclusion,
    ProviderDropout,
    Recovery,
    RecoveryReceipt,
    Replacement,
)
from allocation.models.round import Interest, PseudonymKey, Round, RoundPool, Signature, Snapshot
from allocation.models.scenario import Adjustment, Explanation, Scenario, Verdict
from allocation.models.school import AttendanceWeek, EditionCancellation, EditionMove, Place

__all__ = [
    "Adjustment",
    "AttendanceWeek",
    "Award",
    "BlindJudgement",
    "Comment",
    "Consent",
    "Consultation",
    "Decision",
    "EditionCancellation",
    "EditionMove",
    "Exclusion",
    "Explanation",
    "Interest",
    "Invoice",
    "Objection",
    "Odds",
    "OddsClass",
    "PaperSignature",
    "Payee",
    "PaymentBatch",
    "PaymentReport",
    "Payout",
    "Place",
    "Policy",
    "Proof",
    "ProviderDropout",
    "PseudonymKey",
    "Recovery",
    "RecoveryReceipt",
    "Replacement",
    "Round",
    "RoundPool",
    "Scenario",
    "Signature",
    "Snapshot",
    "Verdict",
]
