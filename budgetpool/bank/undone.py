"""The transfers of parts of payments that were undone, for the facts of what they explained.

What a part was for may have been paid by another line since; so each undone part tells its own
transfer and the correction of it.
"""

from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When

from budgetpool.bank.models import UndonePart
from budgetpool.fund.facts import account, tell

NO_MEMO = Value(None, output_field=CharField())


def told(prefix: str) -> list[QuerySet[Any, Any]]:
    """Per undone part whose reference begins like this: its transfer, and the correction."""
    rows = UndonePart.objects.filter(reference__startswith=prefix).annotate(
        unexplained=account(fund="part__entry__fund", code=["unexplained"])
    )
    return [
        tell(
            rows,
            reference=[F("reference")],
            amount="part__amount_cents",
            debit=F("account"),
            credit=F("unexplained"),
            memo=NO_MEMO,
            day=Case(When(part__is_late=False, then=F("part__entry__date")), default=None),
        ),
        tell(
            rows,
            reference=[F("reference"), ":corrected"],
            amount="part__amount_cents",
            debit=F("unexplained"),
            credit=F("account"),
            memo="correction",
        ),
    ]
