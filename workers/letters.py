"""How to reach a worker, and what the messages about a request say."""

from collections.abc import Iterable
from typing import Any

from budgetpool.fund.models import Fund, Region
from budgetpool.mail.outbox import Address
from workers.models import Choice, TrainingRequest, Worker


def address(worker: Worker) -> Address:
    """Where messages for a worker go: e-mail, else a text message, else a letter."""
    return Address(
        name=worker.name,
        email=worker.email,
        phone=worker.phone,
        post=worker.address,
        language=worker.language,
        user=worker.user,
    )


def key_of_helpers(worker: Worker) -> str:
    """How the keys of messages to a worker's own helpers begin; they name the worker."""
    return f"worker:{worker.pk}:helper:"


def params(request: TrainingRequest, choices: Iterable[Choice] | None = None) -> dict[str, Any]:
    """What every message about a request may show; JSON values only.

    Args:
        choices: its choices, where they were read already.
    """
    fund = request.window.fund
    chosen = request.choices.all() if choices is None else choices
    return {
        "reference": request.reference,
        "window": request.window.code,
        "closes_at": request.window.closes_at.isoformat(),
        "decision_by": request.window.decision_by.isoformat(),
        "submitted_at": request.submitted_at.isoformat() if request.submitted_at else "",
        "repair_until": request.repair_until.isoformat() if request.repair_until else "",
        "reason": request.reason,
        "reason_params": request.reason_params,
        "choices": [choice.title for choice in chosen],
        "fund": fund.name,
        "fund_phone": fund.contact_phone,
    }


def fund_params(region: Region) -> dict[str, Any]:
    """The sender of a message that is about no request: the region's fund."""
    fund = Fund.objects.filter(region=region).first()
    if fund is None:
        return {}
    return {"fund": fund.name, "fund_phone": fund.contact_phone}
