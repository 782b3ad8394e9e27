"""A process that posts batch after batch until it is killed: `python -m tests.fund.poster SEED`.

Each batch is a deposit that goes on through the pool to a round, in one `post_many`.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from budgetpool.fund import ledger  # noqa: E402
from budgetpool.fund.models import Account, Fund, Region  # noqa: E402

STEPS = (("bank", "employer"), ("employer", "pool"), ("pool", "round"))


def main(seed):
    region, _ = Region.objects.get_or_create(
        code="R", defaults={"name": "R", "slug": "r", "valid_from": 2015}
    )
    fund, _ = Fund.objects.get_or_create(region=region, defaults={"name": "Fund"})
    accounts = {
        kind: ledger.open_account(fund=fund, kind=Account.Kind(kind), code=kind)
        for kind in ("bank", "employer", "pool", "round")
    }
    print("ready", flush=True)
    for batch in range(100_000):
        ledger.post_many(
            ledger.Entry(
                debit=accounts[debit],
                credit=accounts[credit],
                amount=10,
                memo="x",
                reference=f"{seed}:{batch}:{copy}:{debit}",
            )
            for copy in range(20)
            for debit, credit in STEPS
        )
        print(batch, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
