"""Workers, their requests, and what the counter keeps about them."""

from workers.models.counter import (
    AdviserInterest,
    CaseNote,
    Companion,
    HelpRequest,
    Mandate,
    OutreachCode,
    PossibleDouble,
    Referral,
)
from workers.models.demand import UnmetSearch
from workers.models.files import Document
from workers.models.helping import Helper
from workers.models.hosts import FirstStep, Host
from workers.models.intake import Intake, Reflection
from workers.models.peers import Peer, PeerGroup
from workers.models.requests import Choice, CostLine, TrainingRequest
from workers.models.retention import Destruction, FollowUp
from workers.models.strengths import Arrangement, Story, Strengths
from workers.models.window import Window
from workers.models.worker import Worker

__all__ = [
    "AdviserInterest",
    "Arrangement",
    "CaseNote",
    "Choice",
    "Companion",
    "CostLine",
    "Destruction",
    "Document",
    "FirstStep",
    "FollowUp",
    "HelpRequest",
    "Helper",
    "Host",
    "Intake",
    "Mandate",
    "OutreachCode",
    "Peer",
    "PeerGroup",
    "PossibleDouble",
    "Referral",
    "Reflection",
    "Story",
    "Strengths",
    "TrainingRequest",
    "UnmetSearch",
    "Window",
    "Worker",
]
