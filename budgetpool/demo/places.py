"""What the counter keeps around the courses: places to learn at work, a buddy, a first step."""

from typing import Any, Final

from budgetpool.demo import cast
from budgetpool.fund.models import Fund
from workers.around import first_steps
from workers.counter import desk, hosts
from workers.models import Worker

PLACES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "Leerwerkplaats De Werf",
        "municipality": "Hengelo",
        "sector": "C",
        "about": "Lassen, zagen en meten. Je werkt naast iemand die het vak kent.",
        "contact_name": "Bram Bakker",
        "contact_phone": "0740000001",
        "has_trial_day": True,
        "has_weeks": True,
        "has_gap_year": True,
    },
    {
        "name": "Distributiecentrum Twentekanaal",
        "municipality": "Almelo",
        "sector": "H",
        "about": "Orders klaarzetten, heftruck en planning. Een dag meelopen kan elke dinsdag.",
        "contact_name": "Samira Said",
        "contact_email": "samira@plek.example",
        "has_trial_day": True,
    },
    {
        "name": "Zorghuis Het Veen",
        "municipality": "Enschede",
        "sector": "Q",
        "about": "Helpen bij eten, wassen en een praatje. Je leert wat zorg is, met een maatje.",
        "contact_name": "Carla Colijn",
        "contact_phone": "0530000002",
        "has_weeks": True,
        "has_gap_year": True,
    },
)


def add(fund: Fund) -> None:
    """Three places with a contact, a buddy, and somebody who asks for a day at the first."""
    adviser = cast.account(cast.ADVISER)
    made = [hosts.add(adviser=adviser, region=fund.region, **place) for place in PLACES]
    desk.add_companion(
        adviser=adviser,
        region=fund.region,
        kind="buddy",
        name="Bea Buddy",
        phone="0612345670",
        is_trained=True,
    )
    worker = Worker.objects.filter(region=fund.region, user__isnull=False).order_by("pk").first()
    if worker is not None and worker.user is not None:
        first_steps.ask(actor=worker.user, worker=worker, host=made[0], kind="day")
