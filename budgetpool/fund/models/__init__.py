"""Regions, their funds, the funds' accounts and the transfers between them."""

from budgetpool.fund.models.account import Account, AccountDay
from budgetpool.fund.models.fund import Fund, FundIban
from budgetpool.fund.models.period import PeriodStep
from budgetpool.fund.models.region import Region, Seat
from budgetpool.fund.models.seat_change import SeatChange
from budgetpool.fund.models.transfer import Transfer

__all__ = [
    "Account",
    "AccountDay",
    "Fund",
    "FundIban",
    "PeriodStep",
    "Region",
    "Seat",
    "SeatChange",
    "Transfer",
]
