"""What a round leaves out when it closes: requests that its fund may not pay for."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from budgetpool.mail import outbox
from workers import letters
from workers.models import TrainingRequest
from workers.requests.drafts import noted


@transaction.atomic
def leave_out(*, request: TrainingRequest, reason: str, **params: Any) -> TrainingRequest:
    """Mark a sent request as not possible when its round closes; there is nothing to mend.

    The caller has checked why. The worker gets a letter with the reason.
    """
    fresh = (
        TrainingRequest.objects.select_for_update(of=("self",))
        .select_related("worker__region", "window__fund")
        .get(pk=request.pk)
    )
    fresh.status = TrainingRequest.Status.INELIGIBLE
    fresh.reason, fresh.reason_params, fresh.repair_until = reason, params, None
    fresh.full_clean()
    fresh.save()
    noted(actor=None, request=fresh, action="request.ineligible", reason=reason)
    outbox.queue(
        key=f"request:{fresh.pk}:left-out:{timezone.now().isoformat()}",
        kind="request_not_possible",
        to=letters.address(fresh.worker),
        params=letters.params(fresh),
    )
    return fresh
