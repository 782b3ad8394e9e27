"""Who the flex workers of a region are: published shares, and who of them asks how soon.

Sourced shares: contract mix (CBS 2024, on-call and agency), education by contract (SEO
Uitzendmonitor 2022, CBS longread 2019), training in the last two years by contract (CBS 2019).
Pupils and students are left out. Of the eligible workforce 23 % are low educated, as in the
population (Court of Audit on STAP, 2023).

`ASKS` and `LATER` are published by nobody: they are fitted to one published outcome, that under
first come, first served about 10 % of the awards go to the low educated. The other shares are
assumptions.
"""

import numpy as np
import pandas as pd

CONTRACTS = {  # share of the flex workforce; share of it that is pupil or student
    "on_call": (0.35, 0.55),
    "agency": (0.13, 0.18),
    "temp_prospect": (0.20, 0.0),
    "temp_long": (0.13, 0.0),
    "temp_short": (0.09, 0.0),
    "no_fixed_hours": (0.10, 0.0),
}
EDUCATION_BY_CONTRACT = {  # low (vmbo, mbo 1), middle (mbo 2 to 4), high (hbo, wo)
    "on_call": (0.35, 0.50, 0.15),
    "agency": (0.31, 0.51, 0.18),
    "temp_prospect": (0.15, 0.43, 0.42),
    "temp_long": (0.15, 0.39, 0.46),
    "temp_short": (0.20, 0.45, 0.35),
    "no_fixed_hours": (0.27, 0.50, 0.23),
}
DIPLOMAS = {
    "low": {"vmbo": 0.7, "mbo1": 0.3},
    "middle": {"mbo2": 0.35, "mbo3": 0.25, "mbo4": 0.40},
    "high": {"hbo": 0.7, "wo": 0.3},
}
TRAINED_BY_CONTRACT = {
    "on_call": 0.292,
    "agency": 0.340,
    "temp_prospect": 0.536,
    "temp_long": 0.509,
    "temp_short": 0.357,
    "no_fixed_hours": 0.242,
}
TRAINED_FACTOR = {"low": 0.75, "middle": 1.0, "high": 1.15}
# How much likelier somebody asks at all, and how many times later than the
# fastest group: together they are the reach bias of a race.
ASKS = {"low": 0.85, "middle": 1.0, "high": 1.05}
ASKS_IF_TRAINED = 1.3
LATER = {"low": 2.4, "middle": 1.3, "high": 1.0}
LATER_IF_UNTRAINED = 1.2
SECTORS = {  # SBI 2008 section of the worker's present work
    "N": 0.17, "G": 0.19, "I": 0.15, "Q": 0.14, "H": 0.12, "C": 0.10,
    "F": 0.05, "P": 0.03, "R": 0.03, "J": 0.01, "A": 0.01,
}  # fmt: skip


def eligible_workforce() -> pd.DataFrame:
    """Give the shares of the flex workforce that may ask: all but pupils and students.

    One row per `contract`, `education_level`, `education` and `trained` (yes,
    no), with its `share` (they sum to 1) and `asks`, the weight of somebody
    like that among those who file a request.
    """
    rows = []
    for contract, (share, students) in CONTRACTS.items():
        for level, of_level in zip(DIPLOMAS, EDUCATION_BY_CONTRACT[contract], strict=True):
            p_trained = TRAINED_BY_CONTRACT[contract] * TRAINED_FACTOR[level]
            for diploma, of_diploma in DIPLOMAS[level].items():
                cell = share * (1 - students) * of_level * of_diploma
                rows.append((contract, level, diploma, "yes", cell * p_trained))
                rows.append((contract, level, diploma, "no", cell * (1 - p_trained)))
    table = pd.DataFrame(
        rows, columns=["contract", "education_level", "education", "trained", "share"]
    )
    table["share"] /= table["share"].sum()
    table["asks"] = table["education_level"].map(ASKS) * np.where(
        table["trained"] == "yes", ASKS_IF_TRAINED, 1.0
    )
    return table
