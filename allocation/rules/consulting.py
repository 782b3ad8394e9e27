"""Which rules of division the public was asked about, and which it must be asked about."""

from django.utils import timezone

from allocation.models import Consultation, Policy
from budgetpool.refusals import NotReady


def require_consulted(policy: Policy) -> None:
    """Refuse to fix a rule before the public had its say, where the region's rules ask for it.

    A version that a concluded consultation led to was before the public too. A version that is
    before the public now stays open for the whole term that was promised, in every region.

    Raises:
        NotReady: `consultation_runs`, `not_consulted`.
    """
    if policy.frozen_at is not None:
        return
    running = Consultation.objects.filter(policy=policy, closes_at__gt=timezone.now()).first()
    if running is not None:
        raise NotReady(
            "consultation_runs", policy=str(policy), closed_at=running.closes_at.isoformat()
        )
    if policy.fund.consultation_days and not led_to(policy):
        raise NotReady("not_consulted", policy=str(policy), least=policy.fund.consultation_days)


def led_to(policy: Policy) -> bool:
    """Whether a consultation was concluded with this version."""
    return Consultation.objects.filter(outcome=policy, concluded_at__isnull=False).exists()
