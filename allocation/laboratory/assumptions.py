"""What the laboratory takes for granted beside the workforce, each number with where it is from.

[source] was published; [fitted] makes a published outcome come out; [assumed] is a choice that
nobody measured. docs/laboratory.md says what follows from that.
"""

from typing import Final

# People that a region counts for every request of a round. [assumed; Twente: some 70,000 flex
# workers who are no pupil or student, 1,500 requests: more, but those who never ask change
# nothing]
PEOPLE_PER_REQUEST: Final = 20
# The normal round: EUR 500,000 for 1,500 requests.
CENTS_PER_REQUEST: Final = 33_333

# Somebody who was refused asks again in the next round, or gives up. [assumed]
ASKS_AGAIN: Final = 0.6
# An awarded person who does not finish the training. [assumed: no-shows about 10 %]
DROPS_OUT: Final = 0.10
# Part of the people who leave the flex workforce in a year; as many others come. [assumed]
LEAVES_IN_A_YEAR: Final = 0.15
# Training that an award brings, for as long as "the last two years" look back. [assumed]
AWARD_HOURS: Final = 40
LOOKS_BACK_YEARS: Final = 2
# How many ranked choices a request has: one, two, three. [assumed]
CHOICES: Final = (0.40, 0.35, 0.25)
OWN_SECTOR_FACTOR: Final = 4.0

# The fastest group files after so long, in the middle; times LATER of the workforce. [fitted to
# STAP 2023: the money was gone in 1.5 to 3 hours]
FILES_AFTER_SECONDS: Final = 7_200.0
FILES_SPREAD: Final = 0.9

# 1,000 providers with this popularity: the twenty largest get more than half of the money under
# first come, first served. [fitted to STAP 2022: EUR 104 million of 160 million]
PROVIDERS: Final = 1_000
ZIPF_EXPONENT: Final = 1.4
ZIPF_SHIFT: Final = 3.0
# Largest providers whose courses are online and have no last seat. [source: mass online courses
# with next to no cost for one learner more; how many: assumed]
ONLINE_PROVIDERS: Final = 10
# Weights of the price classes, and euros from and to. [source: mean grant near EUR 800, 70 % below
# EUR 1,000]
PRICE_CLASSES: Final = {
    "short": (0.52, 150, 600),
    "medium": (0.34, 600, 1_500),
    "long": (0.14, 1_500, 3_000),
}
# What prices rise in a year anyway. [assumed]
PRICES_RISE: Final = 0.03

# Providers that game: every second one of the twenty largest. [assumed]
GAMING_RANKS: Final = tuple(range(1, 20, 2))
# Prices "from a few hundred to just under EUR 1,000": half of what is left of the way each year.
# [source for the fact; the speed is assumed]
GAMING_PRICE_CENTS: Final = 99_500
GAMING_STEP: Final = 0.5
# Requests that they recruit by gifts and bonuses, per hundred others; they are filled in
# beforehand and sent in the first minutes. [source for the fact; the number is assumed]
RECRUITED: Final = 0.10
RECRUITS_FILE_WITHIN_SECONDS: Final = 600
