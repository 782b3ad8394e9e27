"""Erase a person: everything that no law says to keep, at once, and provably.

What stays has no name any more: requests with a decision, and the payments of an award (Awb
4:49 and 4:57 ask for five years, the tax law for seven). The trail of who did what names people
by key only, and stays.
"""

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.mail import outbox
from budgetpool.mail.models import Message
from budgetpool.users import phones
from budgetpool.users.models import PhoneNumber, SignInLink, User
from workers import letters
from workers.data.destroying import destroy, destroy_files
from workers.errors import NotYours, WrongState
from workers.models import (
    CaseNote,
    Document,
    HelpRequest,
    Intake,
    Referral,
    Reflection,
    TrainingRequest,
    Worker,
)

RULE: Final = "erased on request (GDPR article 17)"
LIVE: Final = (TrainingRequest.Status.DRAFT, TrainingRequest.Status.SUBMITTED)


@transaction.atomic
def erase(*, actor: User, worker: Worker, keep_requests: set[int], keep_until: date | None) -> None:
    """Erase a worker, on their own word; they get one last message.

    Args:
        keep_requests: keys of requests that upper layers must keep (with a decision).
        keep_until: until when those are kept; told to the person.

    Raises:
        NotYours: somebody else than the worker.
        WrongState: a request is still running; withdraw it, or wait for the decision.
    """
    if worker.user_id is None or worker.user_id != actor.pk:
        raise NotYours(act="erase")
    worker = Worker.objects.select_for_update(of=("self",)).get(pk=worker.pk)
    running = worker.requests.filter(status__in=LIVE).exclude(pk__in=keep_requests).first()
    if running is not None and running.status == TrainingRequest.Status.SUBMITTED:
        raise WrongState(request=running.reference, status=running.status, step="erase")
    outbox.queue(
        key=f"worker:{worker.pk}:erased",
        kind="data_erased",
        to=letters.address(worker),
        params={
            "kept_until": keep_until.isoformat() if keep_until and keep_requests else "",
            **letters.fund_params(worker.region),
        },
    )
    user = worker.user
    assert user is not None
    destroy(category="documents", rule=RULE, rows=Document.objects.filter(request__worker=worker))
    for model, category in (
        (Intake, "intakes"),
        (Reflection, "reflections"),
        (CaseNote, "notes"),
        (Referral, "referrals"),
        (HelpRequest, "help_requests"),
    ):
        destroy(category=category, rule=RULE, rows=model._default_manager.filter(worker=worker))
    destroy(category="requests", rule=RULE, rows=worker.requests.exclude(pk__in=keep_requests))
    worker.requests.update(goal="")
    worker.mandates.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    _silence(worker, user)
    _empty(worker)
    _close(user)
    trail.record(
        actor=actor, action="worker.erased", subject=worker, region_code=worker.region.code
    )


def _silence(worker: Worker, user: User) -> None:
    """What was to be sent is not sent any more; of what was sent no address and no letter stays."""
    numbers = {worker.phone, user.phone}
    addresses = {worker.email, worker.address, user.email, *numbers, *map(_number, numbers)} - {""}
    theirs = Message.objects.filter(Q(user=user) | Q(to__in=addresses)).exclude(kind="data_erased")
    unsent = theirs.exclude(state=Message.State.SENT)
    destroy(category="messages", rule=RULE, rows=unsent)
    destroy_files(category="letters", rule=RULE, rows=theirs, field="letter")
    theirs.update(to="", to_name="", params={}, user=None)


def _number(text: str) -> str:
    """A phone number as the queue writes it."""
    try:
        return phones.normal(text)
    except phones.NotAMobileNumber:
        return ""


def _empty(worker: Worker) -> None:
    """The row stays for the requests that point at it; nothing in it tells who it was."""
    for field in ("name", "address", "email", "phone", "municipality"):
        setattr(worker, field, "")
    worker.birth_date = None
    worker.erased_at = timezone.now()
    worker.user = None
    worker.companions.clear()
    worker.full_clean()
    worker.save()


def _close(user: User) -> None:
    """The account stays as a key in the trail, without name, address or a way in."""
    user.name = "-"
    user.email = f"erased-{user.pk}@erased.invalid"
    user.phone = ""
    PhoneNumber.objects.filter(user=user).delete()
    SignInLink.objects.filter(user=user).delete()
    user.is_active = False
    user.set_unusable_password()
    user.save()
