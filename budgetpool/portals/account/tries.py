"""How often somebody may try to come in, and how each try is counted.

Nobody locks anybody else out. A try counts for the name that was typed and the network it came
from, together; on a device that knows the name it counts for the device alone. One name has a
wider limit for all strange networks together, so that many of them do not guess faster; who
signed in from a network before is no stranger there. What is counted is what was typed, known or
not, so that no answer tells which addresses have an account.
"""

from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import ngettext

from budgetpool.limits import counters
from budgetpool.limits.counters import Answer, Limit, Try
from budgetpool.portals.account import devices, steady
from budgetpool.portals.components.rate_limits import HOUR, MINUTE, minutes, network_of
from budgetpool.users.models import User

DAY: Final = 24 * HOUR


@dataclass(frozen=True)
class Door:
    """One way to try, with its limits.

    Attributes:
        alone: for one name from one network, or on one device that knows it.
        network: for all names from one network.
        everywhere: for one name from all strange networks together.
    """

    alone: tuple[Limit, ...]
    network: tuple[Limit, ...]
    everywhere: Limit

    def knock(self, request: HttpRequest, name: str) -> Answer:
        """Count one try, and say whether it is allowed."""
        answer = counters.hit(*self._alone(request, name))
        strange = self._strange(request, name)
        if not answer.allowed or not strange:
            return answer
        # Only now: whoever goes on from one network must not close the door for all others.
        wider = counters.hit(*strange)
        if wider.limit == self.everywhere and not wider.allowed and _at_home(request, name):
            return answer
        return wider

    def give_back(self, request: HttpRequest, name: str) -> None:
        """Count a right try as not made."""
        counters.give_back(*self._alone(request, name), *self._strange(request, name))

    def _alone(self, request: HttpRequest, name: str) -> list[Try]:
        name, device = devices.plain(name), devices.known(request, name)
        place = f"device:{device}" if device else f"network:{network_of(request)}"
        return [limit.of(name, place) for limit in self.alone]

    def _strange(self, request: HttpRequest, name: str) -> list[Try]:
        if devices.known(request, name):
            return []
        net = network_of(request)
        return [*(limit.of(net) for limit in self.network), self.everywhere.of(devices.plain(name))]


# A message costs money or is a nuisance; a text message more so.
MAILS: Final = Door(
    alone=(Limit("mail", 3, MINUTE), Limit("mails", 10, HOUR)),
    network=(Limit("mail-network", 20, MINUTE), Limit("mails-network", 100, HOUR)),
    everywhere=Limit("mails-everywhere", 60, HOUR),
)
TEXTS: Final = Door(
    alone=(Limit("text", 3, MINUTE), Limit("texts", 10, HOUR)),
    network=(Limit("text-network", 10, MINUTE), Limit("texts-network", 40, HOUR)),
    everywhere=Limit("texts-everywhere", 30, HOUR),
)
PASSWORDS: Final = Door(
    alone=(Limit("password", 5, 5 * MINUTE), Limit("passwords", 20, HOUR)),
    network=(Limit("password-network", 30, MINUTE),),
    everywhere=Limit("passwords-everywhere", 50, HOUR),
)
SECOND_FACTORS: Final = Door(
    alone=(Limit("second-factor", 5, 5 * MINUTE), Limit("second-factors", 20, HOUR)),
    network=(Limit("second-factor-network", 30, MINUTE),),
    everywhere=Limit("second-factors-everywhere", 50, HOUR),
)
# A code that came by message, in the browser that asked for it.
ENTERED: Final = Limit("code-entered", 3, 15 * MINUTE)
# A code of an app or a spare code opens once: as long as an app's code is valid on any clock.
OPENED: Final = Limit("code-opened", 1, 2 * MINUTE)
# The networks that somebody signed in from.
HOME: Final = Limit("home", 1_000_000, 60 * DAY)


def message(request: HttpRequest, name: str) -> Answer:
    """Count that somebody asks for a message to an e-mail address or a mobile number."""
    answer = (MAILS if "@" in name else TEXTS).knock(request, name)
    if answer.allowed:
        steady.begin(request)
    return answer


def came_in(request: HttpRequest, user: User) -> None:
    """Remember that this person is no stranger on this network."""
    net = network_of(request)
    counters.hit(*(HOME.of(name, net) for name in devices.names(user)))


def too_often(answer: Answer) -> forms.ValidationError:
    """What a form says after the last try that was allowed."""
    wait = minutes(answer)
    text = ngettext(
        "You tried this too often. Wait %(count)s minute, or come in by another way.",
        "You tried this too often. Wait %(count)s minutes, or come in by another way.",
        wait,
    )
    return forms.ValidationError(text % {"count": wait}, code="too_often")


def _at_home(request: HttpRequest, name: str) -> bool:
    return counters.made(HOME.of(devices.plain(name), network_of(request))) > 0
