"""Employers, what they promise, what they are asked to pay and what they paid."""

from employers.models.charge import Charge
from employers.models.contribution import Contribution, Reminder
from employers.models.deposit import Deposit, DepositMatch, Refund
from employers.models.employer import Employer, EmployerIban, EmployerMember, Invitation
from employers.models.outreach import Certificate, InviteCode, MirrorAnswers, SkillDemand
from employers.models.pledge import ContributionRule, Earmark, Pledge

__all__ = [
    "Certificate",
    "Charge",
    "Contribution",
    "ContributionRule",
    "Deposit",
    "DepositMatch",
    "Earmark",
    "Employer",
    "EmployerIban",
    "EmployerMember",
    "Invitation",
    "InviteCode",
    "MirrorAnswers",
    "Pledge",
    "Refund",
    "Reminder",
    "SkillDemand",
]
