"""Erase a person: everything that no law says to keep, at once, and provably.

What stays has no name any more: requests with a decision, and the payments of an award (Awb
4:49 and 4:57 ask for five years, the tax law for seven). The trail of who did what names people
by key only, and stays.
"""

from datetime import date
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from budgetpool.audit import trail
from budgetpool.fund import seats
from budgetpool.mail import outbox
from budgetpool.mail.models import Message
from budgetpool.refusals import NotAllowed, NotReady, WrongStep
from budgetpool.register import seats as provider_seats
from budgetpool.users import phones
from budgetpool.users.models import PhoneNumber, SignInLink, User
from employers.access import places_of
from workers import letters
from workers.data.destroying import destroy, destroy_files, log
from workers.models import (
    Arrangement,
    CaseNote,
    Document,
    FirstStep,
    Helper,
    HelpRequest,
    Intake,
    Peer,
    Referral,
    Reflection,
    Story,
    Strengths,
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
        HoldsSeat: the person has a place that others count on, and hands it over first.
        WrongState: a request is still running; withdraw it, or wait for the decision.
    """
    if worker.user_id is None or worker.user_id != actor.pk:
        raise NotAllowed("not_yours", act="erase")
    held = _held(actor)
    if held:
        raise NotReady("holds_seat", seats=held)
    worker = Worker.objects.select_for_update(of=("self",)).get(pk=worker.pk)
    running = worker.requests.filter(status__in=LIVE).exclude(pk__in=keep_requests).first()
    if running is not None and running.status == TrainingRequest.Status.SUBMITTED:
        raise WrongStep(
            "wrong_state", request=running.reference, status=running.status, step="erase"
        )
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
    _strip(worker, RULE, keep_requests)
    _close(user)
    trail.record(
        actor=actor, action="worker.erased", subject=worker, region_code=worker.region.code
    )


@transaction.atomic
def forget(*, category: str, rule: str, rows: QuerySet[Worker]) -> int:
    """Take the names from files that ended long ago, with one line in the log of destructions.

    Requests with a decision stay without a name, as after `erase`. An account that its owner
    still needs for something else (a seat, an employer's place) stays.

    Returns:
        How many people were forgotten.
    """
    workers = list(rows.select_related("user", "region").order_by("pk"))
    for worker in workers:
        user, kept = worker.user, set(worker.requests.values_list("pk", flat=True))
        _strip(worker, rule, kept)
        if user is not None and not (user.is_staff or _held(user)):
            _close(user)
        trail.record(
            actor=None, action="worker.forgotten", subject=worker, region_code=worker.region.code
        )
    if workers:
        log(category, rule, [worker.pk for worker in workers])
    return len(workers)


def _held(user: User) -> list[str]:
    """The places of a person that others count on: seats, an employer's, a school's."""
    return [
        *(f"{seat.get_role_display()} ({seat.region.name})" for seat in seats.held_by(user)),
        *(place.employer.name for place in places_of(user)),
        *(seat.provider.name for seat in provider_seats.held_by(user)),
    ]


def _strip(worker: Worker, rule: str, keep_requests: set[int]) -> None:
    """Destroy everything about a person, but for the bare requests that must stay."""
    destroy(category="documents", rule=rule, rows=Document.objects.filter(request__worker=worker))
    for model, category in (
        (Intake, "intakes"),
        (Reflection, "reflections"),
        (CaseNote, "notes"),
        (Referral, "referrals"),
        (HelpRequest, "help_requests"),
        (Helper, "helpers"),
        (Strengths, "strengths"),
        (Story, "stories"),
        (FirstStep, "first_steps"),
        (Peer, "peers"),
    ):
        destroy(category=category, rule=rule, rows=model._default_manager.filter(worker=worker))
    # Who asked to be called before there was an account is known by the number alone.
    called = HelpRequest.objects.filter(region=worker.region, phone=worker.phone)
    if worker.phone:
        destroy(category="help_requests", rule=rule, rows=called)
    destroy(category="requests", rule=rule, rows=worker.requests.exclude(pk__in=keep_requests))
    kept = Arrangement.objects.filter(request__worker=worker)
    destroy(category="arrangements", rule=rule, rows=kept)
    worker.requests.update(goal="", sent_copy=None)
    worker.mandates.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    _silence(worker, rule)
    _empty(worker)


def _silence(worker: Worker, rule: str) -> None:
    """What was to be sent is not sent any more; of what was sent no address and no letter stays."""
    user = worker.user
    numbers = {worker.phone, user.phone if user else ""}
    reached = {worker.email, worker.address, user.email if user else "", *numbers}
    addresses = {*reached, *map(_number, numbers)} - {""}
    about = Q(to__in=addresses) | (Q(user=user) if user else Q())
    theirs = Message.objects.filter(about).exclude(kind="data_erased")
    # What was written to their helpers names them, and goes whole.
    to_helpers = Message.objects.filter(key__startswith=letters.key_of_helpers(worker))
    destroy(category="messages", rule=rule, rows=to_helpers)
    unsent = theirs.exclude(state=Message.State.SENT)
    destroy(category="messages", rule=rule, rows=unsent)
    destroy_files(category="letters", rule=rule, rows=theirs, field="letter")
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
    _forget_sign_ins(user)
    destroy(category="helpers", rule=RULE, rows=Helper.objects.filter(user=user))
    user.name = "-"
    user.email = f"erased-{user.pk}@erased.invalid"
    user.phone = ""
    user.is_active = False
    user.set_unusable_password()
    user.save()


def _forget_sign_ins(user: User) -> None:
    """What the sign-in library and the sessions know of an account; its address is free again."""
    for model in (EmailAddress, PhoneNumber, SignInLink, Authenticator, SocialAccount):
        model._default_manager.filter(user=user).delete()
    key = str(user.pk)
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == key
    ]
    Session.objects.filter(pk__in=theirs).delete()
