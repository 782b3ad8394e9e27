"""Before somebody starts: which benefit or allowance they have, and whom to call first.

Nothing of this is stored. Rules differ per person: the list says whom to ask, never what happens.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Benefit:
    """One benefit or allowance: its name, what a training can change, and whom to call.

    Attributes:
        phone: a public number; empty where it differs per place.
    """

    code: str
    name: Any
    watch: Any
    call: Any
    phone: str = ""


UWV: Final = "088 898 92 94"
TAX: Final = "0800 05 43"

BENEFITS: Final = (
    Benefit(
        "ww",
        _("WW (you lost your job)"),
        _("You may need permission to learn, and you must keep looking for work."),
        _("Call UWV before you start."),
        UWV,
    ),
    Benefit(
        "ziektewet",
        _("Sickness benefit (Ziektewet)"),
        _("Lessons can be seen as work. Ask what you may do."),
        _("Call UWV before you start."),
        UWV,
    ),
    Benefit(
        "wia",
        _("WIA or WAO"),
        _("A training can lead to a new look at what you can do."),
        _("Call UWV before you start."),
        UWV,
    ),
    Benefit(
        "wajong",
        "Wajong",
        _("School can change your benefit. Help for your training may be possible."),
        _("Call UWV before you start."),
        UWV,
    ),
    Benefit(
        "bijstand",
        _("Social assistance (bijstand)"),
        _("You need permission. Money for travel or wages can count as income."),
        _("Call your contact at the municipality before you start."),
    ),
    Benefit(
        "toeslagen",
        _("Allowance for rent, care or children (toeslagen)"),
        _("Do you earn more or less by this? Then your allowance changes."),
        _("Change your income at Toeslagen, or call the tax line."),
        TAX,
    ),
    Benefit(
        "kinderopvang",
        _("Childcare allowance"),
        _("Other hours of work or lessons change what you get."),
        _("Change your hours at Toeslagen, or call the tax line."),
        TAX,
    ),
    Benefit(
        "duo",
        _("Study finance or a student loan (DUO)"),
        _("With study finance you cannot ask the fund. A loan that you pay back goes on."),
        _("Call DUO if you are not sure."),
        "050 599 77 55",
    ),
    Benefit(
        "debts",
        _("Help with debts (schuldhulp or WSNP)"),
        _("Every change of income must be told."),
        _("Call your debt adviser before you start."),
    ),
)
BY_CODE: Final = {benefit.code: benefit for benefit in BENEFITS}
