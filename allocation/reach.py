"""Which channel reaches people: visits, requests begun and sent, awards, per outreach code."""

from collections import Counter
from dataclasses import dataclass

from allocation.models import Award
from budgetpool.fund.models import Region
from employers.models import InviteCode
from workers.models import OutreachCode, TrainingRequest


@dataclass(frozen=True)
class Reach:
    """What one code brought.

    Attributes:
        visits: None for the requests that came without a code.
        ended: the code leads nowhere any more.
    """

    code: str
    channel: str
    maker: str
    visits: int | None
    begun: int
    sent: int
    awarded: int
    ended: bool = False


def of(region: Region) -> list[Reach]:
    """Every code of a region, the counter's and the employers', and the requests without one."""
    requests = TrainingRequest.objects.filter(window__fund__region=region)
    begun = Counter(requests.values_list("outreach_code", flat=True))
    sent = Counter(
        requests.filter(submitted_at__isnull=False).values_list("outreach_code", flat=True)
    )
    awarded = Counter(
        Award.objects.filter(round__fund__region=region).values_list(
            "request__outreach_code", flat=True
        )
    )
    known = [
        *((one.code, one.channel, "", one.visits_count, one.ended_at is not None)
          for one in OutreachCode.objects.filter(region=region)),
        *((one.code, one.channel, one.employer.name, one.visits_count, one.ended_at is not None)
          for one in InviteCode.objects.filter(fund__region=region).select_related("employer")),
    ]  # fmt: skip
    rows = [
        Reach(code, channel, maker, visits, begun[code], sent[code], awarded[code], ended)
        for code, channel, maker, visits, ended in known
    ]
    rows.sort(key=lambda row: (-row.sent, -row.begun, -(row.visits or 0), row.code))
    return [*rows, Reach("", "", "", None, begun[""], sent[""], awarded[""])]
