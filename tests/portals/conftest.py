"""The small world of rounds, for the screens that show it."""

from tests.allocation.conftest import *  # noqa: F403
from tests.employers.conftest import contribution, pledge, receive  # noqa: F401
